import { describe, expect, it } from 'vitest';
import { type Audit, auditCluster, auditSteps } from '../../src/audit/audit.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import type { Snapshot } from '../../src/domain/snapshot.ts';
import { inventoryOf } from '../../src/domain/inventory.ts';
import { UNKNOWN_REACH } from '../../src/domain/reach.ts';
import { NO_WORKLOADS, type Workload } from '../../src/domain/workload.ts';
import { NO_RESERVATIONS } from '../../src/domain/world.ts';
import { admitWorkload } from '../../src/engine/admit-workload.ts';
import type { Policy } from '../../src/engine/policy.ts';
import { frozen } from '../support/frozen.ts';
import { workloadOf } from '../support/manifest.ts';
import { NOW } from '../support/now.ts';
import { policyDocument, policyOf } from '../support/policy.ts';
import { nodes, pod, readyOn, service, snapshotOf } from './cluster.ts';

const POOL: JsonObject = {
  kind: 'NodePortPool',
  metadata: { name: 'shop' },
  spec: { ports: ['30100-30109'], reserved: ['30109'], namespaces: ['shop'], contact: 'shop@example.com' },
};
const RESTRICTED = policyOf(policyDocument({}, { preset: 'restricted' }, 'default'), POOL);
const SOURCES = { 'nodeport-gate.dev/source-cidrs': '203.0.113.0/24' };
const LOCAL = { externalTrafficPolicy: 'Local' };

/** The remarks as lines: `namespace/name rule enforcement field`. */
function remarks({ items }: Audit): readonly string[] {
  return items.flatMap(({ object: { namespace, name }, verdict }) =>
    verdict.findings.map(({ rule, enforcement, field }) => `${namespace}/${name} ${rule} ${enforcement} ${field}`),
  );
}

function marks({ map }: Audit): readonly string[] {
  return map.ports.map(({ nodePort, namespace, name, marks: all }) => `${nodePort} ${namespace}/${name} ${all.join()}`);
}

describe('what only what runs shows', () => {
  it('names both of two Services on one number, whoever came first', () => {
    const services = [
      service('shop/a', { ...LOCAL, numbers: [30_100] }, SOURCES),
      service('shop/b', { ...LOCAL, numbers: [30_100] }, SOURCES),
    ];
    const audit = auditCluster(snapshotOf(services), RESTRICTED, NOW);
    expect(remarks(audit)).toEqual([
      'shop/a node-port-conflict deny spec.ports[0].nodePort',
      'shop/b node-port-conflict deny spec.ports[0].nodePort',
    ]);
    expect(marks(audit)).toEqual(['30100 shop/a shared', '30100 shop/b shared']);
  });

  it('finds a port that was opened outside the range, and a squatter with its victim', () => {
    const services = [
      service('shop/ssh', { ...LOCAL, numbers: [22] }, SOURCES),
      service('shop/squatter', { type: 'ExternalName', numbers: [30_101] }),
      service('shop/victim', { ...LOCAL, numbers: [30_101] }, SOURCES),
    ];
    const audit = auditCluster(snapshotOf(services), RESTRICTED, NOW);
    expect(remarks(audit)).toEqual([
      'shop/squatter external-name-node-port deny spec.ports[0].nodePort',
      'shop/ssh node-port-range deny spec.ports[0].nodePort',
      'shop/ssh node-port-reserved deny spec.ports[0].nodePort',
    ]);
    expect(marks(audit)).toEqual(['22 shop/ssh outside-range,unowned', '30101 shop/victim ']);
    expect(audit.map.squatters).toEqual([
      {
        nodePort: 30_101,
        protocol: 'TCP',
        namespace: 'shop',
        name: 'squatter',
        port: 'p0',
        pool: 'shop',
        type: 'ExternalName',
        victims: ['shop/victim'],
      },
    ]);
  });

  it('shows what a load balancer opens beside its address, also where no rule minds', () => {
    const none = policyOf(policyDocument({}));
    const services = [
      service('shop/lb', { type: 'LoadBalancer', ...LOCAL, numbers: [30_100], healthCheckNodePort: 30_101 }),
    ];
    const audit = auditCluster(snapshotOf(services), none, NOW);
    expect(remarks(audit)).toEqual([]);
    expect(marks(audit)).toEqual([
      '30100 shop/lb open-to-world,load-balancer',
      '30101 shop/lb open-to-world,health-check',
    ]);
  });

  it('shows facts also of Services that no policy is about', () => {
    const elsewhere = policyOf(policyDocument({}, { preset: 'restricted', match: { namespaces: ['other'] } }));
    const audit = auditCluster(snapshotOf([service('shop/a', { numbers: [22] })]), elsewhere, NOW);
    expect(remarks(audit)).toEqual([]);
    expect(marks(audit)).toEqual(['22 shop/a outside-range,open-to-world']);
    expect(audit.map.services).toEqual([
      {
        namespace: 'shop',
        name: 'a',
        type: 'NodePort',
        externalTrafficPolicy: 'Cluster',
        isOpenToWorld: true,
        policies: [],
        allowed: true,
        findings: [],
      },
    ]);
  });

  it('knows which nodes answer for a Local Service', () => {
    const services = [service('shop/web', { ...LOCAL, numbers: [30_100] }, SOURCES)];
    const reach = { nodes: nodes('a', 'b', 'c'), endpoints: [readyOn('shop/web', 'b'), readyOn('shop/web', 'gone')] };
    const audit = auditCluster(snapshotOf(services, reach), RESTRICTED, NOW);
    expect(remarks(audit)).toEqual(['shop/web local-endpoints warn spec.externalTrafficPolicy']);
    expect(audit.map.services[0]?.nodes).toEqual({ answering: ['b'], silent: ['a', 'c'] });
    expect(audit.map.nodes).toEqual([
      { name: 'a', addresses: ['192.0.2.1'] },
      { name: 'b', addresses: ['192.0.2.2'] },
      { name: 'c', addresses: ['192.0.2.3'] },
    ]);
  });

  it('concludes nothing from nodes that nobody knows', () => {
    const services = [service('shop/web', { ...LOCAL, numbers: [30_100] }, SOURCES)];
    const unknown = { nodes: undefined, endpoints: undefined, pods: undefined } as const;
    const notKnown = ['nodes', 'pods', 'endpointslices'] as const;
    const audit = auditCluster(snapshotOf(services, { ...unknown, notKnown }), RESTRICTED, NOW);
    expect(remarks(audit)).toEqual([]);
    expect(audit.map.services[0]).not.toHaveProperty('nodes');
    expect(audit.map).not.toHaveProperty('nodes');
    expect(audit.map.notKnown).toEqual(notKnown);
  });

  it('reports the pods of one DaemonSet once, and each pod of its own', () => {
    const taken = [{ containerPort: 9100, hostPort: 30_500 }];
    const pods = [
      pod('ops/exporter-1', taken, 'exporter'),
      pod('ops/exporter-2', taken, 'exporter'),
      pod('ops/proxy', [
        { containerPort: 1, hostPort: 30_100 },
        { containerPort: 2, hostPort: 9_000 },
      ]),
      pod('ops/quiet', [{ containerPort: 80 }]),
    ];
    const services = [service('shop/web', { ...LOCAL, numbers: [30_100] }, SOURCES)];
    const audit = auditCluster(snapshotOf(services, { pods }), RESTRICTED, NOW);
    expect(remarks(audit)).toEqual([
      'ops/exporter host-port deny spec.template.spec.containers[0].ports[0].hostPort',
      'ops/proxy host-port deny spec.containers[0].ports[0].hostPort',
    ]);
    expect(audit.items.map(({ notices }) => notices)).toEqual([[], ['runs as 2 pods, such as exporter-1'], []]);
    expect(audit.skipped).toBe(1);
    expect(audit.map.hostPorts).toEqual([
      {
        hostPort: 30_100,
        protocol: 'TCP',
        because: 'hostPort',
        kind: 'Pod',
        namespace: 'ops',
        name: 'proxy',
        pods: 1,
        holders: ['shop/web'],
        findings: [
          {
            rule: 'host-port',
            enforcement: 'deny',
            message:
              'spec.containers[0].ports[0].hostPort: 30100 is the node port of shop/web (port p0), which takes its traffic; use a port outside 30000-32767',
            nodePort: 30_100,
          },
        ],
      },
      {
        hostPort: 30_500,
        protocol: 'TCP',
        because: 'hostPort',
        kind: 'DaemonSet',
        namespace: 'ops',
        name: 'exporter',
        pods: 2,
        holders: [],
        findings: [
          {
            rule: 'host-port',
            enforcement: 'deny',
            message:
              'spec.template.spec.containers[0].ports[0].hostPort: 30500 is in the node port range 30000-32767, so a Service may get it; use a port outside',
            nodePort: 30_500,
          },
        ],
      },
    ]);
  });
});

it('says of a DaemonSet what check says of its manifest', () => {
  const spec = { containers: [{ name: 'main', ports: [{ containerPort: 9100, hostPort: 30_500 }] }] };
  const manifest = workloadOf({ apiVersion: 'apps/v1', kind: 'DaemonSet', spec: { template: { spec } } });
  const labels = { labelsOf: () => undefined, reservations: NO_RESERVATIONS, reach: UNKNOWN_REACH };
  const world = { ...labels, inventory: inventoryOf([]), workloads: NO_WORKLOADS };
  const checked = admitWorkload({ workload: manifest, origin: 'file' }, RESTRICTED, world, NOW);
  const pods = [pod('shop/web-x', spec.containers[0]?.ports ?? [], 'web')];
  const [item] = auditCluster(snapshotOf([], { pods }), RESTRICTED, NOW).items;
  expect(item?.verdict.findings).toEqual(checked.findings);
  expect(item?.object).toEqual({ ...identity(manifest), generateName: '' });
});

function identity({ apiVersion, kind, namespace, name }: Workload): object {
  return { apiVersion, kind, namespace, name };
}

describe('who may connect', () => {
  const none = policyOf(policyDocument({}));
  const open = (one: JsonObject): boolean | undefined =>
    auditCluster(snapshotOf([one]), none, NOW).map.services[0]?.isOpenToWorld;
  const annotated = (networks: string): JsonObject =>
    service('shop/a', { numbers: [30_100] }, { 'nodeport-gate.dev/source-cidrs': networks });

  it.each([
    ['nothing says it', service('shop/a', { numbers: [30_100] }), true],
    ['one network', annotated('10.0.0.0/8'), false],
    ['two halves of the world', annotated('0.0.0.0/1, 128.0.0.0/1'), true],
    ['the world behind more networks than are read', annotated(`${'10.0.0.0/8, '.repeat(64)}0.0.0.0/0`), true],
    ['as many as are read', annotated('10.0.0.0/8, '.repeat(63) + '10.0.0.0/8'), false],
    ['nothing that can be read', annotated('10.0.0.0, everybody'), true],
    ['one that can be read beside one that cannot', annotated('10.0.0.0/8, everybody'), false],
    ['a number that is not open', service('shop/a', { type: 'ExternalName', numbers: [30_100] }), false],
    [
      'the filter of a load balancer, which filters no node port',
      service('shop/a', { type: 'LoadBalancer', numbers: [30_100], loadBalancerSourceRanges: ['10.0.0.0/8'] }),
      true,
    ],
    [
      'the same where only the health check is open',
      service('shop/a', {
        type: 'LoadBalancer',
        ...LOCAL,
        healthCheckNodePort: 30_100,
        allocateLoadBalancerNodePorts: false,
        loadBalancerSourceRanges: ['10.0.0.0/8'],
      }),
      false,
    ],
    [
      'a filter without a network of the other family',
      service('shop/a', {
        type: 'LoadBalancer',
        ...LOCAL,
        healthCheckNodePort: 30_100,
        allocateLoadBalancerNodePorts: false,
        loadBalancerSourceRanges: ['10.0.0.0/8'],
        ipFamilies: ['IPv4', 'IPv6'],
      }),
      true,
    ],
  ])('%s', (_, one, expected) => {
    expect(open(one)).toBe(expected);
  });
});

it('says where it has not read all that the gate reads', () => {
  const [plain] = snapshotOf([service('shop/plain', { type: 'ClusterIP' })]).services;
  const cut = plain === undefined ? [] : [{ ...plain, isCut: true as const }];
  const { items, skipped } = auditCluster(snapshotOf([], { services: cut }), RESTRICTED, NOW);
  expect([items.map(({ object, notices }) => [object.name, notices]), skipped]).toEqual([
    [
      [
        'plain',
        [
          'it has more labels or annotations than an audit reads, so the gate may judge it otherwise; take out what nobody needs',
        ],
      ],
    ],
    0,
  ]);
});

it('cuts what is longer than any network', () => {
  const long = service('shop/a', { numbers: [30_100] }, { 'nodeport-gate.dev/source-cidrs': '1'.repeat(100_000) });
  const { map } = auditCluster(snapshotOf([long]), policyOf(policyDocument({})), NOW);
  expect(map.services[0]?.sources).toEqual({
    field: 'metadata.annotations[nodeport-gate.dev/source-cidrs]',
    networks: [`${'1'.repeat(63)}…`],
  });
});

it('names no more nodes of a Service than somebody reads, and counts the others', () => {
  const names = Array.from({ length: 120 }, (_, index) => `n${String(index).padStart(3, '0')}`);
  const one = service('shop/web', { ...LOCAL, numbers: [30_100] }, SOURCES);
  const reach = { nodes: nodes(...names), endpoints: [readyOn('shop/web', ...names.slice(0, 60))] };
  const { map } = auditCluster(snapshotOf([one], reach), RESTRICTED, NOW);
  expect(map.services[0]?.nodes).toEqual({
    answering: names.slice(0, 50),
    silent: names.slice(60, 110),
    moreAnswering: 10,
    moreSilent: 10,
  });
});

it('says that pods are not known where they take more ports than somebody reads', () => {
  const taken = Array.from({ length: 1_000 }, (_, index) => ({ containerPort: 1, hostPort: 30_000 + index }));
  const pods = Array.from({ length: 6 }, (_, index) => pod(`ops/p${index}`, taken));
  const { map } = auditCluster(snapshotOf([], { pods }), policyOf(policyDocument({})), NOW);
  expect([map.hostPorts.length, map.hostPorts.at(-1)?.hostPort, map.notKnown]).toEqual([5_000, 30_833, ['pods']]);
});

describe('the audit as a whole', () => {
  const services = [
    service('shop/b', { ...LOCAL, numbers: [30_101] }, SOURCES),
    service('shop/a', { ...LOCAL, numbers: [30_100] }, SOURCES),
    service('shop/plain', { type: 'ClusterIP' }),
  ];

  it('says the same twice, and changes nothing of what it is given', () => {
    const whole = (snapshot: Snapshot, policy: Policy): unknown =>
      JSON.parse(JSON.stringify(auditCluster(snapshot, policy, NOW)));
    const ordered = whole(frozen(snapshotOf(services)), frozen(RESTRICTED));
    expect(whole(snapshotOf(services), RESTRICTED)).toEqual(ordered);
  });

  it('counts what it has nothing to say about', () => {
    const { items, skipped, map } = auditCluster(snapshotOf(services), RESTRICTED, NOW);
    expect(items.map(({ object }) => object.name)).toEqual(['a', 'b']);
    expect(skipped).toBe(1);
    expect(map.pools).toEqual([
      {
        name: 'shop',
        contact: 'shop@example.com',
        ports: '30100-30109',
        reserved: '30109',
        priority: 1000,
        assign: true,
        size: 10,
        held: 2,
        free: 7,
      },
    ]);
    expect(map.auditedAt).toBe(NOW.toISOString());
    expect(map.range).toBe('30000-32767');
    expect(map.policy).toEqual({ hash: RESTRICTED.hash });
  });

  it('says that what runs keeps its numbers', () => {
    const { items } = auditCluster(snapshotOf(services), RESTRICTED, NOW);
    expect(items[0]?.verdict.assigned.map(({ nodePort, because }) => ({ nodePort, because }))).toEqual([
      { nodePort: 30_100, because: 'kept' },
    ]);
  });

  it('lets others have their turn', () => {
    const many = Array.from({ length: 70 }, (_, index) => service(`shop/s${index}`, { numbers: [30_000 + index] }));
    const steps = auditSteps(snapshotOf(many), RESTRICTED, NOW);
    const turns = [1, 2, 3, 4, 5].map(() => steps.next().done);
    expect(turns).toEqual([false, false, false, false, true]);
  });

  it('is undetermined where the labels of a namespace decide and are not known', () => {
    const selecting = policyOf(
      policyDocument({ 'source-cidrs': {} }, { match: { namespaceSelector: { matchLabels: { exposed: 'yes' } } } }),
    );
    const one = snapshotOf([service('shop/a', { numbers: [30_100] })]);
    const { items, map } = auditCluster(one, selecting, NOW);
    expect(items.flatMap(({ verdict }) => verdict.undetermined.map(({ rule, needs }) => `${rule} ${needs}`))).toEqual([
      'source-cidrs namespace',
    ]);
    expect(map.services[0]?.findings.map(({ message: _, ...rest }) => rest)).toEqual([
      { rule: 'source-cidrs', enforcement: 'warn', undetermined: true },
    ]);
  });
});
