import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escaped, printable, UNSEEN } from '../../src/domain/text.ts';

describe('escaped', () => {
  it.each([
    [
      'controls',
      '\u0000\t\n\u001b[201~\u007f\u0085\u009f',
      String.raw`\u0000\u0009\u000a\u001b[201~\u007f\u0085\u009f`,
    ],
    ['line ends', 'a\r\n\u2028\u2029b', String.raw`a\u000d\u000a\u2028\u2029b`],
    [
      'what turns the direction',
      '\u061c\u200e\u200f\u202a\u202e\u2066\u2069',
      String.raw`\u061c\u200e\u200f\u202a\u202e\u2066\u2069`,
    ],
    [
      'what has no width',
      's\u00adh\u200bo\u200dp\u2060\ufeff\ufff9\ufffb',
      String.raw`s\u00adh\u200bo\u200dp\u2060\ufeff\ufff9\ufffb`,
    ],
    ['tags', 'web\u{e0000}\u{e0041}\u{e007f}', String.raw`web\udb40\udc00\udb40\udc41\udb40\udc7f`],
    ['halves of characters', '\ud83d-\ude00', String.raw`\ud83d-\ude00`],
    [
      'nothing else',
      `a "b" 'c' \\ ü é e\u0301 漢 😀 العربية \u{e0100}`,
      `a "b" 'c' \\ ü é e\u0301 漢 😀 العربية \u{e0100}`,
    ],
  ])('%s', (_name, text, shown) => {
    expect(escaped(text)).toBe(shown);
  });

  it('leaves nothing unseen, and is read by JSON as what it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const shown = escaped(text);
        expect(UNSEEN.test(shown)).toBe(false);
        expect(JSON.parse(`"${escaped(text.replaceAll(/["\\]/g, String.raw`\$&`))}"`)).toBe(text);
      }),
    );
  });
});

describe('printable', () => {
  it.each([
    ['a'.repeat(64), 'a'.repeat(64)],
    ['a'.repeat(65), `${'a'.repeat(63)}…`],
    ['\u061c'.repeat(11), `${String.raw`\u061c`.repeat(10)}\\u0…`],
  ])('%j', (text, shown) => {
    expect(printable(text)).toBe(shown);
  });
});
