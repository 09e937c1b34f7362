/** How fast a reflector goes. Times in milliseconds. */
export interface Pace {
  /** First pause after a failure; doubled at each further one, up to `longestPauseMs`; at least half of it is waited. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  /**
   * A watch that lived as long was a good one: the next failure counts as the first. Longer than a watch may take until it
   * is answered.
   */
  readonly steadyMs: number;
  /** A watch that ends regularly, but sooner, counts as a failure: somebody between us and the API server cuts it. */
  readonly shortestWatchMs: number;
  /**
   * The API server ends each watch after this long. It sends bookmarks about once a minute and 2 s before such an end, and
   * none while the collection rests: without an end, silence would prove nothing.
   */
  readonly watchMs: number;
  /** Nothing heard for as long, no bookmark and no end either: the connection is dead. More than `watchMs`. */
  readonly silenceMs: number;
  /** All is listed anew at a random moment between these two: what a watch lost is found at the latest then. */
  readonly relistAfterMs: readonly [from: number, to: number];
  readonly listTimeoutMs: number;
  /** Objects per page of a list. */
  readonly pageSize: number;
  /** From 0 up to, but not including, 1. */
  random(): number;
  /** Milliseconds since 1970. */
  now(): number;
}

export const USUAL_PACE: Pace = {
  firstPauseMs: 500,
  longestPauseMs: 15_000,
  steadyMs: 20_000,
  shortestWatchMs: 5_000,
  watchMs: 50_000,
  silenceMs: 60_000,
  relistAfterMs: [300_000, 600_000],
  listTimeoutMs: 30_000,
  pageSize: 50,
  random: Math.random,
  now: Date.now,
};

/** The pause after so many failures in a row (1, 2, …): doubling, and spread so that replicas do not come together. */
export function pauseAfter(failures: number, { firstPauseMs, longestPauseMs, random }: Pace): number {
  const full = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(failures - 1, 30));
  return full * (0.5 + random() / 2);
}

/**
 * Gives the milliseconds since this call, by the clock that says more: the one of the day counts the sleep of a machine,
 * and the monotonic one cannot be set back.
 */
export function startStopwatch({ now }: Pick<Pace, 'now'>): () => number {
  const [day, monotonic] = [now(), performance.now()];
  return () => Math.max(now() - day, performance.now() - monotonic);
}

/** Waits, but no longer than until `signal` aborts. Keeps no process alive. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, ms).unref();
    signal.addEventListener('abort', wake, { once: true });
    if (signal.aborted) wake();
  });
}
