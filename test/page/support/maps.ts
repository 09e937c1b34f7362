import type { MappedPort, MappedService, PortMap } from '../../../src/report/port-map.ts';

/** A map of ten numbers with one of everything: held, shared, open, reserved, squatted, taken by a pod, outside. */
export const MAP: PortMap = {
  apiVersion: 'nodeport-gate.dev/v1alpha1',
  kind: 'PortMap',
  policy: { hash: 'sha256:3f1c9a7be02d4c55' },
  auditedAt: '2026-11-29T00:58:10.250Z',
  range: '30000-30009',
  ports: [
    { ...portOf(22, 'games/lobby', 'ssh'), marks: ['outside-range', 'unowned'] },
    { ...portOf(30_000, 'shop/web', 'http'), pool: 'edge', marks: ['open-to-world'] },
    { ...portOf(30_001, 'shop/api', '8080'), pool: 'edge', marks: ['shared'] },
    { ...portOf(30_001, 'team-a/api', 'healthCheck'), pool: 'edge', marks: ['shared', 'health-check'] },
    { ...portOf(30_005, 'team-a/db', 'sql'), pool: 'team-a', marks: ['load-balancer'] },
  ],
  squatters: [
    { ...portOf(30_000, 'erp/alias', 'x'), pool: 'edge', type: 'ExternalName', victims: ['shop/web'] },
    { ...portOf(30_008, 'erp/old', 'y'), victims: [] },
  ],
  hostPorts: [
    {
      hostPort: 30_007,
      protocol: 'TCP',
      because: 'hostPort',
      kind: 'DaemonSet',
      namespace: 'monitoring',
      name: 'agent',
      pods: 2,
      holders: ['shop/x'],
      findings: [
        { rule: 'host-port', enforcement: 'warn', message: 'spec.x: 30007 is in the range', nodePort: 30_007 },
      ],
    },
  ],
  services: [
    serviceOf('games/lobby', {
      allowed: false,
      findings: [
        {
          rule: 'node-port-range',
          enforcement: 'deny',
          message: 'spec.ports[0].nodePort: 22 is outside 30000-30009',
          nodePort: 22,
        },
      ],
    }),
    serviceOf('shop/web', {
      isOpenToWorld: true,
      created: '2026-10-01T08:00:00Z',
      externalTrafficPolicy: 'Cluster',
      findings: [
        { rule: 'source-cidrs', enforcement: 'warn', message: 'metadata.annotations: it is open to the world' },
        { rule: 'node-port-pool', enforcement: 'audit', message: 'spec.ports[1].nodePort: no', nodePort: 30_009 },
      ],
    }),
    serviceOf('team-a/db', {
      type: 'LoadBalancer',
      externalTrafficPolicy: 'Local',
      sources: { field: 'spec.loadBalancerSourceRanges', networks: ['10.0.0.0/8'] },
      nodes: { answering: ['worker-1'], silent: [] },
      policies: [],
    }),
  ],
  pools: [
    poolOf('edge', '30000-30003', { reserved: '30002-30003', contact: 'Net@example.com', held: 2, free: 0 }),
    poolOf('team-a', '30003-30005', { held: 1, free: 1, assign: false, priority: 1000 }),
  ],
  nodes: [{ name: 'worker-1', addresses: ['192.0.2.1', '203.0.113.1'] }],
  notKnown: [],
};

/** What a gate says that has no policy, no audit and no Services. */
export const EMPTY_MAP: PortMap = {
  apiVersion: 'nodeport-gate.dev/v1alpha1',
  kind: 'PortMap',
  range: '30000-32767',
  ports: [],
  squatters: [],
  hostPorts: [],
  services: [],
  pools: [],
  notKnown: [],
};

function portOf(nodePort: number, ref: string, port: string): Omit<MappedPort, 'marks'> {
  return { nodePort, protocol: 'TCP', ...named(ref), port };
}

function serviceOf(ref: string, rest: Partial<MappedService>): MappedService {
  return {
    ...named(ref),
    type: 'NodePort',
    policies: ['default'],
    isOpenToWorld: false,
    allowed: true,
    findings: [],
    ...rest,
  };
}

function poolOf(name: string, ports: string, rest: Partial<PortMap['pools'][number]>): PortMap['pools'][number] {
  return { name, ports, reserved: '', priority: 100, assign: true, size: 4, held: 0, free: 4, ...rest };
}

function named(ref: string): { readonly namespace: string; readonly name: string } {
  const [namespace = '', name = ''] = ref.split('/');
  return { namespace, name };
}
