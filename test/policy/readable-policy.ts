import { formatRanges } from '../../src/domain/port-set.ts';
import type { Policy } from '../../src/engine/policy.ts';
import { type Compiled, compilePolicy } from '../../src/policy/compile.ts';
import { formatProblem } from '../../src/policy/problem.ts';
import { sha256 } from '../support/policy.ts';

/** The texts count as files 0.yaml, 1.yaml and so on; throws with every problem. */
export function compiled(...texts: readonly string[]): Compiled {
  const result = compilePolicy(
    texts.map((text, index) => ({ file: `${index}.yaml`, text })),
    sha256,
  );
  if (!result.ok) throw new Error(result.problems.map(formatProblem).join('\n'));
  return result.value;
}

/** The policy with its sets of ports as text and its rules as `name: enforcement`. */
export function readable(policy: Policy): unknown {
  const { policies, pools, exceptions, profile, clusterPorts, unpooledPorts, readsNamespaceLabels } = policy;
  return {
    policies: policies.map((each) => ({
      ...each,
      rules: each.rules.map(({ meta, enforcement }) => `${meta.name}: ${enforcement}`),
    })),
    pools: pools.map((pool) => ({
      ...pool,
      ports: formatRanges(pool.ports.ranges),
      reserved: formatRanges(pool.reserved.ranges),
      assignable: formatRanges(pool.assignable.ranges),
    })),
    exceptions: exceptions.map((each) => ({ ...each, ports: each.ports && formatRanges(each.ports.ranges) })),
    profile,
    clusterPorts: formatRanges(clusterPorts.ranges),
    unpooledPorts: formatRanges(unpooledPorts.ranges),
    readsNamespaceLabels,
  };
}

export const NO_MATCH = {
  namespaces: undefined,
  namespaceSelector: undefined,
  serviceSelector: undefined,
  serviceTypes: undefined,
  excludeNamespaces: [],
  excludeUsers: [],
  excludeGroups: [],
};

export const NO_QUOTA = { perNamespace: undefined, perService: undefined };

export const DEFAULT_PROFILE = {
  name: 'default',
  serviceNodePortRange: { from: 30000, to: 32767 },
  ephemeralPortRange: { from: 32768, to: 60999 },
  podCIDRs: [],
  nodeCIDRs: [],
  dataPlane: 'kube-proxy',
};

/** What preset `restricted` turns on, in the order of the registry. */
export const RESTRICTED = [
  'api-server-rejects: deny',
  'ephemeral-range: warn',
  'explicit-node-port: warn',
  'external-ips: deny',
  'external-name-node-port: deny',
  'external-traffic-policy: deny',
  'host-port: deny',
  'load-balancer-node-ports: warn',
  'local-endpoints: warn',
  'node-port-conflict: deny',
  'node-port-pool: deny',
  'node-port-quota: deny',
  'node-port-range: deny',
  'node-port-reserved: deny',
  'null-node-port: warn',
  'shared-port-number: warn',
  'source-cidrs: deny',
];
