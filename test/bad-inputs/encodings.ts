import { gzipSync } from 'node:zlib';
import { changed, denied, described, GOOD, numbered, passed, refused, type Situation } from './situation.ts';

function utf16(text: string, isBig: boolean): Uint8Array {
  const bytes = Buffer.from(text, 'utf16le');
  return isBig ? bytes.swap16() : bytes;
}

function utf32(text: string): Uint8Array {
  return Uint8Array.from(
    Array.from(text).flatMap((character) => {
      const code = character.codePointAt(0) ?? 0;
      return [code & 0xff, (code >> 8) & 0xff, code >> 16, 0];
    }),
  );
}

function latin1(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}

function joined(...parts: readonly (string | readonly number[])[]): Uint8Array {
  return Buffer.concat(parts.map((part) => Buffer.from(typeof part === 'string' ? part : [...part])));
}

const BEFORE = GOOD.slice(0, GOOD.indexOf('web'));
const BEHIND = GOOD.slice(GOOD.indexOf('web'));

/** Bytes that are no UTF-8, and characters that are no text. */
export const ENCODINGS: readonly Situation[] = [
  { name: 'a byte order mark', given: `\ufeff${numbered('22')}`, gives: denied('web: denied, node-port-range 9:17') },
  {
    name: 'two byte order marks',
    given: `\ufeff\ufeff${numbered('22')}`,
    gives: denied('web: denied, node-port-range 9:17'),
  },
  {
    name: 'a byte order mark before a second document',
    given: `${GOOD}---\n\ufeff${numbered('22')}`,
    gives: denied('web: allowed', 'web: denied, node-port-range 19:17'),
  },
  {
    name: 'a byte order mark within a word',
    given: numbered('300\ufeff80'),
    gives: refused('bad.yaml:9:17: spec.ports[0].nodePort: "300\\ufeff80" is a string; write a whole number'),
  },
  {
    name: 'nothing but a byte order mark',
    given: '\ufeff',
    gives: passed(),
  },
  { name: 'CRLF', given: numbered('22').replaceAll('\n', '\r\n'), gives: denied('web: denied, node-port-range 9:17') },
  {
    name: 'CR alone',
    given: numbered('22').replaceAll('\n', '\r'),
    gives: denied('web: denied, node-port-range 1:115'),
  },
  {
    name: 'CRLF and LF in one file',
    given: numbered('22').replace('\n', '\r\n'),
    gives: denied('web: denied, node-port-range 9:17'),
  },
  {
    name: 'a lone CR in a comment that hides a port',
    given: numbered('30080 #\r      nodePort: 22'),
    gives: refused('bad.yaml:9:31: "nodePort" is there twice; remove one'),
  },
  {
    name: 'U+2028 in a comment that hides a port',
    given: changed(['nodePort: 30080', 'name: a #\u2028      nodePort: 22']),
    gives: denied('web: denied, node-port-range 9:33'),
  },
  {
    name: 'U+0085 in a comment that hides a port',
    given: changed(['nodePort: 30080', 'name: a #\u0085      nodePort: 22']),
    gives: denied('web: denied, node-port-range 9:33'),
  },
  {
    name: 'UTF-16, little endian, with its mark',
    given: utf16(`\ufeff${GOOD}`, false),
    gives: refused('bad.yaml: this is UTF-16; save it as UTF-8'),
  },
  {
    name: 'UTF-16, big endian, with its mark',
    given: utf16(`\ufeff${GOOD}`, true),
    gives: refused('bad.yaml: this is UTF-16; save it as UTF-8'),
  },
  {
    name: 'UTF-16, little endian, without a mark',
    given: utf16(GOOD, false),
    gives: refused('bad.yaml: this is UTF-16; save it as UTF-8'),
  },
  {
    name: 'UTF-16, big endian, without a mark',
    given: utf16(GOOD, true),
    gives: refused('bad.yaml: this is UTF-16; save it as UTF-8'),
  },
  {
    name: 'UTF-32 with its mark',
    given: utf32(`\ufeff${GOOD}`),
    gives: refused('bad.yaml: this is UTF-32; save it as UTF-8'),
  },
  { name: 'UTF-32 without a mark', given: utf32(GOOD), gives: refused('bad.yaml: this is UTF-32; save it as UTF-8') },
  {
    name: 'Latin-1 in a name',
    given: latin1(changed(['web', 'wéb'])),
    gives: refused('bad.yaml:4:10: this is not UTF-8 from here on; save it as UTF-8'),
  },
  {
    name: 'Latin-1 in a comment',
    given: latin1(`${GOOD}# für alle\n`),
    gives: refused('bad.yaml:10:4: this is not UTF-8 from here on; save it as UTF-8'),
  },
  {
    name: 'UTF-8 cut off within a character',
    given: joined(GOOD, '# ', [0xe2, 0x82]),
    gives: refused('bad.yaml:10:3: this is not UTF-8 from here on; save it as UTF-8'),
  },
  {
    name: 'UTF-8 that is longer than it must be',
    given: joined(BEFORE, [0xc0, 0xaf], BEHIND),
    gives: refused('bad.yaml:4:9: this is not UTF-8 from here on; save it as UTF-8'),
  },
  {
    name: 'a surrogate in UTF-8',
    given: joined(BEFORE, [0xed, 0xa0, 0x80], BEHIND),
    gives: refused('bad.yaml:4:9: this is not UTF-8 from here on; save it as UTF-8'),
  },
  {
    name: 'a byte that is never in UTF-8',
    given: joined([0xff], GOOD),
    gives: refused('bad.yaml:1:1: this is not UTF-8 from here on; save it as UTF-8'),
  },
  {
    name: 'a lone surrogate by escape',
    given: changed(['web', String.raw`"w\ud800b"`]),
    gives: denied('w\ud800b: denied, api-server-rejects 4:9'),
  },
  {
    name: 'NUL',
    given: changed(['web', 'w\0b']),
    gives: refused('bad.yaml:4:10: the character U+0000 is no text; remove it, or escape it in double quotes'),
  },
  {
    name: 'NUL at the end',
    given: `${GOOD}\0`,
    gives: refused('bad.yaml:10:1: the character U+0000 is no text; remove it, or escape it in double quotes'),
  },
  {
    name: 'NUL by escape in a name',
    given: changed(['web', String.raw`"w\0b"`]),
    gives: denied('w\u0000b: denied, api-server-rejects 4:9'),
  },
  {
    name: 'a file full of NUL',
    given: new Uint8Array(4096),
    gives: refused('bad.yaml:1:1: the character U+0000 is no text; remove it, or escape it in double quotes'),
  },
  {
    name: 'an escape sequence of terminals',
    given: changed(['web', '\u001b[31mweb\u001b[0m']),
    gives: refused('bad.yaml:4:9: the character U+001B is no text; remove it, or escape it in double quotes'),
  },
  {
    name: 'an escape sequence of terminals by escape',
    given: changed(['web', String.raw`"\e[31mweb"`], ['30080', '22']),
    gives: denied('\u001b[31mweb: denied, api-server-rejects 4:9, node-port-range 9:17'),
  },
  {
    name: 'a form feed',
    given: `${GOOD}\f---\n${GOOD}`,
    gives: refused('bad.yaml:10:1: the character U+000C is no text; remove it, or escape it in double quotes'),
  },
  {
    name: 'a vertical tab',
    given: changed(['web', 'w\u000bb']),
    gives: refused('bad.yaml:4:10: the character U+000B is no text; remove it, or escape it in double quotes'),
  },
  {
    name: 'a backspace',
    given: changed(['web', 'w\bb']),
    gives: refused('bad.yaml:4:10: the character U+0008 is no text; remove it, or escape it in double quotes'),
  },
  {
    name: 'DEL',
    given: changed(['web', 'w\u007fb']),
    gives: refused('bad.yaml:4:10: the character U+007F is no text; remove it, or escape it in double quotes'),
  },
  {
    name: 'CSI as one character',
    given: changed(['web', 'w\u009bb']),
    gives: refused('bad.yaml:4:10: the character U+009B is no text; remove it, or escape it in double quotes'),
  },
  {
    name: 'U+FFFE',
    given: changed(['web', 'w\ufffeb']),
    gives: refused('bad.yaml:4:10: the character U+FFFE is no text; remove it, or escape it in double quotes'),
  },
  {
    name: 'Ctrl-Z of DOS at the end',
    given: `${GOOD}\u001a`,
    gives: refused('bad.yaml:10:1: the character U+001A is no text; remove it, or escape it in double quotes'),
  },
  {
    name: 'text that runs from right to left in a name',
    given: changed(['web', '\u202ebew'], ['30080', '22']),
    gives: denied('\u202ebew: denied, api-server-rejects 4:9, node-port-range 9:17'),
  },
  {
    name: 'a zero-width space in a key',
    given: changed(['nodePort', 'node\u200bPort']),
    gives: denied('web: denied, api-server-rejects 9:18'),
  },
  { name: 'a zero-width space in the kind', given: changed(['Service', 'Ser\u200bvice']), gives: passed() },
  { name: 'a Cyrillic letter in the kind', given: changed(['Service', 'Sеrvice']), gives: passed() },
  {
    name: 'full-width digits',
    given: numbered('３００８０'),
    gives: refused('bad.yaml:9:17: spec.ports[0].nodePort: "３００８０" is a string; write a whole number'),
  },
  {
    name: 'no-break spaces as indentation',
    given: GOOD.replaceAll('  ', '\u00a0\u00a0'),
    gives: refused('bad.yaml:3:1: metadata.name: this is missing; write a name, or generateName'),
  },
  {
    name: 'emoji before the port',
    given: changed(['- port: 80', '- {name: "🐙🐙", port: 80}'], ['      nodePort', '    - nodePort']),
    gives: denied('web: denied, api-server-rejects 8:14, api-server-rejects 9:7, api-server-rejects 9:7'),
  },
  {
    name: 'a picture',
    given: joined([0x89], 'PNG\r\n', [0x1a, 10, 0, 0, 0, 13], 'IHDR'),
    gives: refused('bad.yaml:1:1: this is not UTF-8 from here on; save it as UTF-8'),
  },
  {
    name: 'a compressed manifest',
    given: gzipSync(GOOD),
    gives: refused('bad.yaml:1:2: this is not UTF-8 from here on; save it as UTF-8'),
  },
  {
    name: 'a program',
    given: joined([0x7f], 'ELF', [2, 1, 1, 0]),
    gives: refused('bad.yaml:1:1: the character U+007F is no text; remove it, or escape it in double quotes'),
  },
  {
    name: 'a PDF',
    given: joined('%PDF-1.7\n%', [0xe2, 0xe3, 0xcf, 0xd3], '\n'),
    gives: refused('bad.yaml:2:2: this is not UTF-8 from here on; save it as UTF-8'),
  },
  {
    name: 'a ZIP archive',
    given: joined('PK', [3, 4, 20, 0, 8, 0]),
    gives: refused('bad.yaml:1:3: the character U+0003 is no text; remove it, or escape it in double quotes'),
  },
  {
    name: 'a label that is no text',
    given: described('  labels: {a: "\u0000"}\n'),
    gives: refused('bad.yaml:5:16: the character U+0000 is no text; remove it, or escape it in double quotes'),
  },
];
