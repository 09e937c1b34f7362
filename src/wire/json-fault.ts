import { printable } from '../domain/text.ts';
import { endOfJson } from './json-spans.ts';

interface JsonFault {
  readonly offset: number;
  readonly message: string;
}

/** What may come next. `first`: nothing stands before it between the brackets. */
type Expected = 'first key' | 'key' | 'colon' | 'first value' | 'value' | 'separator';

/** A YAML flow mapping begins with a bracket too, but hardly ever with a quoted key. */
const LIKE_JSON = /^\s*(?:\[\s*)*(?:\{\s*)?"/;

const CLOSING: Readonly<Record<string, string>> = { '{': '}', '[': ']' };
const WORD = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null)(?![\w.+-])/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const BLANK = ' \t\r\n';

/**
 * Why the JSON values in the text are none, where a YAML reader stopped in one of them: it would talk about flow maps to people who
 * wrote JSON. undefined where the text does not look like JSON, or that value is.
 */
export function jsonFault(text: string, stop: number): JsonFault | undefined {
  if (!LIKE_JSON.test(text)) return undefined;
  for (let start = nextOf(text, 0); text[start] === '{' || text[start] === '[';) {
    const end = endOfJson(text, start);
    if (stop <= end || end === text.length) return faultIn(text, start);
    start = nextOf(text, end);
  }
  return undefined;
}

interface Scan {
  readonly text: string;
  readonly open: string[];
  at: number;
  expected: Expected;
}

/** Of the value that begins there. Without recursion: hostile texts are nested as deep as they are long. */
function faultIn(text: string, start: number): JsonFault | undefined {
  const scan: Scan = { text, open: [], at: start, expected: 'value' };
  do {
    scan.at = nextOf(text, scan.at);
    const fault = step(scan);
    if (fault !== undefined) return { offset: scan.at, message: `this is not JSON: ${fault}` };
  } while (scan.open.length > 0);
  return undefined;
}

/** Takes one token, or says what is wrong with it. */
function step(scan: Scan): string | undefined {
  const { text, at, expected, open } = scan;
  const character = text.charAt(at);
  if (character === '') return `it ends without the closing ${CLOSING[open.at(-1) ?? '{']}; complete it`;
  switch (expected) {
    case 'first key':
    case 'key':
      return takeKey(character, scan);
    case 'colon':
      if (character !== ':') return 'a colon is missing before this; write one';
      return taken(1, 'value', scan);
    case 'first value':
    case 'value':
      return takeValue(character, scan);
    case 'separator':
      return takeSeparator(character, scan);
  }
}

function takeKey(character: string, scan: Scan): string | undefined {
  if (character === '"') return takeString('colon', scan);
  if (character !== '}') return 'a key in double quotes is missing here; write one';
  return scan.expected === 'key' ? 'there is a comma before this; remove the comma' : close(scan);
}

function takeValue(character: string, scan: Scan): string | undefined {
  if (character === '"') return takeString('separator', scan);
  if (character === '{' || character === '[') {
    scan.open.push(character);
    return taken(1, character === '{' ? 'first key' : 'first value', scan);
  }
  if (character === ']' && scan.open.at(-1) === '[') {
    return scan.expected === 'value' ? 'there is a comma before this; remove the comma' : close(scan);
  }
  return takeWord(character, scan);
}

/** A number, `true`, `false` or `null`. */
function takeWord(character: string, scan: Scan): string | undefined {
  WORD.lastIndex = scan.at;
  const [word] = WORD.exec(scan.text) ?? [];
  if (word !== undefined) return taken(word.length, 'separator', scan);
  const isMissing = ',:}]'.includes(character);
  return isMissing ? 'a value is missing here; write one' : 'this is no value; write a text in double quotes';
}

function takeSeparator(character: string, scan: Scan): string | undefined {
  const opening = scan.open.at(-1) ?? '{';
  if (character === ',') return taken(1, opening === '{' ? 'key' : 'value', scan);
  if (character === CLOSING[opening]) return close(scan);
  const isBracket = character === '}' || character === ']';
  return isBracket
    ? `${CLOSING[opening]} is missing before this; write it`
    : 'a comma is missing before this; write one';
}

function takeString(next: Expected, scan: Scan): string | undefined {
  const { text, at: start } = scan;
  for (let at = start + 1; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '"') return taken(at + 1 - start, next, scan);
    if (character < ' ') break;
    if (character !== '\\') continue;
    ESCAPE.lastIndex = at;
    const [escape] = ESCAPE.exec(text) ?? [];
    if (escape === undefined) {
      scan.at = at;
      return String.raw`"${printable(text.slice(at, at + 2))}" means nothing in a text; write \\ for a backslash`;
    }
    at += escape.length - 1;
  }
  return 'the text that begins here has no end on its line; close the quote';
}

function close(scan: Scan): undefined {
  scan.open.pop();
  return taken(1, 'separator', scan);
}

function taken(length: number, expected: Expected, scan: Scan): undefined {
  scan.at += length;
  scan.expected = expected;
  return undefined;
}

function nextOf(text: string, from: number): number {
  let at = from;
  while (at < text.length && BLANK.includes(text.charAt(at))) at += 1;
  return at;
}
