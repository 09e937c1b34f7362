import type { Inventory } from './inventory.ts';
import type { Reach } from './reach.ts';
import type { Labels } from './selection.ts';
import type { Workloads } from './workload.ts';

/** A port that was assigned seconds ago and may not be in the inventory yet. */
export interface Reservation {
  readonly number: number;
  /** `namespace/name`; for a Service made from generateName `namespace/prefix#uid`. */
  readonly owner: string;
  /** The rendezvous key of the port. */
  readonly key: string;
  /** Grows with every reservation: the smallest is the oldest. */
  readonly order: number;
}

/** The reservations that are alive at one moment. */
export interface Reservations {
  /** The newest one of the number. */
  of(number: number): Reservation | undefined;
  /** What the owner was given for the key, unless somebody else was given the number since. */
  find(owner: string, key: string): Reservation | undefined;
}

export const NO_RESERVATIONS: Reservations = { of: () => undefined, find: () => undefined };

/** Everything outside the request and the policy that a verdict depends on, at one moment. */
export interface World {
  readonly inventory: Inventory;
  /** undefined where the namespace or its labels are not known. */
  labelsOf(namespace: string): Labels | undefined;
  readonly reservations: Reservations;
  readonly workloads: Workloads;
  readonly reach: Reach;
}
