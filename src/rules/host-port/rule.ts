import { z } from 'zod';
import type { HeldPort } from '../../domain/inventory.ts';
import { formatRanges } from '../../domain/port-set.ts';
import type { HostPort } from '../../domain/workload.ts';
import { defineRule } from '../define.ts';
import type { WorkloadScene } from '../scene.ts';
import { describeHolder } from '../holder.ts';

export const hostPort = defineRule({
  name: 'host-port',
  summary: 'Pods take no port of their node that a Service may be given.',
  why: 'The API server gives out node ports without looking at what listens on the nodes, and the rules of kube-proxy take the traffic of whoever listens there.',
  subject: 'workload',
  origins: ['file', 'cluster'],
  words: ['hostPort', 'hostNetwork'],
  options: z.strictObject({}),
  messages: {
    inRange: { text: '{number}{how} is in the node port range {range}, so a Service may get it; use a port outside' },
    held: { text: '{number}{how} is the node port of {holder}, which takes its traffic; use a port outside {range}' },
  },
  presets: { baseline: { enforcement: 'warn' }, restricted: { enforcement: 'deny' } },
  checkWorkload({ workload, inventory, clusterPorts }, _, report) {
    const range = formatRanges(clusterPorts.ranges);
    for (const port of workload.hostPorts) {
      const { number, protocol, path, because } = port;
      if (!clusterPorts.has(number)) continue;
      const how = because === 'hostNetwork' ? ' under hostNetwork' : '';
      const evidence = { value: number, port: { number, protocol } };
      const holder = holderOf(port, inventory);
      if (holder === undefined) report('inRange', path, { number, how, range }, evidence);
      else report('held', path, { number, how, range, holder: describeHolder(holder) }, { ...evidence, holder });
    }
  },
});

/** kube-proxy looks at the protocol, too. */
function holderOf({ number, protocol }: HostPort, inventory: WorkloadScene['inventory']): HeldPort | undefined {
  return inventory.holdersOf(number).find((holder) => holder.protocol === protocol);
}
