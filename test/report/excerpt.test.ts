import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { excerptOf } from '../../src/report/excerpt.ts';

function lines(line: string, column: number, endColumn: number): string {
  const { text, marks } = excerptOf(line, { column, endColumn });
  return `${text}\n${marks}`;
}

describe('excerptOf', () => {
  it.each([
    ['a token', '  nodePort: 29999', 13, 18, '  nodePort: 29999\n            ^^^^^'],
    ['one character where the token is empty', 'nodePort:', 1, 1, 'nodePort:\n^'],
    ['the place behind the line', 'nodePort:', 10, 15, 'nodePort:\n         ^'],
    ['a place far behind the line', 'nodePort:', 50, 60, 'nodePort:\n         ^'],
    ['tabs', '\ta\tnodePort: 1', 4, 12, '    a   nodePort: 1\n        ^^^^^^^^'],
    ['control and bidirectional characters', 'a\u202e\u001b: 1', 6, 7, 'a\\u202e\\u001b: 1\n               ^'],
    ['a disguised token', 'a: \u202eb', 4, 6, 'a: \\u202eb\n   ^^^^^^^'],
    ['wide characters', '名前: 1 # 😀', 5, 6, '名前: 1 # 😀\n      ^'],
    ['marks that combine', 'e\u0301: 1', 5, 6, 'e\u0301: 1\n   ^'],
    ['an emoji in two units', '😀: 1', 5, 6, '😀: 1\n    ^'],
  ])('marks %s', (_, line, column, endColumn, expected) => {
    expect(lines(line, column, endColumn)).toBe(expected);
  });

  it('cuts a long line around the token', () => {
    const line = `${'a'.repeat(500)}nodePort${'b'.repeat(500)}`;
    expect(lines(line, 501, 509)).toBe(`…${'a'.repeat(30)}nodePort${'b'.repeat(62)}…\n${' '.repeat(31)}^^^^^^^^`);
    expect(lines(`x: 1${'b'.repeat(200)}`, 4, 5)).toBe(`x: 1${'b'.repeat(96)}…\n   ^`);
    expect(lines(`${'a'.repeat(200)}: 1`, 203, 204)).toBe(`…${'a'.repeat(97)}: 1\n${' '.repeat(100)}^`);
  });

  it('marks no more of a long token than there is room', () => {
    expect(lines(`x: ${'b'.repeat(500)}`, 4, 504)).toBe(`x: ${'b'.repeat(97)}…\n   ${'^'.repeat(97)}`);
  });

  it('takes a line of 50 MB', () => {
    const line = `${'a'.repeat(25_000_000)}nodePort${'b'.repeat(25_000_000)}`;
    expect(excerptOf(line, { column: 25_000_001, endColumn: 50_000_001 }).text).toHaveLength(102);
  });

  it('is one short harmless line with marks below it, whatever the line holds', () => {
    const character = fc.constantFrom('a', '\t', '\n', '\r', '\u001b', '\u202e', '\ud800', '😀', '名', '\u0301', ' ');
    const line = fc.oneof(
      fc.array(character, { maxLength: 400 }).map((all) => all.join('')),
      fc.string(),
    );
    fc.assert(
      fc.property(line, fc.integer({ min: 1, max: 500 }), fc.integer({ min: 0, max: 300 }), (text, column, length) => {
        const excerpt = excerptOf(text, { column, endColumn: column + length });
        expect(excerpt.text).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
        expect(excerpt.text.isWellFormed()).toBe(true);
        // A character that combines has two units or takes no column: the text may have more units than columns.
        expect(excerpt.marks.length).toBeLessThanOrEqual(102);
        expect(excerpt.marks).toMatch(/^ *\^*$/);
      }),
    );
  });
});
