import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findingKey, numbered } from '../../src/report/fingerprint.ts';

const WEB = { kind: 'Service', namespace: 'shop', name: 'web' };
const PORT = { rule: 'node-port-range', field: 'spec.ports[0].nodePort', value: 29_999 };

describe('findingKey', () => {
  it.each([
    [WEB, PORT, 'node-port-range Service shop/web spec.ports[].nodePort 29999'],
    [WEB, { ...PORT, field: 'spec.ports[7].nodePort' }, 'node-port-range Service shop/web spec.ports[].nodePort 29999'],
    [
      WEB,
      { ...PORT, field: 'spec.healthCheckNodePort' },
      'node-port-range Service shop/web spec.healthCheckNodePort 29999',
    ],
    [
      WEB,
      { rule: 'protocols', field: 'spec.ports[1].protocol', value: 'SCTP' },
      'protocols Service shop/web spec.ports[1].protocol "SCTP"',
    ],
    [WEB, { rule: 'protocols', field: 'spec' }, 'protocols Service shop/web spec'],
    [
      { kind: 'Service', name: 'web' },
      { rule: 'null-node-port', field: 'spec.ports[0].nodePort', value: null },
      'null-node-port Service web spec.ports[0].nodePort null',
    ],
    [
      { kind: 'Service', namespace: 'shop', generateName: 'web-' },
      PORT,
      'node-port-range Service shop/web-* spec.ports[].nodePort 29999',
    ],
    [
      { kind: 'Pod x', namespace: 'a b', name: 'c/d\n' },
      { rule: 'host-port', field: 'metadata.annotations[a b]', value: ['x', 1] },
      'host-port "Pod x" "a b"/"c/d\\n" "metadata.annotations[a b]" ["x",1]',
    ],
    [
      WEB,
      { rule: 'source-cidrs', field: 'x', value: 'a'.repeat(2000) },
      `source-cidrs Service shop/web x "${'a'.repeat(999)}…(2002)`,
    ],
  ])('%# %j', (object, finding, key) => {
    expect(findingKey(object, finding)).toBe(key);
  });

  it('is never that of another object, whatever the names are', () => {
    const text = fc.oneof(fc.constantFrom('a', 'b', 'a b', 'a/b', 'b/a', '*', 'a*', '"a"', ''), fc.string());
    const object = fc.record({ kind: text, namespace: text, name: text });
    fc.assert(
      fc.property(object, object, text, text, (a, b, field, other) => {
        const isSame = JSON.stringify([a, field]) === JSON.stringify([b, other]);
        const equal = findingKey(a, { rule: 'r', field }) === findingKey(b, { rule: 'r', field: other });
        expect(equal).toBe(isSame);
      }),
    );
  });
});

describe('numbered', () => {
  it('tells equal keys apart, in their order', () => {
    expect(numbered(['a', 'b', 'a', 'a', 'b'])).toEqual(['a', 'b', 'a #2', 'a #3', 'b #2']);
  });
});
