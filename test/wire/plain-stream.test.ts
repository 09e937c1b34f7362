import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPlainStream } from '../../src/wire/plain-stream.ts';
import { MANIFEST_YAML, POLICY_YAML, type YamlDialect } from '../../src/wire/yaml-dialects.ts';
import { readYamlParts, type YamlPart } from '../../src/wire/yaml-parts.ts';
import { blocks, flows, pathsIn, shown, soup, spoiledOf } from './plain-texts.ts';

const POLICY = readFileSync('manifests/policies/default.yaml', 'utf8');

const word = fc.oneof(
  fc.constantFrom('off', 'Off', 'on', 'y', 'NO', 'True', 'false', 'null', 'Null', 'nan', 'inf', 'Infinity', 'none'),
  fc.constantFrom(
    '0',
    '00',
    '017',
    '0o17',
    '0x1f',
    '1_000',
    '1e3',
    '1.0',
    '1.',
    '12e',
    '1:30',
    '0b1',
    '9007199254740993',
  ),
  fc.constantFrom('30000-32767', '2027-03-31', '2027-03-31T10:00:00Z', '1-', '1-2e3', '10.0.0.0/8', '1e-3', '1-0x1'),
  fc.stringMatching(/^[0-9][-+.0-9a-fA-FxXoO_]{0,6}$/),
);
const words = fc
  .array(fc.tuple(fc.constantFrom('a: ', 'b: ', 'c: ', 'd: [x, ', 'e: {f: '), word), { minLength: 1, maxLength: 4 })
  .map((lines) =>
    lines.map(([head, each]) => `${head}${each}${{ '[': ']', '{': '}' }[head.charAt(3)] ?? ''}\n`).join(''),
  );
const separator = fc.oneof(
  fc.constantFrom('---\n', '---\r\n', '\n---\n', '---\n# c\n---\n', '---\n\n  # c\n\n---\n'),
  fc.constantFrom('--- \n', '--- # c\n', '---', '...\n', '... x\n', ' ---\n', '----\n', '\r---\n', '\u2028---\n'),
  fc.constantFrom('---\n\u00a0\n---\n', '---\n\t\n---\n', '---\n\ufeff', '%YAML 1.1\n---\n', '---\n# \u0085x\n---\n'),
);
const simple = fc.constantFrom('a: 1\n', 'b:\n  - c: x\n\n', 'c: {d: off}\n');
const one = fc.oneof(soup, blocks, flows, words, { weight: 8, arbitrary: simple });
const streams = fc
  .tuple(fc.option(separator), one, fc.array(fc.tuple(separator, one), { maxLength: 2 }), fc.option(separator))
  .map(([first, text, others, last]) => [first ?? '', text, ...others.flat(), last ?? ''].join(''));

function placed(text: string, parts: readonly YamlPart[]): readonly unknown[] {
  return parts.map(({ value, spanOf }) => [
    value,
    pathsIn(value).map((path) => [path, shown(text, spanOf(path, 'value')), spanOf(path, 'key').start]),
  ]);
}

function values(text: string, dialect: YamlDialect): readonly unknown[] | undefined {
  return readPlainStream(text, dialect)?.map(({ value }) => value);
}

describe.each([
  ['policies', POLICY_YAML],
  ['manifests', MANIFEST_YAML],
])('readPlainStream of %s', (_, dialect) => {
  it.each([
    ['streams', streams, 20_000, 500],
    ['words', words, 10_000, 1000],
    ['a spoiled policy', spoiledOf(POLICY), 4000, 1000],
  ])('never gives another value or place than the parser: %s', { timeout: 60_000 }, (_name, texts, numRuns, least) => {
    let count = 0;
    fc.assert(
      fc.property(texts, (text) => {
        const plain = readPlainStream(text, dialect);
        if (plain === undefined) return;
        count += 1;
        const { parts, faults } = readYamlParts(text, dialect);
        expect(faults).toEqual([]);
        expect(placed(text, plain)).toEqual(placed(text, parts));
      }),
      { numRuns, seed: 20_261_121 },
    );
    expect(count).toBeGreaterThan(least);
  });

  it('leaves a long text to the parser, which knows when it is too much', () => {
    expect(values('a: b\n---\n'.repeat(30_000), dialect)).toBeUndefined();
  });
});

describe('readPlainStream', () => {
  it('reads the policy that comes with the gate', () => {
    expect(values(POLICY, POLICY_YAML)).toHaveLength(4);
  });

  it('leaves out documents of nothing but comments', () => {
    expect(values('# c\n---\na: off\n---\n\n# c\n---\nb: 30000-32767\n', POLICY_YAML)).toEqual([
      { a: 'off' },
      { b: '30000-32767' },
    ]);
  });

  it.each(['017', '0o17', '0x1f', '1_0', '1.0', '1e3', 'True', 'NULL', 'null', '12345678901234567890'])(
    'leaves %s in a policy to the parser',
    (written) => {
      expect(values(`a: ${written}\n`, POLICY_YAML)).toBeUndefined();
    },
  );
});
