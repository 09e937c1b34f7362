import { describe, expect, it } from 'vitest';
import { decodeManifest } from '../../src/wire/manifest-file.ts';

function bytesOf(...parts: readonly (string | readonly number[])[]): Uint8Array {
  const encoder = new TextEncoder();
  return Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...encoder.encode(part)] : [...part])));
}

describe('decodeManifest', () => {
  it.each([
    ['UTF-8', bytesOf('a: é 😀\n\t\u0085\ufffd\r\n'), 'a: é 😀\n\t\u0085\ufffd\r\n'],
    ['a byte order mark', bytesOf([0xef, 0xbb, 0xbf], 'a: 1'), 'a: 1'],
    ['nothing', bytesOf(), ''],
    [
      'JSON with what YAML refuses',
      bytesOf('[{"a":"\u007f\u0080\u009f\ufffe\uffff"}]\n'),
      '[{"a":"\u007f\u0080\u009f\ufffe\uffff"}]\n',
    ],
    [
      'several JSON values with it',
      bytesOf([0xef, 0xbb, 0xbf], ' {"a":"\u007f"}\n{"a":"\uffff"}\n'),
      ' {"a":"\u007f"}\n{"a":"\uffff"}\n',
    ],
  ])('reads %s', (_, bytes, text) => {
    expect(decodeManifest('a.yaml', bytes)).toEqual({ ok: true, value: text });
  });

  const noText = (code: string): string =>
    `the character U+${code} is no text; remove it, or escape it in double quotes`;
  const BAD = 'this is not UTF-8 from here on; save it as UTF-8';
  it.each([
    ['UTF-16 LE', bytesOf([0xff, 0xfe, 0x61, 0]), undefined, undefined, 'this is UTF-16; save it as UTF-8'],
    ['UTF-16 BE', bytesOf([0xfe, 0xff, 0, 0x61]), undefined, undefined, 'this is UTF-16; save it as UTF-8'],
    ['UTF-32', bytesOf([0xff, 0xfe, 0, 0]), undefined, undefined, 'this is UTF-32; save it as UTF-8'],
    ['Latin-1', bytesOf('a: 1\nb: é', [0xe9], 'x\nc: 1'), 2, 5, BAD],
    ['a cut character before a line end', bytesOf('a: 😀', [0xc3], '\nb: 1'), 1, 6, BAD],
    ['a cut character at the end', bytesOf('a: 1\n', [0xf0, 0x9f, 0x98]), 2, 1, BAD],
    ['a bad first byte', bytesOf([0x80], 'a'), 1, 1, BAD],
    ['a surrogate', bytesOf('ab', [0xed, 0xa0, 0x80]), 1, 3, BAD],
    ['gzip', bytesOf([0x1f, 0x8b, 8, 0]), 1, 2, BAD],
    [
      'NUL',
      bytesOf('a: 1\r\n# b\0'),
      2,
      4,
      'the character U+0000 is no text; remove it, or escape it in double quotes',
    ],
    ['JSON with a raw control character', bytesOf('{"a":"\u0001"}'), 1, 7, noText('0001')],
    ['JSON with one behind it', bytesOf('{"a":1}\n# \u007f'), 2, 3, noText('007F')],
    ['JSON with one between its parts', bytesOf('{"a":\u007f1}'), 1, 6, noText('007F')],
    ['YAML that begins like JSON', bytesOf('{a: "\u007f"}'), 1, 6, noText('007F')],
    ['UTF-16 without a mark', bytesOf([0x61, 0, 0x62, 0]), undefined, undefined, 'this is UTF-16; save it as UTF-8'],
    ['a bell', bytesOf('😀\u0007'), 1, 3, 'the character U+0007 is no text; remove it, or escape it in double quotes'],
    [
      'what is no character',
      bytesOf('\uffff'),
      1,
      1,
      'the character U+FFFF is no text; remove it, or escape it in double quotes',
    ],
  ])('refuses %s', (_, bytes, line, column, message) => {
    expect(decodeManifest('a.yaml', bytes)).toEqual({
      ok: false,
      problems: [{ file: 'a.yaml', line, column, message }],
    });
  });
});
