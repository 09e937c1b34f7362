import type { Inventory } from './inventory.ts';
import type { Pool } from './pool.ts';

/** How many numbers of a pool are held (reserved or not), reserved and not held, and free to be assigned: together all of them. */
export interface Fullness {
  readonly used: number;
  readonly reserved: number;
  readonly free: number;
}

export function fullnessOf({ ports, assignable }: Pool, { isHeld }: Inventory): Fullness {
  const used = ports.numbers.filter(isHeld).length;
  const free = assignable.numbers.filter((number) => !isHeld(number)).length;
  return { used, reserved: ports.numbers.length - used - free, free };
}
