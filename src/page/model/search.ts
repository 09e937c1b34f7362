import { counted } from '../../domain/text.ts';
import type { MappedFinding } from '../../report/port-map.ts';
import type { Atlas, PortEntry } from './atlas.ts';
import { type Filters, isFiltered, type PortTrait } from './view-state.ts';

/** What a search and filters find. */
export interface Matches {
  readonly entries: readonly PortEntry[];
  /** Their numbers, to be highlighted; undefined: nothing is searched for, so nothing is. */
  readonly numbers: ReadonlySet<number> | undefined;
}

/**
 * The entries that meet every filter and have every word. Numbers that nothing has are among them only when they are asked
 * for: as free or reserved, or by number.
 */
export function search(atlas: Atlas, filters: Filters): Matches {
  if (!isFiltered(filters)) return { entries: atlas.entries, numbers: undefined };
  const words = wordsOf(filters.query);
  const taken = atlas.entries.filter((entry) => meets(entry, filters, words));
  const vacant = vacantCandidates(atlas, filters, words).filter((entry) => meets(entry, filters, words));
  const entries = vacant.length === 0 ? taken : [...taken, ...vacant].sort((a, b) => a.number - b.number);
  return { entries, numbers: new Set(entries.map(({ number }) => number)) };
}

/** Whether a finding is one of those that are asked for. */
export function isWanted({ enforcement, rule }: MappedFinding, wanted: Pick<Filters, 'level' | 'rule'>): boolean {
  return (
    (wanted.level === undefined || wanted.level === enforcement) && (wanted.rule === undefined || wanted.rule === rule)
  );
}

/** `3 ports of 2 Services`, for those who hear the result. */
export function matchText({ entries }: Matches): string {
  if (entries.length === 0) return 'nothing matches';
  const ports = new Set(entries.map(({ number }) => number)).size;
  const holders = new Set(
    entries.flatMap(({ kind, namespace, name }) =>
      kind === 'free' || kind === 'reserved' ? [] : [`${namespace}/${name}`],
    ),
  ).size;
  return holders === 0 ? counted(ports, 'port') : `${counted(ports, 'port')} of ${counted(holders, 'holder')}`;
}

export function wordsOf(query: string): readonly string[] {
  return [...new Set(query.toLowerCase().split(/\s+/).filter(Boolean))];
}

function vacantCandidates(atlas: Atlas, { trait }: Filters, words: readonly string[]): readonly PortEntry[] {
  if (trait === 'free' || trait === 'reserved') return atlas.vacant;
  return words.flatMap((word) => (/^\d{1,5}$/.test(word) ? (atlas.vacantAt(Number(word)) ?? []) : []));
}

function meets(entry: PortEntry, filters: Filters, words: readonly string[]): boolean {
  return (
    (filters.namespace === undefined || entry.namespace === filters.namespace) &&
    hasPlace(entry, filters) &&
    hasWanted(entry.findings, filters) &&
    words.every((word) => entry.searched.includes(word))
  );
}

/** Whether the number is of the pool, and such as is asked for. */
export function hasPlace(entry: PortEntry, { pool, trait }: Pick<Filters, 'pool' | 'trait'>): boolean {
  return (pool === undefined || entry.pool?.name === pool) && (trait === undefined || hasTrait(entry, trait));
}

function hasWanted(findings: readonly MappedFinding[], wanted: Pick<Filters, 'level' | 'rule'>): boolean {
  const asksForNone = wanted.level === undefined && wanted.rule === undefined;
  return asksForNone || findings.some((finding) => isWanted(finding, wanted));
}

function hasTrait({ kind, marks }: PortEntry, trait: PortTrait): boolean {
  return trait === kind || marks.some((mark) => mark === trait);
}
