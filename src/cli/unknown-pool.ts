import type { Pool } from '../domain/pool.ts';
import { anyOf, printable } from '../domain/text.ts';

/** What `--pool` could be instead: `--pool: gold is no pool of the policy; use shop or late`. */
export function unknownPool(name: string, whose: string, others: readonly Pool[]): string {
  const advice = others.length === 0 ? 'it has none' : `use ${anyOf(others.map((pool) => pool.name))}`;
  return `--pool: ${printable(name)} is no pool of ${whose}; ${advice}`;
}
