import { inventoryOf } from '../domain/inventory.ts';
import type { Pool } from '../domain/pool.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { NO_RESERVATIONS, type World } from '../domain/world.ts';

/** What of a world can stand in the way of a number. */
export interface Occupancy extends Pick<World, 'inventory' | 'reservations'> {
  /** What pods take on their nodes, where that is known: a Service that got one of these would take its traffic. */
  readonly hostPorts?: ReadonlySet<number>;
}

/** What stands in the way of a number in a cluster at one moment. */
export function occupancyOf({ services, pods = [] }: Pick<Snapshot, 'services' | 'pods'>): Occupancy {
  return {
    inventory: inventoryOf(services),
    reservations: NO_RESERVATIONS,
    hostPorts: new Set(pods.flatMap(({ hostPorts }) => hostPorts.map(({ number }) => number))),
  };
}

/** How many free numbers anybody may ask for at once. */
export const MOST_FREE = 100;
const DEFAULT_FREE = 3;

/** How many free numbers somebody asks for; undefined for what is no such count. */
export function freeCount(text = String(DEFAULT_FREE)): number | undefined {
  const count = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  return count >= 1 && count <= MOST_FREE ? count : undefined;
}

/**
 * The first numbers of the pool, ascending, that nothing stands in the way of in any of these worlds. A number that was given
 * away seconds ago, that an ExternalName carries, or that a pod takes on its node, counts as taken: the list is for people
 * who will use it later.
 */
export function freeNumbers(
  pool: Pick<Pool, 'assignable'>,
  worlds: readonly Occupancy[],
  count: number,
): readonly number[] {
  const free: number[] = [];
  for (const number of pool.assignable.numbers) {
    if (free.length === count) break;
    if (worlds.every((world) => isFree(number, world))) free.push(number);
  }
  return free;
}

function isFree(number: number, { inventory, reservations, hostPorts }: Occupancy): boolean {
  const { isHeld, squattersOf } = inventory;
  if (hostPorts?.has(number) === true) return false;
  return !isHeld(number) && squattersOf(number).length === 0 && reservations.of(number) === undefined;
}
