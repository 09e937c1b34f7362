import { expect, it } from 'vitest';
import { auditCluster } from '../../src/audit/audit.ts';
import { comparePolicies } from '../../src/audit/compare.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import type { Policy } from '../../src/engine/policy.ts';
import type { Comparison } from '../../src/report/comparison.ts';
import { NOW } from '../support/now.ts';
import { policyDocument, policyOf } from '../support/policy.ts';
import { nodes, pod, readyOn, service, snapshotOf } from './cluster.ts';

const PERMISSIVE = policyOf(policyDocument({}));
const STRICT = policyOf(
  policyDocument({ 'external-traffic-policy': {}, 'host-port': {}, 'external-name-node-port': {} }),
);
const snapshot = snapshotOf(
  [
    service('shop/cluster', { numbers: [30_100] }),
    service('shop/local', { numbers: [30_101], externalTrafficPolicy: 'Local' }),
    service('shop/squatter', { type: 'ExternalName', numbers: [30_102] }),
  ],
  { pods: [pod('ops/proxy', [{ containerPort: 1, hostPort: 30_500 }])] },
);

function compared(current: Policy, other: Policy): Comparison {
  const { items } = auditCluster(snapshot, current, NOW);
  return comparePolicies(snapshot, { current, items, other }, NOW);
}

/** Without the findings' own words, which the rules' tables hold. */
function essence({ items, summary }: Comparison): JsonObject {
  return JSON.parse(
    JSON.stringify({
      summary,
      items: items.map(({ object: { kind, name }, appearing, disappearing, ...rest }) => ({
        object: `${kind} ${name}`,
        ...rest,
        appearing: appearing.map(({ rule, enforcement }) => `${rule} ${enforcement}`),
        disappearing: disappearing.map(({ rule, enforcement }) => `${rule} ${enforcement}`),
      })),
    }),
  ) as JsonObject;
}

it('names what a stricter policy would strand, and what could not even be updated', () => {
  const comparison = compared(PERMISSIVE, STRICT);
  expect(comparison.policy).toEqual({ hash: STRICT.hash });
  expect(essence(comparison)).toEqual({
    summary: { objects: 4, stranded: 2, freed: 0, changed: 3 },
    items: [
      {
        object: 'Service cluster',
        allowed: { current: true, other: false },
        updatable: true,
        appearing: ['external-traffic-policy deny'],
        disappearing: [],
      },
      {
        object: 'Service squatter',
        allowed: { current: true, other: false },
        updatable: false,
        appearing: ['external-name-node-port deny'],
        disappearing: [],
      },
      {
        object: 'Pod proxy',
        allowed: { current: true, other: true },
        updatable: true,
        appearing: ['host-port deny'],
        disappearing: [],
      },
    ],
  });
});

it('names what a milder one would free', () => {
  const { summary, items } = compared(STRICT, PERMISSIVE);
  expect(summary).toEqual({ objects: 4, stranded: 0, freed: 2, changed: 3 });
  expect(items.map(({ disappearing }) => disappearing.map(({ rule }) => rule))).toEqual([
    ['external-traffic-policy'],
    ['external-name-node-port'],
    ['host-port'],
  ]);
});

it('tells a finding that only changes its enforcement', () => {
  const warning = policyOf(policyDocument({ 'external-traffic-policy': { enforcement: 'warn' } }));
  const denying = policyOf(policyDocument({ 'external-traffic-policy': {} }));
  const comparison = compared(denying, warning);
  expect(essence(comparison)).toEqual({
    summary: { objects: 3, stranded: 0, freed: 1, changed: 1 },
    items: [
      {
        object: 'Service cluster',
        allowed: { current: false, other: true },
        updatable: true,
        appearing: ['external-traffic-policy warn'],
        disappearing: ['external-traffic-policy deny'],
      },
    ],
  });
});

it('has nothing to say about the same policy', () => {
  expect(compared(STRICT, STRICT).items).toEqual([]);
});

it('leaves a Service updatable that is being deleted, as the gate leaves it alone', () => {
  const deleting = { ...service('shop/old', { type: 'ExternalName', numbers: [30_102] }) };
  const metadata = { namespace: 'shop', name: 'old', deletionTimestamp: '2026-01-01T00:00:00Z' };
  const running = snapshotOf([{ ...deleting, metadata }]);
  const { items } = auditCluster(running, PERMISSIVE, NOW);
  const [item] = comparePolicies(running, { current: PERMISSIVE, items, other: STRICT }, NOW).items;
  expect([item?.allowed, item?.updatable]).toEqual([{ current: true, other: false }, true]);
});

it('strands nothing by rules that no gate is asked about', () => {
  const local = policyOf(policyDocument({ 'local-endpoints': {} }));
  const running = snapshotOf([service('shop/local', { numbers: [30_101], externalTrafficPolicy: 'Local' })], {
    nodes: nodes('a', 'b'),
    endpoints: [readyOn('shop/local', 'a')],
  });
  const { items } = auditCluster(running, PERMISSIVE, NOW);
  const comparison = comparePolicies(running, { current: PERMISSIVE, items, other: local }, NOW);
  expect(essence(comparison)).toEqual({
    summary: { objects: 1, stranded: 0, freed: 0, changed: 1 },
    items: [
      {
        object: 'Service local',
        allowed: { current: true, other: true },
        updatable: true,
        appearing: ['local-endpoints deny'],
        disappearing: [],
      },
    ],
  });
});
