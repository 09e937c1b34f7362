import type { Json } from '../domain/json.ts';
import { note, type Places } from './plain-places.ts';
import { KEY, QUOTED, SCALAR, scalarOf } from './plain-values.ts';
import { isMeant, type YamlDialect } from './yaml-dialects.ts';

/** Deeper ones are left to the parser. */
export const DEEPEST_FLOW = 8;

/** What may be in a `{mapping}` or `[list]` on one line; whether it makes sense, `readFlow` finds out. */
export const FLOW = String.raw`[{[](?:[\w./@+=!$%&()*;?~:,{}[\] -]|${QUOTED})*[}\]]`;

const PIECE = new RegExp(String.raw` *(?:([{}[\],])|(${KEY}): +|(${SCALAR}))`, 'y');

/** In which text, as what kind of YAML, and where to note the places. */
export interface Context {
  readonly text: string;
  readonly dialect: YamlDialect;
  readonly places: Places | undefined;
}

interface Reading extends Context {
  at: number;
  depth: number;
  /** The last piece. */
  start: number;
  mark: string | undefined;
  key: string | undefined;
  word: string | undefined;
}

/** The mapping or list at these offsets; undefined where it is not certain what it means. */
export function readFlow(
  { text, dialect, places }: Context,
  { start, end }: { readonly start: number; readonly end: number },
): Json | undefined {
  const reading: Reading = {
    text,
    dialect,
    places,
    at: start,
    depth: 0,
    start,
    mark: undefined,
    key: undefined,
    word: undefined,
  };
  const value = next(reading) ? readNode(reading) : undefined;
  return reading.at === end ? value : undefined;
}

/** false where there is none. */
function next(reading: Reading): boolean {
  PIECE.lastIndex = reading.at;
  const piece = PIECE.exec(reading.text);
  if (piece === null) return false;
  [, reading.mark, reading.key, reading.word] = piece;
  reading.start = reading.at;
  while (reading.text.charAt(reading.start) === ' ') reading.start += 1;
  reading.at = PIECE.lastIndex;
  return true;
}

/** What the last piece is, or begins. */
function readNode(reading: Reading): Json | undefined {
  const { mark, word } = reading;
  if (word !== undefined) return scalarOf(word, reading.dialect);
  if (reading.depth === DEEPEST_FLOW || (mark !== '{' && mark !== '[')) return undefined;
  reading.depth += 1;
  const value = mark === '{' ? readMap(reading) : readList(reading);
  reading.depth -= 1;
  return value;
}

function readMap(reading: Reading): Json | undefined {
  const members: Record<string, Json> = {};
  const readMember = (): boolean => {
    const { key, start } = reading;
    if (key === undefined || isMeant(key) || Object.hasOwn(members, key) || !next(reading)) return false;
    const { start: valueStart } = reading;
    const value = readNode(reading);
    if (value === undefined) return false;
    members[key] = value;
    if (reading.places !== undefined) {
      const label = { start, end: start + key.length };
      note(reading.places, members, key, { label, value: { start: valueStart, end: reading.at } });
    }
    return true;
  };
  return readParts(reading, '}', readMember) ? members : undefined;
}

function readList(reading: Reading): Json | undefined {
  const items: Json[] = [];
  const readItem = (): boolean => {
    const { start } = reading;
    const value = readNode(reading);
    if (value === undefined) return false;
    if (reading.places !== undefined) {
      const span = { start, end: reading.at };
      note(reading.places, items, items.length, { label: span, value: span });
    }
    items.push(value);
    return true;
  };
  return readParts(reading, ']', readItem) ? items : undefined;
}

/** Up to the mark that closes, with commas between. */
function readParts(reading: Reading, closing: '}' | ']', readPart: () => boolean): boolean {
  if (!next(reading)) return false;
  if (reading.mark === closing) return true;
  while (readPart() && next(reading)) {
    if (reading.mark === closing) return true;
    if (reading.mark !== ',' || !next(reading)) return false;
  }
  return false;
}
