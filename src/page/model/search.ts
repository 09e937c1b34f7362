import { formatRef } from '../../domain/service.ts';
import { counted } from '../../domain/text.ts';
import type { MappedFinding } from '../../report/port-map.ts';
import type { Atlas, PortEntry } from './atlas.ts';
import { levelOf } from './finding-level.ts';
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
  const hasPlace = placeAsked(atlas, filters);
  const meets = (entry: PortEntry): boolean => hasPlace(entry) && isAsked(entry, filters, words);
  const taken = atlas.entries.filter(meets);
  const vacant = vacantCandidates(atlas, filters, words).filter(meets);
  const entries = vacant.length === 0 ? taken : [...taken, ...vacant].sort((a, b) => a.number - b.number);
  return { entries, numbers: new Set(entries.map(({ number }) => number)) };
}

/** Whether a finding is one of those that are asked for. */
export function isWanted(finding: MappedFinding, { level, rule }: Pick<Filters, 'level' | 'rule'>): boolean {
  return (level === undefined || level === levelOf(finding)) && (rule === undefined || rule === finding.rule);
}

/** `3 ports of 2 holders`, for those who hear the result. */
export function matchText({ entries }: Matches): string {
  if (entries.length === 0) return 'nothing matches';
  const ports = new Set(entries.map(({ number }) => number)).size;
  const holders = new Set(
    entries.flatMap((entry) => (entry.owner === '' ? [] : [`${entry.owner} ${formatRef(entry)}`])),
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

function isAsked(entry: PortEntry, filters: Filters, words: readonly string[]): boolean {
  return (
    (filters.namespace === undefined || entry.namespace === filters.namespace) &&
    hasWanted(entry.findings, filters) &&
    words.every((word) => entry.searched.includes(word))
  );
}

/** Tells whether a number is of the pool, also of one that is not the first to have it, and such as is asked for. */
export function placeAsked(
  { pools }: Atlas,
  { pool: name, trait }: Pick<Filters, 'pool' | 'trait'>,
): (entry: PortEntry) => boolean {
  const pool = pools.find((one) => one.name === name);
  return (entry) =>
    (name === undefined || pool?.set.has(entry.number) === true) && (trait === undefined || hasTrait(entry, trait));
}

function hasWanted(findings: readonly MappedFinding[], wanted: Pick<Filters, 'level' | 'rule'>): boolean {
  const asksForNone = wanted.level === undefined && wanted.rule === undefined;
  return asksForNone || findings.some((finding) => isWanted(finding, wanted));
}

function hasTrait({ kind, marks }: PortEntry, trait: PortTrait): boolean {
  return trait === kind || marks.some((mark) => mark === trait);
}
