import { expect, it } from 'vitest';
import { auditCluster } from '../../src/audit/audit.ts';
import { liveMap } from '../../src/audit/live-map.ts';
import { inventoryOf } from '../../src/domain/inventory.ts';
import { serviceOf } from '../support/manifest.ts';
import { NOW } from '../support/now.ts';
import { policyDocument, policyOf } from '../support/policy.ts';
import { nodes, pod, service, snapshotOf } from './cluster.ts';

const POLICY = policyOf(policyDocument({ 'source-cidrs': {}, 'external-ips': {} }));
const A = service('shop/a', { numbers: [30_100] });
const B = service('shop/b', { numbers: [30_200] });
const WITHOUT_PORTS = service('shop/c', { type: 'ClusterIP', externalIPs: ['192.0.2.1'] });

it('is the audit itself as long as nothing has changed', () => {
  const snapshot = snapshotOf([A, B, WITHOUT_PORTS], { nodes: nodes('a') });
  const { map } = auditCluster(snapshot, POLICY, NOW);
  expect(liveMap(inventoryOf(snapshot.services), POLICY, map)).toEqual(map);
});

it('shows who came and went since, and says of newcomers only what it knows', () => {
  const { map } = auditCluster(snapshotOf([A, B]), POLICY, NOW);
  const newcomer = service('shop/new', {
    type: 'LoadBalancer',
    numbers: [30_100, 30_300],
    healthCheckNodePort: 30_400,
  });
  const now = liveMap(inventoryOf([A, newcomer].map((each) => serviceOf(each))), POLICY, map);
  expect(now.ports.map(({ nodePort, name, marks }) => ({ nodePort, name, marks }))).toEqual([
    { nodePort: 30_100, name: 'a', marks: ['shared', 'open-to-world'] },
    { nodePort: 30_100, name: 'new', marks: ['shared'] },
    { nodePort: 30_300, name: 'new', marks: [] },
    { nodePort: 30_400, name: 'new', marks: ['health-check'] },
  ]);
  expect(now.services.map(({ name }) => name)).toEqual(['a']);
  expect(now.auditedAt).toBe(NOW.toISOString());
});

it('forgets what was found about a Service whose ports have changed, and keeps what it found about pods', () => {
  const pods = [pod('ops/proxy', [{ containerPort: 1, hostPort: 30_999 }])];
  const { map } = auditCluster(snapshotOf([A, B, WITHOUT_PORTS], { pods }), POLICY, NOW);
  const moved = service('shop/a', { numbers: [30_999] });
  const closed = service('shop/b', { type: 'ExternalName', numbers: [30_200] });
  const now = liveMap(inventoryOf([moved, closed].map((each) => serviceOf(each))), POLICY, map);
  expect(now.ports).toEqual([
    { nodePort: 30_999, protocol: 'TCP', namespace: 'shop', name: 'a', port: 'p0', marks: [] },
  ]);
  expect(now.squatters).toEqual([
    { nodePort: 30_200, protocol: 'TCP', namespace: 'shop', name: 'b', port: 'p0', victims: [] },
  ]);
  expect(now.services.map(({ name }) => name)).toEqual(['c']);
  expect(now.hostPorts.map(({ hostPort, holders }) => ({ hostPort, holders }))).toEqual([
    { hostPort: 30_999, holders: ['shop/a'] },
  ]);
});

it('takes nothing that another policy has found', () => {
  const { map } = auditCluster(snapshotOf([A], { nodes: nodes('a') }), POLICY, NOW);
  const other = policyOf(policyDocument({ protocols: { allowed: ['TCP'] } }));
  const inventory = inventoryOf([serviceOf(A)]);
  expect(liveMap(inventory, other, map)).toEqual(liveMap(inventory, other, undefined));
});

it('says that Services are not known while not all are listed', () => {
  const { map } = auditCluster(snapshotOf([A], { notKnown: ['pods'] }), POLICY, NOW);
  const half = inventoryOf([serviceOf(A)], false);
  expect(liveMap(half, POLICY, map).notKnown).toEqual(['services', 'pods']);
  expect(liveMap(half, POLICY, undefined).notKnown).toEqual(['services']);
});

it('needs neither an audit nor a policy', () => {
  const inventory = inventoryOf([
    serviceOf(A),
    serviceOf(service('shop/x', { type: 'ExternalName', numbers: [30_100] })),
  ]);
  expect(liveMap(inventory, undefined, undefined)).toEqual({
    apiVersion: 'nodeport-gate.dev/v1alpha1',
    kind: 'PortMap',
    range: '30000-32767',
    ports: [{ nodePort: 30_100, protocol: 'TCP', namespace: 'shop', name: 'a', port: 'p0', marks: [] }],
    squatters: [{ nodePort: 30_100, protocol: 'TCP', namespace: 'shop', name: 'x', port: 'p0', victims: ['shop/a'] }],
    hostPorts: [],
    services: [],
    pools: [],
    notKnown: [],
  });
});
