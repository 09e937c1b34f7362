import fc from 'fast-check';
import { applyPatch } from 'rfc6902';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/domain/json.ts';
import { applyChanges, type Change, toPatch } from '../../src/domain/patch.ts';
import { frozen } from '../support/frozen.ts';

const number = fc.integer({ min: 1, max: 65_535 });
const absentOrNumber = fc.constantFrom(undefined, null, 0, 30_080);

/** A Service as JSON, with the fields absent, null and 0 that the gate may fill in. */
const service = fc
  .record({
    ports: fc.array(fc.tuple(number, absentOrNumber, fc.constantFrom('', 'a', 'b')), { minLength: 1, maxLength: 5 }),
    healthCheckNodePort: absentOrNumber,
    externalTrafficPolicy: fc.constantFrom(undefined, 'Cluster', 'Local'),
    labels: fc.dictionary(fc.string(), fc.string()),
  })
  .map(({ ports, labels, ...fields }): JsonObject =>
    JSON.parse(
      JSON.stringify({
        metadata: { name: 'web', labels },
        spec: { type: 'NodePort', ...fields, ports: ports.map(([port, nodePort, name]) => ({ name, port, nodePort })) },
      }),
    ),
  );

function changesFor(object: JsonObject): fc.Arbitrary<readonly Change[]> {
  const { spec } = object;
  const count =
    typeof spec === 'object' && spec !== null && 'ports' in spec && Array.isArray(spec.ports) ? spec.ports.length : 0;
  const change = fc.oneof(
    fc.tuple(fc.nat({ max: count - 1 }), number).map(([index, value]): Change => ({
      path: ['spec', 'ports', index, 'nodePort'],
      value,
    })),
    number.map((value): Change => ({ path: ['spec', 'healthCheckNodePort'], value })),
    fc.boolean().map((value): Change => ({ path: ['spec', 'allocateLoadBalancerNodePorts'], value })),
    fc.constantFrom('Local', 'Cluster').map((value): Change => ({ path: ['spec', 'externalTrafficPolicy'], value })),
    fc.tuple(fc.string({ minLength: 1 }), fc.string()).map(([key, value]): Change => ({
      path: ['metadata', 'labels', `example.com/~${key}`],
      value,
    })),
  );
  return fc.array(change, { maxLength: 6 });
}

describe('toPatch', () => {
  it('adds each value at the pointer of its path', () => {
    expect(
      toPatch([
        { path: ['spec', 'ports', 1, 'nodePort'], value: 30_104 },
        { path: ['metadata', 'annotations', 'nodeport-gate.dev/pool'], value: 'team-a' },
        { path: ['spec', 'allocateLoadBalancerNodePorts'], value: false },
      ]),
    ).toEqual([
      { op: 'add', path: '/spec/ports/1/nodePort', value: 30_104 },
      { op: 'add', path: '/metadata/annotations/nodeport-gate.dev~1pool', value: 'team-a' },
      { op: 'add', path: '/spec/allocateLoadBalancerNodePorts', value: false },
    ]);
  });

  it('of nothing is nothing', () => {
    expect(toPatch([])).toEqual([]);
  });
});

describe('applyChanges', () => {
  it('makes what the patch makes of the same object, and leaves the original alone', () => {
    fc.assert(
      fc.property(
        service.chain((object) => fc.tuple(fc.constant(object), changesFor(object))),
        ([object, changes]) => {
          const patched = structuredClone(object);
          expect(applyPatch(patched, [...toPatch(changes)])).toEqual(changes.map(() => null));
          expect(applyChanges(frozen(structuredClone(object)), changes)).toEqual(patched);
        },
      ),
    );
  });

  it('shares what it does not touch', () => {
    const object = { metadata: { labels: {} }, spec: { selector: {}, ports: [{ port: 80 }, { port: 81 }] } };
    const result = applyChanges(object, [{ path: ['spec', 'ports', 1, 'nodePort'], value: 30_080 }]);
    expect(result).toEqual({
      metadata: { labels: {} },
      spec: { selector: {}, ports: [{ port: 80 }, { port: 81, nodePort: 30_080 }] },
    });
    expect(result['metadata']).toBe(object.metadata);
    expect(object.spec.ports).toEqual([{ port: 80 }, { port: 81 }]);
  });

  it('makes no change of no changes', () => {
    const object = { spec: {} };
    expect(applyChanges(object, [])).toBe(object);
  });

  it('lets the last of two changes of one field win', () => {
    const path = ['spec', 'healthCheckNodePort'];
    expect(
      applyChanges({ spec: {} }, [
        { path, value: 1 },
        { path, value: 2 },
      ]),
    ).toEqual({
      spec: { healthCheckNodePort: 2 },
    });
  });
});
