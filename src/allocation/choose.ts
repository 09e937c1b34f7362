import { score, seedOf } from './score.ts';

/** What stands in the way of a number. */
export interface Availability {
  /** Held by another Service, or already used by this one. */
  isTaken(port: number): boolean;
  /**
   * For a number that was given to another Service seconds ago: free, but only when nothing else is, and then the one with
   * the lowest order, which was given first: it is the least likely to be still on its way. undefined: not remembered.
   */
  rememberedOrder(port: number): number | undefined;
}

/**
 * The port that this key wants most among those that are free (highest-random-weight hashing, Thaler and Ravishankar 1996);
 * remembered ones rank behind all others. undefined: every one of them is taken.
 * Growing the candidates by n moves the choice with probability n/(new size) only.
 */
export function choose(
  key: string,
  candidates: Uint16Array,
  { isTaken, rememberedOrder }: Availability,
): number | undefined {
  const seed = seedOf(key);
  let best: number | undefined;
  let bestScore = -1;
  let lastResort: number | undefined;
  let lastResortOrder = Infinity;
  for (const port of candidates) {
    const rank = score(seed, port);
    // The score decides first: it is cheaper than a look-up, and most candidates lose by it.
    if (rank <= bestScore || isTaken(port)) continue;
    const order = rememberedOrder(port);
    if (order === undefined) {
      best = port;
      bestScore = rank;
    } else if (order < lastResortOrder) {
      lastResort = port;
      lastResortOrder = order;
    }
  }
  return best ?? lastResort;
}

/** The next `count` choices of the key, in the order in which it would take them. */
export function choices(
  key: string,
  candidates: Uint16Array,
  { isTaken, rememberedOrder }: Availability,
  count: number,
): readonly number[] {
  const seed = seedOf(key);
  const best: { readonly port: number; readonly weight: number }[] = [];
  for (const port of candidates) {
    const rank = score(seed, port);
    const last = best.length < count ? -Infinity : (best.at(-1)?.weight ?? -Infinity);
    if (rank <= last || isTaken(port)) continue;
    const order = rememberedOrder(port);
    const weight = order === undefined ? rank : -1 - order;
    if (weight <= last) continue;
    if (best.length === count) best.pop();
    best.splice(best.findLastIndex((better) => better.weight > weight) + 1, 0, { port, weight });
  }
  return best.map(({ port }) => port);
}
