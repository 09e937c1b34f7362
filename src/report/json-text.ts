import { escaped } from '../domain/text.ts';

/**
 * The value as one line of JSON that shows all that is in it: names come from whoever wrote the manifests, and
 * `JSON.stringify` leaves much as it is that terminals obey or do not show.
 */
export function jsonText(value: unknown): string {
  return escaped(JSON.stringify(value));
}
