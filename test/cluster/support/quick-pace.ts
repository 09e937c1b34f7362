import { type Pace, USUAL_PACE } from '../../../src/cluster/pace.ts';

/** So fast that a test need not wait, and the same each time. A watch is never too short unless a test says so. */
export const QUICK_PACE: Pace = {
  ...USUAL_PACE,
  firstPauseMs: 4,
  longestPauseMs: 40,
  shortestWatchMs: 0,
  random: () => 0.5,
};
