/** What `JSON.stringify` leaves as it is although terminals obey it or do not show it: C1, bidirectional, zero-width. */
const UNSEEN = /[\u007f-\u009f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** The value as one line of JSON that shows all that is in it: names come from whoever wrote the manifests. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    UNSEEN,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
