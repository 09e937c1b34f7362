import { expect, it } from 'vitest';
import { comparePolicies } from '../../src/audit/compare.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { NOW } from '../support/now.ts';
import { policyDocument, policyOf } from '../support/policy.ts';
import { pod, service, snapshotOf } from './cluster.ts';

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

/** Without the findings' own words, which the rules' tables hold. */
function essence({ items, summary }: ReturnType<typeof comparePolicies>): JsonObject {
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
  const comparison = comparePolicies(snapshot, { current: PERMISSIVE, other: STRICT }, NOW);
  expect(comparison.policy).toEqual({ hash: STRICT.hash });
  expect(essence(comparison)).toEqual({
    summary: { objects: 4, stranded: 3, freed: 0, changed: 3 },
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
        allowed: { current: true, other: false },
        updatable: true,
        appearing: ['host-port deny'],
        disappearing: [],
      },
    ],
  });
});

it('names what a milder one would free', () => {
  const { summary, items } = comparePolicies(snapshot, { current: STRICT, other: PERMISSIVE }, NOW);
  expect(summary).toEqual({ objects: 4, stranded: 0, freed: 3, changed: 3 });
  expect(items.map(({ disappearing }) => disappearing.map(({ rule }) => rule))).toEqual([
    ['external-traffic-policy'],
    ['external-name-node-port'],
    ['host-port'],
  ]);
});

it('tells a finding that only changes its enforcement', () => {
  const warning = policyOf(policyDocument({ 'external-traffic-policy': { enforcement: 'warn' } }));
  const denying = policyOf(policyDocument({ 'external-traffic-policy': {} }));
  const comparison = comparePolicies(snapshot, { current: denying, other: warning }, NOW);
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
  expect(comparePolicies(snapshot, { current: STRICT, other: STRICT }, NOW).items).toEqual([]);
});
