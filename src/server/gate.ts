import { performance } from 'node:perf_hooks';
import type { Logger } from 'pino';
import type { Inventory } from '../domain/inventory.ts';
import type { Labels } from '../domain/selection.ts';
import type { World } from '../domain/world.ts';
import type { Policy } from '../engine/policy.ts';
import type { Metrics } from './metrics.ts';
import { makeReservations, RESERVATION_MS, type ReservationBook } from './reservations.ts';

/**
 * What every door of one gate shares. Policy and inventory are immutable values that may be replaced as a whole, so a door
 * reads each of them once per request.
 */
export interface Gate {
  /** undefined while no valid documents are loaded. */
  policy(): Policy | undefined;
  inventory(): Inventory;
  /** undefined where the labels of the namespace are not known. */
  labelsOf(namespace: string): Labels | undefined;
  readonly reservations: ReservationBook;
  now(): Date;
  /** Why the gate must not get requests now; empty when it is ready. */
  notReady(): readonly string[];
  /** From now on it is not ready, because it is about to stop. */
  startDraining(): void;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/** The world as it is at this moment. */
export function worldOf(gate: Gate, now: Date): World {
  return {
    inventory: gate.inventory(),
    labelsOf: gate.labelsOf,
    reservations: gate.reservations.view(now.getTime()),
  };
}

/** Seconds since `startedAt`, a reading of the monotonic clock. */
export function secondsSince(startedAt: number): number {
  return (performance.now() - startedAt) / 1000;
}

/** What a gate is made of at start. */
export interface GateParts {
  readonly policy: Policy | undefined;
  /** Why there is no policy. */
  readonly policyProblems: readonly string[];
  readonly inventory: Inventory;
  readonly namespaceLabels: ReadonlyMap<string, Labels>;
  now(): Date;
  readonly metrics: Metrics;
  readonly log: Logger;
}

export function makeGate(parts: GateParts): Gate {
  const { policy, policyProblems, inventory, namespaceLabels, metrics, log } = parts;
  const reasons = [...policyProblems];
  metrics.setPolicy(policy?.hash);
  return {
    policy: () => policy,
    inventory: () => inventory,
    labelsOf: (namespace) => namespaceLabels.get(namespace),
    reservations: makeReservations(RESERVATION_MS),
    now: parts.now,
    notReady: () => reasons,
    startDraining: () => reasons.push('shutting down'),
    metrics,
    log,
  };
}
