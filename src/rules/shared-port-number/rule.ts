import { z } from 'zod';
import { printable } from '../../domain/text.ts';
import { defineRule } from '../define.ts';

export const sharedPortNumber = defineRule({
  name: 'shared-port-number',
  summary: 'No two protocols of a Service share one port number.',
  why: 'A client-side kubectl apply tells ports apart by their number alone, so a change of a Service that has 53/TCP and 53/UDP silently loses one of them.',
  subject: 'open-service',
  options: z.strictObject({}),
  messages: {
    shared: {
      text: '{port} is shared with {protocol}, which kubectl apply mixes up; apply with --server-side',
    },
  },
  presets: { baseline: { enforcement: 'warn' }, restricted: { enforcement: 'warn' } },
  check({ service }, _, report) {
    if (service.ports.length < 2) return;
    const protocolsOf = new Map<number, Set<string>>();
    for (const { port, protocol, index } of service.ports) {
      const others = protocolsOf.get(port) ?? new Set<string>();
      protocolsOf.set(port, others);
      // The API server itself refuses the same protocol twice.
      if (others.has(protocol)) continue;
      const [first] = others;
      if (first !== undefined) {
        report('shared', ['spec', 'ports', index, 'port'], { port, protocol: printable(first) }, { value: port });
      }
      others.add(protocol);
    }
  },
});
