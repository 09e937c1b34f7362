import type { AuditReport } from '../../src/report/audit-report.ts';
import type { Comparison } from '../../src/report/comparison.ts';
import type { MappedPool, MappedPort, MappedService, MappedSquatter, PortMap } from '../../src/report/port-map.ts';
import { type ReportedFinding, type ReportItem, verdictList } from '../../src/report/verdict-list.ts';
import { checkReport } from './check-reports.ts';
import { finding, POLICY_HASH, reported } from './reported.ts';

const OTHER_HASH = 'sha256:fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210';

export const EMPTY_MAP: PortMap = {
  apiVersion: 'nodeport-gate.dev/v1alpha1',
  kind: 'PortMap',
  policy: { hash: POLICY_HASH },
  auditedAt: '2026-11-21T12:00:00.000Z',
  range: '30000-32767',
  ports: [],
  squatters: [],
  hostPorts: [],
  services: [],
  pools: [],
  nodes: [],
  notKnown: [],
};

export function mappedPort(fields: Partial<MappedPort> = {}): MappedPort {
  return {
    nodePort: 30_104,
    protocol: 'TCP',
    namespace: 'shop',
    name: 'web',
    port: 'http',
    marks: [],
    ...fields,
  };
}

export function mappedService(fields: Partial<MappedService> = {}): MappedService {
  return {
    namespace: 'shop',
    name: 'web',
    type: 'NodePort',
    isOpenToWorld: false,
    policies: ['default'],
    allowed: true,
    findings: [],
    ...fields,
  };
}

function mappedSquatter(fields: Partial<MappedSquatter> = {}): MappedSquatter {
  return {
    nodePort: 30_104,
    protocol: 'TCP',
    namespace: 'lab',
    name: 'bait',
    port: '80',
    type: 'ExternalName',
    victims: [],
    ...fields,
  };
}

function mappedPool(fields: Partial<MappedPool> = {}): MappedPool {
  return {
    name: 'shop',
    ports: '30100-30199',
    reserved: '',
    priority: 100,
    assign: true,
    size: 100,
    held: 41,
    free: 59,
    ...fields,
  };
}

export function auditReport(
  items: readonly ReportItem[],
  map: Partial<PortMap> = {},
  fields: Partial<AuditReport> = {},
): AuditReport {
  return {
    ...checkReport([]),
    list: verdictList(items, POLICY_HASH, { skipped: 7 }),
    map: { ...EMPTY_MAP, ...map },
    comparison: undefined,
    page: '<!doctype html><title>page</title><!--port-map-->\n',
    ...fields,
  };
}

const CONFLICT = 'spec.ports[0].nodePort: 30104 is held by erp/gateway (port https), pool shop; use 30117 or 30142';

const HOLDER = {
  namespace: 'erp',
  name: 'gateway',
  nodePort: 30_104,
  protocol: 'TCP',
  port: 'https',
  servicePort: 443,
};

const MAP: Partial<PortMap> = {
  ports: [
    mappedPort({ namespace: 'ops', name: 'old', nodePort: 8080, marks: ['outside-range', 'unowned'] }),
    mappedPort({ namespace: 'erp', name: 'gateway', port: 'https', pool: 'shop', marks: ['shared'] }),
    mappedPort({ pool: 'shop', marks: ['shared', 'open-to-world'] }),
    mappedPort({ name: 'lb', nodePort: 30_110, port: '443', pool: 'shop', marks: ['open-to-world', 'load-balancer'] }),
    mappedPort({ name: 'lb', nodePort: 30_111, port: 'healthCheck', pool: 'shop', marks: ['health-check'] }),
    mappedPort({
      namespace: 'ops',
      name: 'dns',
      nodePort: 30_300,
      protocol: 'UDP',
      port: 'dns',
      marks: ['unowned'],
    }),
  ],
  squatters: [
    mappedSquatter({ pool: 'shop', victims: ['erp/gateway', 'shop/web'] }),
    mappedSquatter({ name: 'idle', nodePort: 30_500, type: 'ClusterIP' }),
  ],
  hostPorts: [
    {
      hostPort: 30_110,
      protocol: 'TCP',
      because: 'hostPort',
      kind: 'DaemonSet',
      namespace: 'ops',
      name: 'proxy',
      pods: 12,
      holders: ['shop/lb'],
      findings: [
        { rule: 'host-port', enforcement: 'deny', message: 'spec: taken', nodePort: 30_110 },
        { rule: 'local-endpoints', enforcement: 'warn', message: 'nobody knows', undetermined: true },
      ],
    },
    {
      hostPort: 30_999,
      protocol: 'UDP',
      because: 'hostNetwork',
      kind: 'Pod',
      namespace: 'ops',
      name: 'probe-1',
      pods: 1,
      holders: [],
      findings: [],
    },
  ],
  services: [
    mappedService({
      namespace: 'erp',
      name: 'gateway',
      created: '2025-02-03T04:05:06Z',
      sources: {
        field: 'metadata.annotations[nodeport-gate.dev/source-cidrs]',
        networks: ['10.0.0.0/8', '192.168.0.0/16'],
      },
    }),
    mappedService({
      name: 'lb',
      type: 'LoadBalancer',
      externalTrafficPolicy: 'Local',
      isOpenToWorld: true,
      sources: { field: 'spec.loadBalancerSourceRanges', networks: ['0.0.0.0/0'] },
      nodes: { answering: ['n1', 'n2'], silent: ['n3', 'n4', 'n5', 'n6'] },
    }),
    mappedService({
      allowed: false,
      isOpenToWorld: true,
      externalTrafficPolicy: 'Cluster',
      findings: [
        { rule: 'node-port-conflict', enforcement: 'deny', message: CONFLICT, nodePort: 30_104 },
        { rule: 'node-port-range', enforcement: 'deny', message: 'of another port', nodePort: 30_105 },
        { rule: 'source-cidrs', enforcement: 'warn', message: 'missing' },
      ],
    }),
    mappedService({
      namespace: 'shop',
      name: 'dead',
      externalTrafficPolicy: 'Local',
      nodes: { answering: [], silent: ['n1'] },
    }),
  ],
  pools: [
    mappedPool({ contact: 'shop@example.com' }),
    mappedPool({ name: 'late', ports: '30200, 30202, 30204, 30206', assign: false, size: 4, held: 3, free: 1 }),
  ],
  nodes: [{ name: 'n1', addresses: ['192.0.2.1'] }],
  notKnown: ['namespaces'],
};

const COMPARISON: Comparison = {
  policy: { hash: OTHER_HASH },
  summary: { objects: 4, stranded: 2, freed: 1, changed: 4 },
  items: [
    {
      object: { apiVersion: 'v1', kind: 'Service', namespace: 'erp', name: 'gateway' },
      allowed: { current: true, other: false },
      updatable: true,
      appearing: [reportedFinding({ message: 'spec.ports[0].nodePort: 30104 is outside 30000-30099; use 30017' })],
      disappearing: [],
    },
    {
      object: { apiVersion: 'v1', kind: 'Service', namespace: 'ops', name: 'old' },
      allowed: { current: true, other: false },
      updatable: false,
      appearing: [
        reportedFinding({ rule: 'source-cidrs', enforcement: 'warn', message: 'metadata: missing' }),
        ...['a', 'b', 'c', 'd'].map((message) => reportedFinding({ rule: 'protocols', message })),
      ],
      disappearing: [],
    },
    {
      object: { apiVersion: 'v1', kind: 'Service', namespace: 'shop', name: 'web' },
      allowed: { current: false, other: true },
      updatable: true,
      appearing: [],
      disappearing: [reportedFinding({ rule: 'node-port-conflict', message: CONFLICT })],
    },
    {
      object: { apiVersion: 'apps/v1', kind: 'DaemonSet', namespace: 'ops', name: 'proxy' },
      allowed: { current: true, other: true },
      updatable: true,
      appearing: [reportedFinding({ rule: 'host-port', enforcement: 'warn', message: 'spec: taken' })],
      disappearing: [],
    },
  ],
};

function reportedFinding(fields: Partial<ReportedFinding>): ReportedFinding {
  return {
    rule: 'node-port-range',
    enforcement: 'deny',
    field: 'spec',
    message: '',
    policies: ['default'],
    docs: 'docs/rules/x.md',
    ...fields,
  };
}

/** One of everything that an audit can have to say. */
export function fullAudit(): AuditReport {
  const items = [
    reported('quiet', {}),
    reported('soon', { notices: ['exception legacy-erp ends on 2026-12-01; renew it or change the Service'] }),
    reported('warned', {
      findings: [finding({ enforcement: 'warn', rule: 'source-cidrs', message: 'metadata: missing' })],
    }),
    reported('web', {
      findings: [
        finding({ rule: 'node-port-conflict', message: CONFLICT, holder: HOLDER }),
        finding({ enforcement: 'audit', rule: 'protocols', exception: 'legacy-erp' }),
      ],
      undetermined: [
        { rule: 'local-endpoints', needs: 'inventory', enforcement: 'deny', denies: false, message: 'nobody knows' },
      ],
      assigned: [
        { port: 'http', protocol: 'TCP', nodePort: 30_104, pool: 'shop', because: 'kept', path: [], key: 'k' },
      ],
      changes: [{ path: ['spec', 'externalTrafficPolicy'], value: 'Local' }],
    }),
  ];
  return auditReport(items, MAP, {
    comparison: COMPARISON,
    problems: [
      { file: 'stdin', line: 2, column: 7, message: 'Pod shop/web-1 cannot be read: spec: must be a mapping' },
    ],
  });
}
