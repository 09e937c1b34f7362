import { isScalar, type Pair, type YAMLMap } from 'yaml';
import { failed, ok, type Result } from '../domain/result.ts';
import { endOf, endOfKey, rangeOf, startOf } from './extents.ts';
import { quotesOf } from './scalar-text.ts';
import type { Splice } from './splice.ts';

interface FlowField {
  readonly key: string;
  readonly value: string;
}

/** Writes the field behind the first of the pairs that no comment follows, with the comma and line end that are usual there. */
export function insertMember(
  text: string,
  mapping: YAMLMap,
  after: readonly Pair[],
  { key, value }: FlowField,
): Result<Splice, string> {
  const [start, end] = rangeOf(mapping);
  if (text[start] !== '{') return failed(['its mapping is a single pair without braces']);
  if (mapping.items.length === 0) {
    if (text.slice(start + 1, end - 1).trim() !== '') return failed(['a comment is all there is between the braces']);
    return ok({ start: start + 1, end: end - 1, text: `${key}: ${value}` });
  }
  const free = after.find((pair) => isFreeOfComments(text.slice(endOf(pair, text), startOfNext(mapping, pair))));
  if (free === undefined) return failed(['comments stand between the commas of the mapping']);
  const at = endOf(free, text);
  const comma = separatorIn(text, mapping, free);
  return ok({ start: at, end: at, text: `${comma}${key}${colonIn(text, mapping)}${value}` });
}

/** Takes the pair out together with one comma. */
export function removeMember(text: string, mapping: YAMLMap, pair: Pair): Result<Splice, string> {
  const { items } = mapping;
  const index = items.indexOf(pair);
  const previous = items[index - 1];
  const next = startOfNext(mapping, pair);
  if (!isFreeOfComments(text.slice(endOf(pair, text), next))) return failed(['a comment follows in the braces']);
  if (index < items.length - 1) return ok({ start: startOf(pair), end: next, text: '' });
  const end = endOf(pair, text);
  const start = previous === undefined ? rangeOf(mapping)[0] + 1 : endOf(previous, text);
  if (!isFreeOfComments(text.slice(start, startOf(pair)))) return failed(['a comment is before it in the braces']);
  return ok({ start, end: previous === undefined ? rangeOf(mapping)[1] - 1 : end, text: '' });
}

/** Where the next pair begins, or the closing brace stands. */
function startOfNext(mapping: YAMLMap, pair: Pair): number {
  const next = mapping.items[mapping.items.indexOf(pair) + 1];
  return next === undefined ? rangeOf(mapping)[1] - 1 : startOf(next);
}

function isFreeOfComments(gap: string): boolean {
  return /^[\s,]*$/.test(gap);
}

/** The comma with what surrounds it, as it is before the pair, or else anywhere in the mapping. */
function separatorIn(text: string, { items, range }: YAMLMap, pair: Pair): string {
  const index = items.indexOf(pair);
  const gaps = items.slice(1).map((each, at) => text.slice(endOfItem(items[at], text), startOf(each)));
  const usual = [gaps[index - 1], gaps[index], ...gaps].find((gap) => gap !== undefined && /^\s*,\s*$/.test(gap));
  if (usual !== undefined) return usual;
  const opening = text.slice((range?.[0] ?? 0) + 1, startOf(items[0] ?? pair));
  if (/^\s*\n\s*$/.test(opening)) return `,${opening}`;
  return /^:\S/.test(text.slice(endOfKey(pair))) ? ',' : ', ';
}

function endOfItem(pair: Pair | undefined, text: string): number {
  return pair === undefined ? 0 : endOf(pair, text);
}

/** Without a blank (`"a":1`) it is a colon only behind a quoted key. */
function colonIn(text: string, { items }: YAMLMap): string {
  const [pair] = items;
  if (pair === undefined || !isScalar(pair.value) || quotesOf(pair.key) !== 'double') return ': ';
  const colon = text.slice(endOfKey(pair), rangeOf(pair.value)[0]);
  return /^[ \t]*:[ \t]*$/.test(colon) ? colon : ': ';
}
