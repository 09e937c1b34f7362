import { MAX_PORT, type PortRange } from '../../domain/port-set.ts';
import type { Atlas, AtlasPool } from './atlas.ts';

/** The range laid out in rows that begin with a multiple of their length. */
export interface MapGrid {
  readonly range: PortRange;
  readonly columns: number;
  readonly rows: number;
  /** The number in the first column of the first row; may be below the range. */
  readonly origin: number;
}

/** A stretch of cells in one row that belong to one pool. */
export interface Band {
  readonly pool: AtlasPool;
  /** Columns, counted from 0; `end` is not included. */
  readonly start: number;
  readonly end: number;
  /** Whether the name has to be said: the pool does not have the number before. */
  readonly isFirst: boolean;
  /** Columns up to the next band: there its name has room. */
  readonly room: number;
}

export function gridOf(range: PortRange, columns: number): MapGrid {
  const origin = Math.floor(range.from / columns) * columns;
  const rows = range.to < range.from ? 0 : Math.floor(range.to / columns) - origin / columns + 1;
  return { range, columns, rows, origin };
}

/** The numbers of a row; undefined where the range has none. */
export function numbersOfRow({ range, columns, origin }: MapGrid, row: number): readonly (number | undefined)[] {
  return Array.from({ length: columns }, (_, column) => {
    const number = origin + row * columns + column;
    return number >= range.from && number <= range.to ? number : undefined;
  });
}

export function rowOf({ origin, columns }: MapGrid, number: number): number {
  return Math.floor((number - origin) / columns);
}

export function bandsOfRow(poolOf: Atlas['poolOf'], grid: MapGrid, row: number): readonly Band[] {
  const bands: Band[] = [];
  let start = 0;
  const numbers = numbersOfRow(grid, row);
  const owner = (column: number): AtlasPool | undefined => {
    const number = numbers[column];
    return number === undefined ? undefined : poolOf(number);
  };
  while (start < numbers.length) {
    const pool = owner(start);
    let end = start + 1;
    while (end < numbers.length && owner(end) === pool) end += 1;
    if (pool !== undefined) {
      const isFirst = row === 0 || !continues(poolOf, grid, { row, start }, pool);
      bands.push({ pool, start, end, isFirst, room: 0 });
    }
    start = end;
  }
  return bands.map((band, index) => ({ ...band, room: (bands[index + 1]?.start ?? grid.columns) - band.start }));
}

/** Whether the pool owns the number before as well: a band that goes on from the row above. */
function continues(
  poolOf: Atlas['poolOf'],
  grid: MapGrid,
  { row, start }: { readonly row: number; readonly start: number },
  pool: AtlasPool,
): boolean {
  const before = grid.origin + row * grid.columns + start - 1;
  return before >= grid.range.from && poolOf(before) === pool;
}

/** Where a key leads from a number on the map; undefined for a key that leads nowhere. */
export function numberAfterKey(
  { range, columns }: MapGrid,
  number: number,
  key: string,
  withControl = false,
): number | undefined {
  const column = number % columns;
  const page = 5 * columns;
  const targets: Readonly<Record<string, number>> = {
    ArrowLeft: number - 1,
    ArrowRight: number + 1,
    ArrowUp: number - columns,
    ArrowDown: number + columns,
    Home: withControl ? 0 : number - column,
    End: withControl ? MAX_PORT : number - column + columns - 1,
    PageUp: number - page,
    PageDown: number + page,
  };
  const target = targets[key];
  if (target === undefined) return undefined;
  const isVertical = ['ArrowUp', 'ArrowDown'].includes(key);
  if (isVertical && (target < range.from || target > range.to)) return number;
  return Math.min(Math.max(target, range.from), range.to);
}

/** The rows in which something has a number; all of them when they are few. */
export function rowsInUse({ byNumber, range }: Pick<Atlas, 'byNumber' | 'range'>, grid: MapGrid): readonly number[] {
  const all = Array.from({ length: grid.rows }, (_, row) => row);
  if (grid.rows <= MOST_ROWS_ON_PAPER) return all;
  const numbers = [...byNumber.keys()].filter((number) => number >= range.from && number <= range.to);
  const inUse = new Set(numbers.map((number) => rowOf(grid, number)));
  return all.filter((row) => inUse.has(row));
}

const MOST_ROWS_ON_PAPER = 100;
