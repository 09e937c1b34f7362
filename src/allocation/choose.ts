import { score, seedOf } from './score.ts';

/** What stands in the way of a number. */
export interface Availability {
  /** Held by another Service, or already used by this one. */
  isTaken(port: number): boolean;
  /**
   * For a number that is free, but is to be taken only when nothing else is: the lowest order first, of one order the
   * number that the key wants most. undefined: not a last resort.
   */
  lastResortOrder(port: number): number | undefined;
}

/**
 * The port that this key wants most among those that are free (highest-random-weight hashing, Thaler and Ravishankar 1996);
 * last resorts rank behind all others. undefined: every one of them is taken.
 * Growing the candidates by n moves the choice with probability n/(new size) only.
 */
export function choose(
  key: string,
  candidates: Uint16Array,
  { isTaken, lastResortOrder }: Availability,
): number | undefined {
  const seed = seedOf(key);
  let best: number | undefined;
  let bestScore = -1;
  let lastResort: number | undefined;
  let lowestOrder = Infinity;
  let lastResortScore = -1;
  for (const port of candidates) {
    const rank = score(seed, port);
    // The score decides first: it is cheaper than a look-up, and most candidates lose by it.
    if (rank <= bestScore || isTaken(port)) continue;
    const order = lastResortOrder(port);
    if (order === undefined) {
      best = port;
      bestScore = rank;
    } else if (order < lowestOrder || (order === lowestOrder && rank > lastResortScore)) {
      lastResort = port;
      lowestOrder = order;
      lastResortScore = rank;
    }
  }
  return best ?? lastResort;
}

/** The next `count` choices of the key, in the order in which it would take them. */
export function choices(
  key: string,
  candidates: Uint16Array,
  { isTaken, lastResortOrder }: Availability,
  count: number,
): readonly number[] {
  const seed = seedOf(key);
  const best: Choice[] = [];
  for (const port of candidates) {
    const rank = score(seed, port);
    const worst = best.length < count ? undefined : best.at(-1);
    if ((worst !== undefined && rank <= worst.weight) || isTaken(port)) continue;
    const order = lastResortOrder(port);
    const choice = { port, rank, weight: order === undefined ? rank : -1 - order };
    if (worst !== undefined) {
      if (!isBefore(choice, worst)) continue;
      best.pop();
    }
    best.splice(best.findLastIndex((better) => isBefore(better, choice)) + 1, 0, choice);
  }
  return best.map(({ port }) => port);
}

interface Choice {
  readonly port: number;
  readonly rank: number;
  /** The rank; for a last resort below every rank. */
  readonly weight: number;
}

function isBefore(a: Choice, b: Choice): boolean {
  return a.weight === b.weight ? a.rank > b.rank : a.weight > b.weight;
}
