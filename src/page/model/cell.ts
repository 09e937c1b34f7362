import { formatRef } from '../../domain/service.ts';
import { counted } from '../../domain/text.ts';
import { type Atlas, type AtlasPool, isInRange, type PortEntry } from './atlas.ts';
import { countLevels, type FindingLevel, findingsIn, strictestOf } from './finding-level.ts';

/** What a cell of the map shows, from what wants attention first to what wants none. */
export const CELL_STATES = ['shared', 'squatted', 'host-port', 'open-to-world', 'held', 'reserved', 'free'] as const;
export type CellState = (typeof CELL_STATES)[number];

export interface Cell {
  readonly number: number;
  /** The first of CELL_STATES that is true of it; none of them is of a number outside the range that nothing has. */
  readonly state: CellState | 'outside-range';
  readonly strictest: FindingLevel | undefined;
  /** What the cell says to somebody who does not see it. */
  readonly label: string;
}

const NOTHING: readonly PortEntry[] = [];

export function cellOf(atlas: Atlas, number: number): Cell {
  const entries = atlas.byNumber.get(number) ?? NOTHING;
  const pool = atlas.poolOf(number);
  const state = entries.length === 0 ? untakenState(atlas, number) : takenState(entries);
  const strictest = strictestOf(entries.map((entry) => entry.strictest));
  return { number, state, strictest, label: labelOf(atlas, { number, pool, entries, state }) };
}

function untakenState({ range, poolOf }: Atlas, number: number): Cell['state'] {
  return isInRange(range, number) ? vacantState(poolOf(number), number) : 'outside-range';
}

/** Of a number of the range that nothing has. */
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

interface Described {
  readonly number: number;
  readonly pool: AtlasPool | undefined;
  readonly entries: readonly PortEntry[];
  readonly state: Cell['state'];
}

/** `30080, held by shop/web port http, pool team-a, open to the world, 2 findings`. */
function labelOf({ range }: Atlas, { number, pool, entries, state }: Described): string {
  const parts = [
    String(number),
    ...(entries.length > 0 ? holdings(entries) : state === 'outside-range' ? [] : [state]),
  ];
  if (pool !== undefined) parts.push(`pool ${pool.name}`);
  if (hasMark(entries, 'shared')) parts.push('shared');
  if (hasMark(entries, 'open-to-world')) parts.push('open to the world');
  if (!isInRange(range, number)) parts.push('outside the range');
  const counts = countLevels([...new Set(entries.flatMap((entry) => entry.findings))]);
  const findings = findingsIn(counts);
  if (findings > 0) parts.push(counted(findings, 'finding'));
  if (counts['not-known'] > 0) parts.push(`${counted(counts['not-known'], 'rule')} not known`);
  return parts.join(', ');
}

const VERBS = { held: 'held by', squatted: 'carried by', 'host-port': 'host port of', reserved: '', free: '' } as const;

/** Each Service once, with all its ports of that number. */
function holdings(entries: readonly PortEntry[]): readonly string[] {
  const groups = Map.groupBy(entries, (entry) => `${VERBS[entry.kind]} ${formatRef(entry)}`);
  return [...groups].map(([who, ports]) =>
    ports[0]?.kind === 'host-port' ? who : `${who} port ${[...new Set(ports.map(({ port }) => port))].join(' and ')}`,
  );
}
