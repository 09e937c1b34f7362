import { score, seedOf } from './score.ts';

/** More than any score: what is subtracted from it ranks last. */
const BEHIND_ALL_OTHERS = 2 ** 32;

/** What stands in the way of a number. */
export interface Availability {
  /** Held by another Service, or already used by this one. */
  isTaken(port: number): boolean;
  /** Given to another Service seconds ago: free, but only when nothing else is. */
  isRemembered(port: number): boolean;
}

/**
 * The port that this key wants most among those that are free (highest-random-weight hashing, Thaler and Ravishankar 1996);
 * remembered ones rank behind all others. undefined: every one of them is taken.
 * Growing the candidates by n moves the choice with probability n/(new size) only.
 */
export function choose(
  key: string,
  candidates: Uint16Array,
  { isTaken, isRemembered }: Availability,
): number | undefined {
  const seed = seedOf(key);
  let best: number | undefined;
  let bestScore = -1;
  let lastResort: number | undefined;
  let lastResortScore = -1;
  for (const port of candidates) {
    const rank = score(seed, port);
    // The score decides first: it is cheaper than a look-up, and most candidates lose by it.
    if (rank <= bestScore || isTaken(port)) continue;
    if (!isRemembered(port)) {
      best = port;
      bestScore = rank;
    } else if (rank > lastResortScore) {
      lastResort = port;
      lastResortScore = rank;
    }
  }
  return best ?? lastResort;
}

/** The next `count` choices of the key, in the order in which it would take them. */
export function choices(
  key: string,
  candidates: Uint16Array,
  { isTaken, isRemembered }: Availability,
  count: number,
): readonly number[] {
  const seed = seedOf(key);
  const best: { readonly port: number; readonly weight: number }[] = [];
  for (const port of candidates) {
    const rank = score(seed, port);
    const last = best.length < count ? -Infinity : (best.at(-1)?.weight ?? -Infinity);
    if (rank <= last || isTaken(port)) continue;
    const weight = isRemembered(port) ? rank - BEHIND_ALL_OTHERS : rank;
    if (weight <= last) continue;
    if (best.length === count) best.pop();
    best.splice(best.findLastIndex((better) => better.weight > weight) + 1, 0, { port, weight });
  }
  return best.map(({ port }) => port);
}
