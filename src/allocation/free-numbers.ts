import type { Pool } from '../domain/pool.ts';
import type { World } from '../domain/world.ts';

/** What of a world can stand in the way of a number. */
export type Occupancy = Pick<World, 'inventory' | 'reservations'>;

/**
 * The first numbers of the pool, ascending, that nothing stands in the way of in any of these worlds. A number that was given
 * away seconds ago, or that an ExternalName carries, counts as taken: the list is for people who will use it later.
 */
export function freeNumbers(pool: Pool, worlds: readonly Occupancy[], count: number): readonly number[] {
  const free: number[] = [];
  for (const number of pool.assignable.numbers) {
    if (free.length === count) break;
    if (worlds.every((world) => isFree(number, world))) free.push(number);
  }
  return free;
}

function isFree(number: number, { inventory, reservations }: Occupancy): boolean {
  const { isHeld, squattersOf } = inventory;
  return !isHeld(number) && squattersOf(number).length === 0 && reservations.of(number) === undefined;
}
