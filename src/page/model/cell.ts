import type { Enforcement } from '../../domain/finding.ts';
import { isStricter } from '../../domain/finding.ts';
import { counted } from '../../domain/text.ts';
import { type Atlas, type AtlasPool, isInRange, type PortEntry, refOf } from './atlas.ts';

/** What a cell of the map shows, from what wants attention first to what wants none. */
export const CELL_STATES = ['shared', 'squatted', 'host-port', 'open-to-world', 'held', 'reserved', 'free'] as const;
export type CellState = (typeof CELL_STATES)[number];

export interface Cell {
  readonly number: number;
  /** The first of CELL_STATES that is true of it. */
  readonly state: CellState;
  readonly strictest: Enforcement | undefined;
  /** What the cell says to somebody who does not see it. */
  readonly label: string;
}

const NOTHING: readonly PortEntry[] = [];

export function cellOf(atlas: Atlas, number: number): Cell {
  const entries = atlas.byNumber.get(number) ?? NOTHING;
  const pool = atlas.poolOf(number);
  const state = entries.length === 0 ? vacantState(pool, number) : takenState(entries);
  return { number, state, strictest: strictestIn(entries), label: labelOf(atlas, { number, pool, entries, state }) };
}

/** Of a number that nothing has. */
export function vacantState(pool: AtlasPool | undefined, number: number): 'reserved' | 'free' {
  return pool?.reservedSet.has(number) === true ? 'reserved' : 'free';
}

function takenState(entries: readonly PortEntry[]): CellState {
  if (hasMark(entries, 'shared')) return 'shared';
  if (entries.some(({ kind }) => kind === 'squatted')) return 'squatted';
  if (entries.some(({ kind }) => kind === 'host-port')) return 'host-port';
  return hasMark(entries, 'open-to-world') ? 'open-to-world' : 'held';
}

function hasMark(entries: readonly PortEntry[], mark: PortEntry['marks'][number]): boolean {
  return entries.some(({ marks }) => marks.includes(mark));
}

function strictestIn(entries: readonly PortEntry[]): Enforcement | undefined {
  let found: Enforcement | undefined;
  for (const { strictest } of entries) {
    if (strictest !== undefined && (found === undefined || isStricter(strictest, found))) found = strictest;
  }
  return found;
}

interface Described {
  readonly number: number;
  readonly pool: AtlasPool | undefined;
  readonly entries: readonly PortEntry[];
  readonly state: CellState;
}

/** `30080, held by shop/web port http, pool team-a, open to the world, 2 findings`. */
function labelOf({ range }: Atlas, { number, pool, entries, state }: Described): string {
  const parts = [String(number), ...(entries.length === 0 ? [state] : holdings(entries))];
  if (pool !== undefined) parts.push(`pool ${pool.name}`);
  if (hasMark(entries, 'shared')) parts.push('shared');
  if (hasMark(entries, 'open-to-world')) parts.push('open to the world');
  if (!isInRange(range, number)) parts.push('outside the range');
  const findings = new Set(entries.flatMap((entry) => entry.findings)).size;
  if (findings > 0) parts.push(counted(findings, 'finding'));
  return parts.join(', ');
}

const VERBS = { held: 'held by', squatted: 'carried by', 'host-port': 'host port of', reserved: '', free: '' } as const;

/** Each Service once, with all its ports of that number. */
function holdings(entries: readonly PortEntry[]): readonly string[] {
  const groups = Map.groupBy(entries, (entry) => `${VERBS[entry.kind]} ${refOf(entry)}`);
  return [...groups].map(([who, ports]) =>
    ports[0]?.kind === 'host-port' ? who : `${who} port ${[...new Set(ports.map(({ port }) => port))].join(' and ')}`,
  );
}
