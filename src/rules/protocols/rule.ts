import { z } from 'zod';
import { HEALTH_CHECK_PATH } from '../../domain/node-port.ts';
import type { Path } from '../../domain/path.ts';
import { HEALTH_CHECK_PORT_NAME } from '../../domain/service.ts';
import { anyOf, printable } from '../../domain/text.ts';
import { defineRule } from '../define.ts';
import type { ScenePort, UnassignedPort } from '../scene.ts';

export const protocols = defineRule({
  name: 'protocols',
  summary: 'Node ports use only the allowed protocols.',
  why: 'A firewall in front of the nodes is often written for TCP alone, and spoofed UDP requests turn a node into an amplifier.',
  subject: 'open-service',
  options: z.strictObject({
    allowed: z
      .array(z.enum(['TCP', 'UDP', 'SCTP']))
      .min(1)
      .describe('The protocols that a node port may have.'),
  }),
  messages: {
    notAllowed: { text: '{actual} is not allowed; use {allowed}' },
    healthCheck: {
      text: '{actual} is not allowed, and the health check needs it; set spec.externalTrafficPolicy to Cluster, which has none',
    },
  },
  presets: {},
  check({ ports, unassigned }, { allowed }, report) {
    const isAllowed = (protocol: string): boolean => allowed.some((name) => name === protocol);
    for (const port of [...ports, ...unassigned]) {
      if (isAllowed(port.protocol)) continue;
      const actual = printable(port.protocol);
      // The API server fills in TCP where nothing is written (SetDefaults_Service).
      const evidence = { value: port.protocol, ...pairOf(port) };
      if (port.label === HEALTH_CHECK_PORT_NAME) report('healthCheck', HEALTH_CHECK_PATH, { actual }, evidence);
      else report('notAllowed', protocolPath(port.path), { actual, allowed: anyOf(allowed) }, evidence);
    }
  },
});

/** From `spec.ports[0].nodePort` to `spec.ports[0].protocol`. */
function protocolPath(nodePortPath: Path): Path {
  return [...nodePortPath.slice(0, -1), 'protocol'];
}

/** A port without a number yet makes a finding about the object. */
function pairOf(port: ScenePort | UnassignedPort): { readonly port?: { number: number; protocol: string } } {
  return 'number' in port ? { port: { number: port.number, protocol: port.protocol } } : {};
}
