import { SUPPRESSION_PREFIX } from '../domain/exception.ts';
import { isJsonObject, type Json, type JsonObject, own } from '../domain/json.ts';
import { POOL_ANNOTATION } from '../domain/pool.ts';
import { LEGACY_ANNOTATION, SOURCE_CIDRS_ANNOTATION } from '../domain/source-declaration.ts';

/** A key of an object with its value. */
export type Entry = readonly [string, Json];

/** In characters, for all labels, or all annotations, of one object. */
const MOST_TEXT = 16_384;
/** The longest that means something, `source-cidrs` with all the networks that are read of it, has less than 3,000 characters. */
const LONGEST_READ = 4_096;

/**
 * Labels or annotations of what runs, under their field: as many as fit, in the order that `entriesOf` gives them. Anything
 * that is no object stays as it is, so that reading tells of it.
 */
export function keptTexts(
  parent: JsonObject,
  field: string,
  entriesOf: (texts: JsonObject) => readonly Entry[] = Object.entries,
): JsonObject {
  const texts = own(parent, field);
  if (texts === undefined) return {};
  if (!isJsonObject(texts)) return { [field]: texts };
  let left = MOST_TEXT;
  const fitting = entriesOf(texts).filter(([key, value]) => {
    left -= key.length + (typeof value === 'string' ? value.length : 0);
    return left >= 0;
  });
  return { [field]: Object.fromEntries(fitting) };
}

const READ_BY_NAME = [POOL_ANNOTATION, SOURCE_CIDRS_ANNOTATION, LEGACY_ANNOTATION];

/**
 * The annotations that the gate reads, suppressions last, so that no number of them crowds out the others. One that is too
 * long to mean anything is left out as a whole: to cut a list of networks would hide those behind.
 */
export function annotationsRead(annotations: JsonObject): readonly Entry[] {
  const suppressions = Object.entries(annotations).filter(([key]) => key.startsWith(SUPPRESSION_PREFIX));
  return [...Object.entries(picked(annotations, READ_BY_NAME)), ...suppressions].filter(
    ([, value]) => typeof value !== 'string' || value.length <= LONGEST_READ,
  );
}

/** All others. */
export function annotationsUnread(annotations: JsonObject): readonly Entry[] {
  return Object.entries(annotations).filter(
    ([key]) => !READ_BY_NAME.includes(key) && !key.startsWith(SUPPRESSION_PREFIX),
  );
}

/** What an object has under these keys. */
export function picked(object: JsonObject, keys: readonly string[]): JsonObject {
  const entries: Entry[] = [];
  for (const key of keys) {
    const value = own(object, key);
    if (value !== undefined) entries.push([key, value]);
  }
  return Object.fromEntries(entries);
}
