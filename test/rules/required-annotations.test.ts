import { describe, expect, it } from 'vitest';
import { printable } from '../../src/domain/text.ts';
import { LONGEST_VALUE, pattern } from '../../src/rules/required-annotations/pattern.ts';
import { problemsIn } from '../policy/problems-of.ts';

/** What is said of `keys`, written into a policy as it is; line and column are those of the file. */
function problemsOfKeys(keys: string): readonly string[] {
  return problemsIn(
    'NodePortPolicy',
    `metadata: {name: default}\nspec:\n  rules:\n    required-annotations: {keys: ${keys}}`,
  );
}

const KEYS = 'spec.rules.required-annotations.keys';

describe('the patterns of required annotations', () => {
  it.each([
    ['of every syntax that RE2 has', `{a: 'team-[a-z]+', b: '(?i)\\pL{1,60}', c: '(?P<x>a|b)$'}`, []],
    [
      'that are none',
      `{owner: '['}`,
      [
        `a.yaml:6:42: ${KEYS}.owner: "[" is no pattern (missing closing ] at "["); write a regular expression as RE2 has them`,
      ],
    ],
    [
      'that only a backtracking engine knows',
      `{owner: '(?=a)b'}`,
      [
        `a.yaml:6:42: ${KEYS}.owner: "(?=a)b" is no pattern (invalid or unsupported Perl syntax at "(?="); write a regular expression as RE2 has them`,
      ],
    ],
    [
      'that refer to what they matched',
      `{owner: '(a)\\1'}`,
      [
        `a.yaml:6:42: ${KEYS}.owner: "(a)\\1" is no pattern (invalid escape sequence at "\\1"); write a regular expression as RE2 has them`,
      ],
    ],
    [
      'that repeat repetitions',
      `{owner: '(a{1000}){1000}'}`,
      [
        `a.yaml:6:42: ${KEYS}.owner: "(a{1000}){1000}" is no pattern (invalid repeat count at "{1000}"); write a regular expression as RE2 has them`,
      ],
    ],
    [
      'that come to much',
      `{owner: '[a-z]{501}'}`,
      [
        `a.yaml:6:42: ${KEYS}.owner: "[a-z]{501}" comes to 503 instructions, of which it may have 500; use fewer or smaller repetitions`,
      ],
    ],
    [
      'that come to very much',
      `{owner: '(${'a?'.repeat(120)}){1000}'}`,
      [
        `a.yaml:6:42: ${KEYS}.owner: "(${'a?'.repeat(31)}…" comes to 242002 instructions, of which it may have 500; use fewer or smaller repetitions`,
      ],
    ],
    [
      'that are long',
      `{owner: '${'a'.repeat(257)}'}`,
      [`a.yaml:6:42: ${KEYS}.owner: "${'a'.repeat(63)}…" is not allowed; write at most 256 characters`],
    ],
    [
      'that are empty',
      `{owner: ''}`,
      [`a.yaml:6:42: ${KEYS}.owner: is empty; write a pattern, as in team-[a-z]+, or .* for any value`],
    ],
    [
      'that would disguise a message',
      `{owner: "\\u202e["}`,
      [
        `a.yaml:6:42: ${KEYS}.owner: "\\u202e[" is no pattern (missing closing ] at "["); write a regular expression as RE2 has them`,
      ],
    ],
    [
      'that would break a line',
      `{owner: "a\\nb"}`,
      [`a.yaml:6:42: ${KEYS}.owner: "a\\u000ab" is not allowed; write it in one line, without control characters`],
    ],
    ['that are numbers', `{owner: 5}`, [`a.yaml:6:42: ${KEYS}.owner: 5 is a number; write text, in quotes`]],
  ])('%s', (_, keys, problems) => {
    expect(problemsOfKeys(keys)).toEqual(problems);
  });

  it('match a value of any kind in a short time', () => {
    const slow = ['(x+x+)+y', '(x|x)*y', '(x?){99}x{99}', '(.*x){50}y'].map((text) => pattern.parse(text));
    const values = ['x'.repeat(LONGEST_VALUE), 'xy'.repeat(LONGEST_VALUE / 2), '\u{1f600}'.repeat(LONGEST_VALUE / 2)];
    const start = performance.now();
    const matched = slow.map(({ matches }) => values.map((value) => matches(value)));
    const elapsed = performance.now() - start;
    expect(matched).toEqual([
      [false, false, false],
      [false, false, false],
      [false, false, false],
      [false, true, false],
    ]);
    expect(elapsed, 'milliseconds; a backtracking engine would take years').toBeLessThan(2000);
  });
});

describe('the keys of required annotations', () => {
  it.each([
    ['none', '{}', [`a.yaml:6:34: ${KEYS}: is empty; name at least one annotation`]],
    [
      'too many',
      `{${Array.from({ length: 17 }, (_, index) => `k${index}: x`).join(', ')}}`,
      [`a.yaml:6:34: ${KEYS}: names too many annotations; name at most 16`],
    ],
    ['with a prefix and without, in any case', `{owner: x, Example.com/Owner_1.a: x, 1: x}`, []],
    ['as long as they may be', `{${'a'.repeat(63)}: x, ${'b'.repeat(253)}/${'c'.repeat(63)}: x}`, []],
  ])('%s', (_, keys, problems) => {
    expect(problemsOfKeys(keys)).toEqual(problems);
  });

  it.each([
    'a/b/c',
    '-a',
    'a/',
    '/a',
    'a b',
    '\u00e4',
    '.a/b',
    'a..b/c',
    'a_b/c',
    'a'.repeat(64),
    `${'a'.repeat(254)}/a`,
  ])('not %s', (key) => {
    const [problem = '', ...others] = problemsOfKeys(`{"${key}": x}`);
    expect(problem).toMatch(/^a\.yaml:6:35: spec\.rules\.required-annotations\.keys/);
    expect(problem.slice(problem.lastIndexOf(': '))).toBe(
      `: "${printable(key)}" is not allowed; write an annotation key, as in owner or example.com/owner`,
    );
    expect(others).toEqual([]);
  });
});
