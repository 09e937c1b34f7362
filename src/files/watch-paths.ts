import { type FSWatcher, watch } from 'node:fs';
import { basename } from 'node:path';
import { type Place, placesOf } from './places.ts';

export interface WatchOptions {
  /** How often to look although nothing was reported; 10 s unless told. */
  readonly pollMs?: number;
  /** How long it must have been quiet; 100 ms unless told. */
  readonly quietMs?: number;
}

const POLL_MS = 10_000;
const QUIET_MS = 100;
/** What never rests is looked at all the same, after this many times `quietMs`. */
const LONGEST_BURST = 10;

/**
 * Calls `onChange` whenever something about the files or directories may have changed, and every ten seconds in any case:
 * it only says "look again", the caller compares contents. `onChange` must not throw.
 *
 * Watched are directories, never files: a watched file is a dead inode as soon as somebody renames another over it, which
 * is how editors save and how the kubelet publishes a ConfigMap or Secret (`..data` is renamed, measured on Node 24).
 * Paths need not be there yet. Where the machine has no watches left (ENOSPC, EMFILE), the poll alone remains. Nothing
 * here keeps the process alive.
 */
export function watchPaths(
  paths: readonly string[],
  onChange: () => void,
  { pollMs = POLL_MS, quietMs = QUIET_MS }: WatchOptions = {},
): { close(): void } {
  let watchers: readonly FSWatcher[] = [];
  let pending: NodeJS.Timeout | undefined;
  let burstSince: number | undefined;

  const rearm = (): void => {
    const former = watchers;
    watchers = placesOf(paths).flatMap((place) => watchPlace(place, noted) ?? []);
    for (const watcher of former) watcher.close();
  };
  const look = (): void => {
    pending = undefined;
    burstSince = undefined;
    // Before the caller looks: what happens afterwards is seen by the new watchers, wherever the paths lead to by now.
    rearm();
    onChange();
  };
  function noted(): void {
    const now = performance.now();
    burstSince ??= now;
    if (pending !== undefined) clearTimeout(pending);
    const left = burstSince + LONGEST_BURST * quietMs - now;
    pending = setTimeout(look, Math.max(0, Math.min(quietMs, left))).unref();
  }

  rearm();
  // Through the same delay, so that a poll does not look into the middle of a burst of writes.
  const poll = setInterval(noted, pollMs).unref();
  return {
    close() {
      clearInterval(poll);
      clearTimeout(pending);
      for (const watcher of watchers) watcher.close();
      watchers = [];
    },
  };
}

/** undefined where it cannot be watched: gone by now, or no watches are left. The next poll tries again. */
function watchPlace({ directory, names }: Place, onEvent: () => void): FSWatcher | undefined {
  // The directory's own end and move are reported under its own name.
  const isMeant = (name: string | null): boolean =>
    name === null || names === 'all' || names.has(name) || name === basename(directory);
  try {
    const watcher = watch(directory, { persistent: false }, (_, name) => {
      if (isMeant(name)) onEvent();
    });
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch {
    return undefined;
  }
}
