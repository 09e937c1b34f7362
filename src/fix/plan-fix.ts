import { isMap, isScalar, type Pair } from 'yaml';
import type { Fix } from '../domain/finding.ts';
import type { Path } from '../domain/path.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import { insertLine, removeLines } from './block-mapping.ts';
import { endOfKey, endOfMark, isBlockScalar, rangeOf, startOf } from './extents.ts';
import { predecessors } from './field-order.ts';
import { insertMember, removeMember } from './flow-mapping.ts';
import { type Place, placeOf } from './place.ts';
import { quotesFor, quotesOf, type ScalarValue, scalarText } from './scalar-text.ts';
import type { Splice } from './splice.ts';
import type { WrittenDocument } from './written-document.ts';

type Holder = Extract<Place, { in: 'mapping' }>;

/** What to write where, so that the field has the value; or why that is better left to a person. */
export function planFix(document: WrittenDocument, path: Path, value: Fix['value']): Result<Splice, string> {
  const place = placeOf(document, path);
  if (!place.ok) return place;
  // The reader passes tags over; kubectl does not.
  if (isTagged(place.value)) return failed(['a tag (!) stands before the value']);
  if (place.value.in === 'list') return value === undefined ? keptItem() : replaceNode(place.value.item, value);
  const { pair } = place.value;
  if (value === undefined) return pair === undefined ? notWritten() : remove(document, place.value, pair);
  return pair === undefined ? insert(document, place.value, value) : replace(document, pair, value);
}

function isTagged(place: Place): boolean {
  const node = place.in === 'list' ? place.item : place.pair?.value;
  return isScalar(node) && node.tag !== undefined;
}

function keptItem(): Result<never, string> {
  return failed(['items of lists are not taken out here']);
}

/** Taking out what `<<` brings in would need an edit of the mapping that is merged. */
function notWritten(): Result<never, string> {
  return failed(['this is not written here; it comes in with <<']);
}

function remove({ text }: WrittenDocument, { mapping }: Holder, pair: Pair): Result<Splice, string> {
  return mapping.flow === true ? removeMember(text, mapping, pair) : removeLines(text, mapping, pair);
}

function insert({ text, isJson }: WrittenDocument, holder: Holder, value: ScalarValue): Result<Splice, string> {
  const { mapping, key } = holder;
  const after = predecessors(mapping, key);
  const [best] = after;
  const quotes = isJson || quotesOf(best?.key) === 'double' ? 'double' : 'none';
  const field = { key: scalarText(key, quotes), value: scalarText(value, quotes) };
  // Without braces there is always something to come after.
  if (mapping.flow === true || best === undefined) return insertMember(text, mapping, after, field);
  return ok(insertLine(text, best, `${field.key}: ${field.value}`));
}

function replace({ text }: WrittenDocument, pair: Pair, value: ScalarValue): Result<Splice, string> {
  const written = scalarText(value, quotesFor(pair));
  const [start, end] = rangeOf(pair.value);
  return start === end ? fillIn(text, pair, written) : replaceNode(pair.value, value, written);
}

function replaceNode(node: unknown, value: ScalarValue, written?: string): Result<Splice, string> {
  if (!isScalar(node) || isBlockScalar(node)) {
    return failed([`a ${isMap(node) ? 'mapping' : isScalar(node) ? 'text of several lines' : 'list'} is written here`]);
  }
  const [start, end] = rangeOf(node);
  return ok({ start, end, text: written ?? scalarText(value, quotesOf(node)) });
}

/** Nothing is written behind the key: `nodePort:`, `nodePort: # why`, `{nodePort}`. */
function fillIn(text: string, pair: Pair, written: string): Result<Splice, string> {
  const mark = endOfMark(pair);
  if (mark === undefined && text[startOf(pair)] === '?') return failed(['only a key is written, behind a ?']);
  if (mark === undefined) return ok({ start: endOfKey(pair), end: endOfKey(pair), text: `: ${written}` });
  const blanks = /^[ \t]*/.exec(text.slice(mark))?.[0].length ?? 0;
  // What follows on the line keeps its distance; blanks before its end, or before a comma, go.
  const end = /^(?:,|\r?\n|$)/.test(text.slice(mark + blanks)) ? mark + blanks : mark;
  return ok({ start: mark, end, text: ` ${written}` });
}
