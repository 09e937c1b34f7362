import type { Json, JsonObject } from '../domain/json.ts';
import { DEEPEST_NESTING } from './json-guard.ts';
import type { Span } from './line-places.ts';
import { type Context, DEEPEST_FLOW } from './plain-flow.ts';
import { type Token, tokensOf } from './plain-lines.ts';
import { note, type Place, placeAt, type Places } from './plain-places.ts';
import type { YamlDialect } from './yaml-dialects.ts';
import type { YamlPart } from './yaml-parts.ts';

interface Reading {
  readonly tokens: readonly Token[];
  readonly places: Places | undefined;
  at: number;
  depth: number;
  /** Where the last mapping or list ended, or what stands for nothing. */
  end: number;
}

/** The patterns need memory for each character of a line. */
const LONGEST_TEXT = 65_536;

/** With the root itself on the stack of the parser, and a scalar at times. */
const DEEPEST_BLOCK = DEEPEST_NESTING - DEEPEST_FLOW - 1;

/**
 * Reads what most manifests are: block mappings and lists of plain or quoted words, `{mappings}` and `[lists]`, each on one
 * line, and blocks of text after `|`. undefined for anything else, which needs a YAML parser; never another value than that
 * would give. Ten times as fast.
 */
export function readPlainYaml(text: string, dialect: YamlDialect): JsonObject | undefined {
  return read({ text, dialect, places: undefined })?.value;
}

/** The way back to the text that `readPlainYaml` could read. Reads it again: most texts are never asked about. */
export function plainSpans(text: string, dialect: YamlDialect): YamlPart['spanOf'] | undefined {
  const places: Places = new Map();
  const root = read({ text, dialect, places });
  return root && ((path, part) => placeAt(root, path, places)[part === 'key' ? 'label' : 'value']);
}

interface Root {
  readonly value: JsonObject;
  readonly span: Span;
}

function read(context: Context): Root | undefined {
  const { text, places } = context;
  const tokens = text.length > LONGEST_TEXT ? undefined : tokensOf(context);
  const first = tokens?.[0];
  if (tokens === undefined || first?.kind !== 'key') return undefined;
  const reading: Reading = { tokens, places, at: 0, depth: 0, end: 0 };
  const value = readMap(reading);
  if (value === undefined || reading.at < tokens.length) return undefined;
  return { value, span: { start: first.start, end: reading.end } };
}

/** undefined where the columns do not fit together, or a key is there twice. */
function readNode(reading: Reading): Json | undefined {
  const token = reading.tokens[reading.at];
  if (token === undefined || reading.depth >= DEEPEST_BLOCK) return undefined;
  if (token.kind === 'value') {
    reading.at += 1;
    reading.end = token.end;
    return token.value;
  }
  reading.depth += 1;
  const value = token.kind === 'dash' ? readList(reading, token.column) : readMap(reading);
  reading.depth -= 1;
  return value;
}

function readList(reading: Reading, column: number): Json | undefined {
  const { tokens, places } = reading;
  const items: Json[] = [];
  while (take('dash', column, reading) !== undefined) {
    const first = tokens[reading.at];
    const item = readNode(reading);
    if (item === undefined || first === undefined) return undefined;
    if (places !== undefined) {
      const span = spanOf(first, reading);
      note(places, items, items.length, { label: span, value: span });
    }
    items.push(item);
  }
  return isOver(reading, column) ? items : undefined;
}

function readMap(reading: Reading): JsonObject | undefined {
  const { tokens, places } = reading;
  const members: Record<string, Json> = {};
  const column = tokens[reading.at]?.column ?? 0;
  for (let token = take('key', column, reading); token !== undefined; token = take('key', column, reading)) {
    const { key } = token;
    const first = tokens[reading.at];
    reading.end = token.end;
    const value = token.value ?? readBehindKey(reading, column);
    if (value === undefined || Object.hasOwn(members, key)) return undefined;
    members[key] = value;
    if (places !== undefined) note(places, members, key, placeOf(token, value === null ? undefined : first, reading));
  }
  return isOver(reading, column) ? members : undefined;
}

/** The next token, if it is of this kind and in this column. */
function take(kind: Token['kind'], column: number, reading: Reading): Token | undefined {
  const token = reading.tokens[reading.at];
  if (token?.kind !== kind || token.column !== column) return undefined;
  reading.at += 1;
  return token;
}

/** A list may begin in the column of its key. */
function readBehindKey(reading: Reading, column: number): Json | undefined {
  const next = reading.tokens[reading.at];
  if (next === undefined || next.column < column) return null;
  if (next.column === column && next.kind !== 'dash') return null;
  return readNode(reading);
}

/** What goes on further to the right belongs to something that had ended. */
function isOver({ tokens, at }: Reading, column: number): boolean {
  const next = tokens[at];
  return next === undefined || next.column <= column;
}

/** `first`: of the value, where that is not on the line of the key. */
function placeOf(token: Token, first: Token | undefined, reading: Reading): Place {
  const label = { start: token.start, end: token.start + token.key.length };
  if (token.value !== undefined) return { label, value: { start: token.valueStart, end: token.valueEnd } };
  return { label, value: first === undefined ? label : spanOf(first, reading) };
}

function spanOf(first: Token, { end }: Reading): Span {
  return { start: first.start, end: first.kind === 'value' ? first.valueEnd : end };
}
