import { describePool, type Pool } from '../domain/pool.ts';
import { formatRanges } from '../domain/port-set.ts';
import { csvText } from './csv.ts';
import { harmless } from './harmless.ts';

/** A pool may have hundreds of ranges; a line needs a few of them. */
const MOST_RANGES = 3;

/** Ports that are free in every cluster that is known. */
export interface FreePorts {
  readonly pool: Pool;
  /** The first of them. */
  readonly free: readonly number[];
  /** How many there are. */
  readonly left: number;
  /** How many are free in each of several clusters; empty for one. */
  readonly leftIn: readonly { readonly cluster: string; readonly left: number }[];
}

/** What `-o` of `free` takes. */
export const FREE_FORMATS = {
  human: freeHuman,
  json: freeJson,
  csv: freeCsv,
} as const satisfies Readonly<Record<string, (ports: FreePorts) => string>>;

export type FreeFormatName = keyof typeof FREE_FORMATS;

/** Whose the ports are, how many are left, and then one number a line. */
function freeHuman({ pool, free, left, leftIn }: FreePorts): string {
  const size = pool.assignable.numbers.length;
  const head = `pool ${describePool(pool)}: ${left} of ${size} ports free (${formatRanges(pool.ports.ranges, MOST_RANGES)})`;
  const each = leftIn.map(({ cluster, left: there }) => `${harmless(cluster)} ${there}`);
  const end = each.length === 0 ? [] : [`free in each alone: ${each.join(', ')}`];
  return `${[head, ...free.map((number) => `  ${number}`), ...end].join('\n')}\n`;
}

function freeJson({ pool: { name, contact }, free }: FreePorts): string {
  return `${JSON.stringify({ pool: name, contact, free })}\n`;
}

function freeCsv({ pool: { name, contact }, free }: FreePorts): string {
  return csvText(
    ['node_port', 'pool', 'contact'],
    free.map((number) => [number, name, contact]),
  );
}
