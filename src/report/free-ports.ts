import { describePool, type Pool } from '../domain/pool.ts';
import { formatRanges } from '../domain/port-set.ts';

/** A pool may have hundreds of ranges; a line needs a few of them. */
const MOST_RANGES = 3;

/** Whose the ports are, how many are left, and then one number a line. */
export function freePortsText(pool: Pool, free: readonly number[], left: number): string {
  const size = pool.assignable.numbers.length;
  const head = `pool ${describePool(pool)}: ${left} of ${size} ports free (${formatRanges(pool.ports.ranges, MOST_RANGES)})`;
  return `${[head, ...free.map((number) => `  ${number}`)].join('\n')}\n`;
}
