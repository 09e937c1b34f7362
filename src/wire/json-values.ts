import type { Json } from '../domain/json.ts';
import { endOfJson } from './json-spans.ts';
import type { Span } from './line-places.ts';

/** One of the JSON values in a text, and where it stands. */
export interface JsonValue {
  readonly value: Json;
  readonly extent: Span;
}

const BLANK = ' \t\r\n';

/** The objects and lists with which a text begins, one after the other, up to the first thing that is neither. */
export function* jsonValuesIn(text: string): Generator<JsonValue, void> {
  let start = nextOf(text, 0);
  while (text[start] === '{' || text[start] === '[') {
    // Mostly there is one value: no need to look for its end first.
    const all = parseJson(text.slice(start));
    const end = all === undefined ? endOfJson(text, start) : text.trimEnd().length;
    const value = all ?? parseJson(text.slice(start, end));
    if (value === undefined) return;
    yield { value, extent: { start, end } };
    start = nextOf(text, end);
  }
}

/** Whether there is nothing else in it. */
export function isJsonOnly(text: string): boolean {
  let end = 0;
  for (const { extent } of jsonValuesIn(text)) ({ end } = extent);
  return end > 0 && nextOf(text, end) === text.length;
}

/** The first place from there on that is not blank. */
export function nextOf(text: string, from: number): number {
  let at = from;
  while (at < text.length && BLANK.includes(text.charAt(at))) at += 1;
  return at;
}

function parseJson(text: string): Json | undefined {
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- JSON.parse gives JSON
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
