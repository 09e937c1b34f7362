import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseWith } from '../../src/policy/issues.ts';

/** `PATH (key): MESSAGE` of every remark. */
function remarksOn(schema: z.ZodType, input: unknown): readonly string[] {
  const parsed = parseWith(schema, input);
  if (parsed.ok) return [];
  return parsed.remarks.map(
    ({ path, part, message }) => `${path.join('.')}${part === 'key' ? ' (key)' : ''}: ${message}`,
  );
}

describe('parseWith', () => {
  it('gives the value', () => {
    expect(parseWith(z.string().trim(), ' a ')).toEqual({ ok: true, value: 'a' });
  });

  it('gives paths that begin where it is told', () => {
    expect(parseWith(z.strictObject({ a: z.array(z.int()) }), { a: [1, null] }, ['spec', 0])).toEqual({
      ok: false,
      remarks: [{ path: ['spec', 0, 'a', 1], part: 'value', message: 'is empty; write a number' }],
    });
  });

  it.each<[why: string, schema: z.ZodType, input: unknown, remarks: readonly string[]]>([
    ['missing text', z.string(), undefined, [': is missing; write text']],
    ['a mapping', z.string(), { a: 1 }, [': is a mapping; write text']],
    ['a list', z.boolean(), [], [': is a list; write true or false']],
    ['a fraction', z.int(), 0.5, [': 0.5 is not a whole number; write a whole number']],
    ['no end', z.number(), Infinity, [': Infinity is endless; write a number']],
    ['a boolean', z.number(), true, [': true is true or false; write a number']],
    ['another type of zod', z.date(), 'x', [': "x" is text; write date']],
    ['too few', z.array(z.int()).min(2), [1], [': the list has 1 items; give it at least 2']],
    ['too many', z.array(z.int()).max(1), [1, 2], [': the list has 2 items; give it at most 1']],
    ['too short', z.string().min(2), 'a', [': "a" is not allowed; write at least 2 characters']],
    ['too long', z.string().max(2), 'abc', [': "abc" is not allowed; write at most 2 characters']],
    ['too small', z.int().min(2), 1, [': 1 is not allowed; use at least 2']],
    ['too large', z.int().max(2), 3, [': 3 is not allowed; use at most 2']],
    ['a format', z.ipv4(), 'x', [': "x" is not allowed; write it in the form ipv4']],
    [
      'a check without words',
      z.string().refine(() => false),
      'x',
      [': "x" is not allowed; see the reference of its options'],
    ],
    [
      'a check with advice',
      z.string().refine(() => false, { error: 'do this' }),
      'x',
      [': "x" is not allowed; do this'],
    ],
    [
      'a check with a sentence',
      z.string().refine(() => false, { error: 'is bad; do this' }),
      'x',
      [': is bad; do this'],
    ],
    ['a value', z.enum(['a', 'b']), ['a'], [': a list is not allowed; use a or b']],
    ['a missing value', z.enum(['a', 'b']), undefined, [': is missing; use a or b']],
    [
      'a key',
      z.record(z.string().max(1), z.int()),
      { ab: 1 },
      ['ab (key): "ab" is not allowed; write at most 1 characters'],
    ],
    [
      'unknown keys',
      z.strictObject({ apple: z.int().optional(), pear: z.int().optional() }),
      { aple: 1, peach: 2, 'x\ny': 3 },
      [
        'aple (key): is unknown; did you mean apple?',
        'peach (key): is unknown; use apple or pear',
        'x\ny (key): is unknown; use apple or pear',
      ],
    ],
    ['alternatives', z.union([z.string(), z.int(), z.string()]), [], [': [] is not allowed; use text or a number']],
    ['missing alternatives', z.union([z.string(), z.enum(['x'])]), undefined, [': is missing; use text or x']],
    [
      'the alternative that is meant',
      z.strictObject({
        a: z.union([z.literal('off'), z.strictObject({ b: z.int().optional(), c: z.string().optional() })]),
      }),
      { a: { b: 'x', d: 1 } },
      ['a.b: "x" is text; write a number', 'a.d (key): is unknown; use b or c'],
    ],
    [
      'the alternative with an unknown key',
      z.union([z.string(), z.strictObject({ a: z.int().optional() })]),
      { b: 1 },
      ['b (key): is unknown; use a'],
    ],
  ])('describes %s', (_, schema, input, remarks) => {
    expect(remarksOn(schema, input)).toEqual(remarks);
  });
});
