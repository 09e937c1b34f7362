import type { SnapshotResource } from '../domain/snapshot.ts';
import { allOf } from '../domain/text.ts';

/** None or one: which kinds of objects nobody could tell of, and what that means. */
export function notKnownText(
  notKnown: readonly SnapshotResource[],
  consequence = 'what depends on them is left out',
): readonly string[] {
  return notKnown.length === 0 ? [] : [`not known: ${allOf(notKnown)}; ${consequence}`];
}
