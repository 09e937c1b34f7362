import { parseRange, type PortRange } from './port-set.ts';

/** What no manifest shows about the cluster, compiled from the ClusterProfile document or these defaults. */
export interface ClusterProfile {
  readonly name: string;
  readonly serviceNodePortRange: PortRange;
  readonly ephemeralPortRange: PortRange;
  readonly podCIDRs: readonly string[];
  readonly nodeCIDRs: readonly string[];
  readonly dataPlane: string;
}

/** kube-apiserver's `--service-node-port-range` default and Linux's `net.ipv4.ip_local_port_range` default. */
export const DEFAULT_SERVICE_NODE_PORT_RANGE = '30000-32767';
export const DEFAULT_EPHEMERAL_PORT_RANGE = '32768-60999';

/** For the constants above; throws for a text that is no range. */
export function rangeOf(text: string): PortRange {
  const range = parseRange(text);
  if (range === undefined) throw new RangeError(`${text} is not a port range`);
  return range;
}
