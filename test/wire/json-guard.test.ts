import { describe, expect, it } from 'vitest';
import { guardJson, guardStored } from '../../src/wire/json-guard.ts';

const TOO_DEEP = 'the input is nested deeper than 100 levels; send a Kubernetes object';

function nested(levels: number, [open, close]: readonly [string, string]): unknown {
  return JSON.parse(`${open.repeat(levels)}1${close.repeat(levels)}`);
}

describe('guardJson', () => {
  it('lets plain JSON pass', () => {
    const harmless: unknown[] = [
      null,
      1,
      'x',
      true,
      [],
      {},
      [[1], { a: [null, { b: 2 }] }],
      { constructor: {}, prototype: {} },
    ];
    expect(harmless.map(guardJson)).toEqual(harmless.map(() => undefined));
  });

  it.each([
    ['lists', 100, ['[', ']'], undefined],
    ['lists', 101, ['[', ']'], TOO_DEEP],
    ['objects', 100, ['{"a":', '}'], undefined],
    ['objects', 101, ['{"a":', '}'], TOO_DEEP],
    ['objects', 3_000, ['{"a":', '}'], TOO_DEEP],
    ['lists', 1_000_000, ['[', ']'], TOO_DEEP],
  ] as const)('%s, %d levels', (_, levels, brackets, expected) => {
    expect(guardJson(nested(levels, brackets))).toBe(expected);
  });

  it('finds __proto__ as a key anywhere, also with a plain value', () => {
    const fault = '"__proto__" is used as a key; remove it';
    const found = ['{"__proto__":1}', '{"a":[{"b":{"__proto__":{}}}]}'].map((text) => guardJson(JSON.parse(text)));
    expect(found).toEqual([fault, fault]);
  });

  it('ends on a cycle', () => {
    const cycle: unknown[] = [];
    cycle.push(cycle, cycle);
    expect(guardJson(cycle)).toBe(TOO_DEEP);
  });
});

describe('guardStored', () => {
  it('takes __proto__ out wherever it is a key, and leaves the rest', () => {
    const value: unknown = JSON.parse(
      '{"a":[{"__proto__":{"x":1},"b":{"__proto__":"y","c":2}}],"__proto__":{"polluted":1}}',
    );
    expect(guardStored(value)).toBeUndefined();
    expect(JSON.stringify(value)).toBe('{"a":[{"b":{"c":2}}]}');
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });

  it('refuses what is nested too deep all the same', () => {
    expect(guardStored(nested(101, ['{"__proto__":1,"a":', '}']))).toBe(TOO_DEEP);
  });
});
