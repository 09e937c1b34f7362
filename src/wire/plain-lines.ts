import type { Json } from '../domain/json.ts';
import { type Context, FLOW, readFlow } from './plain-flow.ts';
import { readLiteral } from './plain-literal.ts';
import { ANY, KEY, SCALAR, scalarOf } from './plain-values.ts';
import { isMeant } from './yaml-dialects.ts';

/** A dash, a key or a value. A dash and what follows it are two. */
export interface Token {
  readonly kind: 'dash' | 'key' | 'value';
  /** In which it begins. */
  readonly column: number;
  readonly start: number;
  /** Empty for others. */
  readonly key: string;
  /** Of a key, or itself; undefined where nothing is written. */
  readonly value: Json | undefined;
  readonly valueStart: number;
  readonly valueEnd: number;
  /** Where a mapping or list is over whose last token this is: with the comment behind it. */
  readonly end: number;
}

interface Lines extends Context {
  readonly tokens: Token[];
  at: number;
}

const COMMENT = `#${ANY}*`;
const END = '\r?(?:\n|$)';
/** Spaces are taken all at once, or a line of nothing else would take for ever. */
const LINE = new RegExp(
  String.raw`( *)(?! )((?:- +(?! ))*)(?:(${KEY}):(?=[ \r\n]|$)( *)(?! ))?(${SCALAR}|${FLOW}|\|-?)?(?: +${COMMENT}| *)${END}`,
  'y',
);
const NOTHING = new RegExp(` *(?:${COMMENT})?${END}`, 'y');

/** undefined for a line that is not as simple as it looks. Places are noted where there is something to note them in. */
export function tokensOf(context: Context): readonly Token[] | undefined {
  const { text } = context;
  const lines: Lines = { ...context, tokens: [], at: 0 };
  while (lines.at < text.length) {
    NOTHING.lastIndex = lines.at;
    if (NOTHING.test(text)) lines.at = NOTHING.lastIndex;
    else if (!readLine(lines)) return undefined;
  }
  return lines.tokens;
}

function readLine(lines: Lines): boolean {
  const lineStart = lines.at;
  LINE.lastIndex = lineStart;
  const line = LINE.exec(lines.text);
  if (line === null) return false;
  lines.at = LINE.lastIndex;
  const [, indent = '', dashes = '', key, gap = '', written] = line;
  const dash = addDashes(dashes, indent.length, lineStart, lines);
  const column = indent.length + dashes.length;
  const start = lineStart + column;
  if (key === undefined) {
    return (
      written !== undefined &&
      addValue({ kind: 'value', column, start, key: '' }, { written, start, parent: dash }, lines)
    );
  }
  if (isMeant(key)) return false;
  const keyEnd = start + key.length + 1;
  const begun = { kind: 'key', column, start, key } as const;
  if (written !== undefined) return addValue(begun, { written, start: keyEnd + gap.length, parent: column }, lines);
  lines.tokens.push({ ...begun, value: undefined, valueStart: keyEnd, valueEnd: keyEnd, end: lines.at });
  return true;
}

/** Gives back the column of the last one. */
function addDashes(dashes: string, indent: number, lineStart: number, { tokens }: Lines): number | undefined {
  let last: number | undefined;
  for (let at = dashes.indexOf('-'); at >= 0; at = dashes.indexOf('-', at + 1)) {
    last = indent + at;
    const start = lineStart + last;
    tokens.push({
      kind: 'dash',
      column: last,
      start,
      key: '',
      value: undefined,
      valueStart: start,
      valueEnd: start,
      end: start,
    });
  }
  return last;
}

interface Written {
  readonly written: string;
  readonly start: number;
  /** What is further to the right belongs to it; undefined where it is not on the same line. */
  readonly parent: number | undefined;
}

function addValue(
  { kind, column, start, key }: Pick<Token, 'kind' | 'column' | 'start' | 'key'>,
  value: Written,
  lines: Lines,
): boolean {
  const read = value.written.startsWith('|') ? readBlock(value, lines) : readOne(value, lines);
  if (read === undefined) return false;
  lines.tokens.push({
    kind,
    column,
    start,
    key,
    value: read.value,
    valueStart: value.start,
    valueEnd: read.end,
    end: lines.at,
  });
  return true;
}

interface Read {
  readonly value: Json;
  readonly end: number;
}

function readOne({ written, start }: Written, lines: Lines): Read | undefined {
  const end = start + written.length;
  const isFlow = written.startsWith('{') || written.startsWith('[');
  const value = isFlow ? readFlow(lines, { start, end }) : scalarOf(written, lines.dialect);
  return value === undefined ? undefined : { value, end };
}

function readBlock({ written, parent }: Written, lines: Lines): Read | undefined {
  const literal = parent === undefined ? undefined : readLiteral(lines.text, lines.at, parent);
  if (literal === undefined) return undefined;
  const { value, end } = literal;
  lines.at = end;
  return { value: written === '|' ? `${value}\n` : value, end };
}
