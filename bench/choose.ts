/** Choices that are the same in every run. */
export interface Choose {
  /** An integer from 0 up to, but without, `limit`. */
  readonly below: (limit: number) => number;
  readonly from: <T>(choices: readonly [T, ...T[]]) => T;
  /** Whether something happens that happens in so many of a hundred cases. */
  readonly percent: (share: number) => boolean;
}

/** Mulberry32: small, and even enough for test data. */
export function chooser(seed: number): Choose {
  let state = seed;
  const below = (limit: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
  return {
    below,
    from: (choices) => choices[below(choices.length)] ?? choices[0],
    percent: (share) => below(100) < share,
  };
}
