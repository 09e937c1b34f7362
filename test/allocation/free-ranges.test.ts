import { describe, expect, it } from 'vitest';
import { freeCount, freeNumbers, occupancyOf } from '../../src/allocation/free-numbers.ts';
import { freeRanges } from '../../src/allocation/free-ranges.ts';
import { vacancyOf } from '../../src/domain/pool.ts';
import { pod, service, snapshotOf } from '../audit/cluster.ts';
import { policyDocument, policyOf, poolDocument } from '../support/policy.ts';

const POLICY = policyOf(
  policyDocument({}),
  poolDocument('late', '30012-30016', { namespaces: ['shop'], priority: 200 }),
  poolDocument('early', '30010-30013', { namespaces: ['shop'], priority: 100, reserved: [30_011] }),
  {
    apiVersion: 'nodeport-gate.dev/v1alpha1',
    kind: 'ClusterProfile',
    metadata: { name: 'small' },
    spec: { serviceNodePortRange: '30008-30018' },
  },
);

const clusterOf = (...parts: Parameters<typeof snapshotOf>): ReturnType<typeof occupancyOf> =>
  occupancyOf(snapshotOf(...parts));

const EMPTY = clusterOf([]);

describe('what is free', () => {
  it.each([
    ['where nothing runs', [EMPTY]],
    ['where no cluster is known', []],
  ])('%s is the range, cut by pools, without what they reserve', (_, worlds) => {
    expect(freeRanges(POLICY, worlds)).toEqual([
      { from: 30_008, to: 30_009 },
      { from: 30_010, to: 30_010, pool: 'early' },
      { from: 30_012, to: 30_013, pool: 'early' },
      { from: 30_014, to: 30_016, pool: 'late' },
      { from: 30_017, to: 30_018 },
    ]);
  });

  it('is what nobody has in any of the clusters: no holder, no squatter, no pod', () => {
    const east = clusterOf([service('shop/web', { numbers: [30_010] })]);
    const west = clusterOf(
      [service('shop/bait', { type: 'ExternalName', externalName: 'example.com', numbers: [30_013] })],
      { pods: [pod('ops/proxy', [{ containerPort: 80, hostPort: 30_015 }])] },
    );
    expect(freeRanges(POLICY, [east, west])).toEqual([
      { from: 30_008, to: 30_009 },
      { from: 30_012, to: 30_012, pool: 'early' },
      { from: 30_014, to: 30_014, pool: 'late' },
      { from: 30_016, to: 30_016, pool: 'late' },
      { from: 30_017, to: 30_018 },
    ]);
    const late = POLICY.pools.filter(({ name }) => name === 'late');
    expect(late.flatMap((pool) => [freeNumbers(pool, [east, west], 1), freeNumbers(pool, [east], Infinity)])).toEqual([
      [30_014],
      [30_014, 30_015, 30_016],
    ]);
  });

  it('of which nobody can tell what pods take, is what no Service has', () => {
    expect(freeRanges(POLICY, [clusterOf([], { pods: undefined })])).toEqual(freeRanges(POLICY, [EMPTY]));
  });
});

it('a number that nobody has is free, reserved by its pool, or outside the range', () => {
  expect([30_007, 30_008, 30_010, 30_011, 30_019].map((number) => vacancyOf(number, POLICY))).toEqual([
    'outside',
    'free',
    'free',
    'reserved',
    'outside',
  ]);
});

it.each([
  [undefined, 3],
  ['1', 1],
  ['100', 100],
  ['007', 7],
  ['0', undefined],
  ['101', undefined],
  ['', undefined],
  ['-1', undefined],
  ['1.5', undefined],
  ['0x1', undefined],
])('of %j free numbers somebody gets %j', (text, count) => {
  expect(freeCount(text)).toBe(count);
});
