import type { Assignment } from '../domain/verdict.ts';
import { NO_RESERVATIONS, type Reservation, type Reservations } from '../domain/world.ts';

/** The ports that were given away in the last seconds, until the inventory knows them. */
export interface ReservationBook {
  remember(assignments: readonly Pick<Assignment, 'nodePort' | 'key'>[], owner: string, nowMs: number): void;
  /** The inventory knows by now what this owner has. */
  forget(owner: string): void;
  view(nowMs: number): Reservations;
}

interface Entry extends Reservation {
  readonly endsAt: number;
}

/** As many as there are node ports in most clusters: 2,768 by default. Whoever floods the gate forgets the oldest. */
const MOST_ENTRIES = 4096;

export const RESERVATION_MS = 10_000;

/** In memory and of this process alone. `ttlMs`: how long a port is remembered, in milliseconds. */
export function makeReservations(ttlMs: number): ReservationBook {
  /** By owner and key, the oldest first. */
  const entries = new Map<string, Entry>();
  const byNumber = new Map<number, Entry>();
  const byOwner = new Map<string, Set<string>>();
  let order = 0;

  const forget = (id: string, entry: Entry): void => {
    entries.delete(id);
    const ids = byOwner.get(entry.owner);
    ids?.delete(id);
    if (ids?.size === 0) byOwner.delete(entry.owner);
    if (byNumber.get(entry.number) === entry) byNumber.delete(entry.number);
  };
  const prune = (nowMs: number): void => {
    for (const [id, entry] of entries) {
      const leftMs = entry.endsAt - nowMs;
      // More than it was given: the clock was set back, and nothing is to stay until it has caught up.
      if (leftMs > 0 && leftMs <= ttlMs && entries.size <= MOST_ENTRIES) return;
      forget(id, entry);
    }
  };
  return {
    remember: (assignments, owner, nowMs) => {
      for (const { nodePort, key } of assignments) {
        const id = idOf(owner, key);
        const former = entries.get(id);
        if (former !== undefined) forget(id, former);
        order += 1;
        const entry = { number: nodePort, owner, key, order, endsAt: nowMs + ttlMs };
        entries.set(id, entry);
        byNumber.set(nodePort, entry);
        byOwner.set(owner, (byOwner.get(owner) ?? new Set()).add(id));
      }
      prune(nowMs);
    },
    forget: (owner) => {
      for (const id of byOwner.get(owner) ?? []) {
        const entry = entries.get(id);
        if (entry !== undefined) forget(id, entry);
      }
    },
    view: (nowMs) => {
      prune(nowMs);
      if (entries.size === 0) return NO_RESERVATIONS;
      return {
        of: (number) => byNumber.get(number),
        find: (owner, key) => {
          const entry = entries.get(idOf(owner, key));
          return entry !== undefined && byNumber.get(entry.number) === entry ? entry : undefined;
        },
      };
    },
  };
}

/** Unambiguous, whatever characters the parts have. */
function idOf(owner: string, key: string): string {
  return JSON.stringify([owner, key]);
}
