import { z } from 'zod';
import {
  type ClusterProfile,
  DEFAULT_EPHEMERAL_PORT_RANGE,
  DEFAULT_SERVICE_NODE_PORT_RANGE,
  rangeOf,
} from '../domain/cluster-profile.ts';
import { parseRange } from '../domain/port-set.ts';
import { type Networks, networks } from '../rules/networks.ts';
import { envelope } from './envelope.ts';

const RANGE_FORM = 'write a range from low to high, as in "30000-32767" (1 to 65535)';

const range = z
  .string()
  .regex(/^[0-9]{1,5}-[0-9]{1,5}$/, { error: RANGE_FORM, abort: true })
  .refine((text) => parseRange(text) !== undefined, { error: RANGE_FORM });

export const clusterProfileSchema = envelope(
  'ClusterProfile',
  z.strictObject({
    serviceNodePortRange: range
      .default(DEFAULT_SERVICE_NODE_PORT_RANGE)
      .describe('What kube-apiserver runs with as --service-node-port-range.'),
    ephemeralPortRange: range
      .default(DEFAULT_EPHEMERAL_PORT_RANGE)
      .describe('net.ipv4.ip_local_port_range of the nodes: outgoing connections take their ports from it.'),
    podCIDRs: networks.prefault([]).describe('The networks of the pods.'),
    nodeCIDRs: networks.prefault([]).describe('The networks of the nodes.'),
    dataPlane: z
      .enum(['kube-proxy', 'cilium', 'calico', 'calico-ebpf', 'antrea', 'kube-router', 'ovn-kubernetes', 'other'])
      .default('kube-proxy')
      .describe('What opens the node ports on the nodes.'),
  }),
).describe('What no manifest shows about the cluster. At most one; without it the defaults hold.');

/** What holds without a ClusterProfile. */
export const DEFAULT_PROFILE: ClusterProfile = {
  name: 'default',
  serviceNodePortRange: rangeOf(DEFAULT_SERVICE_NODE_PORT_RANGE),
  ephemeralPortRange: rangeOf(DEFAULT_EPHEMERAL_PORT_RANGE),
  podCIDRs: [],
  nodeCIDRs: [],
  dataPlane: 'kube-proxy',
};

export function toProfile({ metadata, spec }: z.output<typeof clusterProfileSchema>): ClusterProfile {
  return {
    name: metadata.name,
    serviceNodePortRange: rangeOf(spec.serviceNodePortRange),
    ephemeralPortRange: rangeOf(spec.ephemeralPortRange),
    podCIDRs: textsOf(spec.podCIDRs),
    nodeCIDRs: textsOf(spec.nodeCIDRs),
    dataPlane: spec.dataPlane,
  };
}

function textsOf({ list }: Networks): readonly string[] {
  return list.map(({ text }) => text);
}
