import { type Pace, pauseAfter, USUAL_PACE } from './pace.ts';

/** Milliseconds until there may be work again; `again` when something got in between and the same work is to be tried. */
export type RoundResult = number | 'again';

export interface Rounds {
  /** There may be work now: a round begins at once, or right after the one under way. */
  kick(): void;
  /** Ends it for ever; a round under way is not interrupted. */
  stop(): void;
}

const LONGEST_IDLE_MS = 30_000;

/**
 * Runs `work` now and then: never twice at the same time, about every `longestIdleMs` (30 seconds) even when nobody kicks,
 * and after failures with growing pauses. What it throws goes to `onFault`. Keeps no process alive.
 */
export function startRounds(
  work: () => Promise<RoundResult>,
  onFault: (message: string) => void,
  pace: Pace = USUAL_PACE,
  longestIdleMs = LONGEST_IDLE_MS,
): Rounds {
  let timer: NodeJS.Timeout | undefined;
  let isRunning = false;
  let isKicked = false;
  let isStopped = false;
  let failures = 0;

  async function run(): Promise<void> {
    isRunning = true;
    isKicked = false;
    const pauseMs = await outcome();
    isRunning = false;
    if (!isStopped) timer = setTimeout(begin, isKicked ? 0 : pauseMs).unref();
  }

  async function outcome(): Promise<number> {
    try {
      const result = await work();
      failures = result === 'again' ? failures + 1 : 0;
      // Replicas that started together must not ask together for ever.
      const idle = longestIdleMs * (0.8 + pace.random() * 0.4);
      return result === 'again' ? pauseAfter(failures, pace) : Math.min(result, idle);
    } catch (error) {
      failures += 1;
      if (!isStopped) onFault(error instanceof Error ? error.message : String(error));
      return pauseAfter(failures, pace);
    }
  }

  function begin(): void {
    clearTimeout(timer);
    if (!isStopped) void run();
  }

  begin();
  return {
    kick: () => {
      if (isRunning) isKicked = true;
      else begin();
    },
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
