import type { MappedPool } from '../../report/port-map.ts';

export interface Fullness {
  /** From 0 to 1: how much of the pool is no longer free, for whatever reason. */
  readonly share: number;
  readonly text: string;
  readonly isNearlyFull: boolean;
}

/** From here on somebody should think of more ports. */
const NEARLY = 0.8;

/** `12 of 100 held`; `full` and `nearly full` are said, not only drawn. */
export function fullness({ size, held, free }: Pick<MappedPool, 'size' | 'held' | 'free'>): Fullness {
  const share = size === 0 ? 1 : 1 - free / size;
  const isNearlyFull = share >= NEARLY;
  const state = free === 0 ? ', full' : isNearlyFull ? ', nearly full' : '';
  return { share, text: `${held} of ${size} held${state}`, isNearlyFull };
}
