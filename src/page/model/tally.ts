import { ENFORCEMENTS, type Enforcement } from '../../domain/finding.ts';
import type { Atlas, PortEntry } from './atlas.ts';
import { type CellState, vacantState } from './cell.ts';

/** The figures above everything else. */
export interface Tally {
  /**
   * How many numbers are such; one may be several things (held, shared and open to the world), and counts for each. TCP and
   * UDP of one number are one.
   */
  readonly numbers: Readonly<Record<CellState, number>>;
  readonly findings: Readonly<Record<Enforcement, number>>;
}

export function tallyOf(atlas: Atlas): Tally {
  const { entries } = atlas;
  return {
    numbers: {
      shared: numbersWith(entries, ({ marks }) => marks.includes('shared')),
      squatted: numbersWith(entries, ({ kind }) => kind === 'squatted'),
      'host-port': numbersWith(entries, ({ kind }) => kind === 'host-port'),
      'open-to-world': numbersWith(entries, ({ marks }) => marks.includes('open-to-world')),
      held: numbersWith(entries, ({ kind }) => kind === 'held'),
      ...vacantCounts(atlas),
    },
    findings: findingCounts(atlas),
  };
}

function numbersWith(entries: readonly PortEntry[], isSuch: (entry: PortEntry) => boolean): number {
  return new Set(entries.filter(isSuch).map(({ number }) => number)).size;
}

function vacantCounts({ range, byNumber, poolOf }: Atlas): Record<'reserved' | 'free', number> {
  const counts = { reserved: 0, free: 0 };
  for (let number = range.from; number <= range.to; number += 1) {
    if (!byNumber.has(number)) counts[vacantState(poolOf(number), number)] += 1;
  }
  return counts;
}

function findingCounts({ map }: Atlas): Readonly<Record<Enforcement, number>> {
  const counts = { deny: 0, warn: 0, audit: 0 };
  for (const { findings } of [...map.services, ...map.hostPorts]) {
    for (const { enforcement } of findings) counts[enforcement] += 1;
  }
  return counts;
}

/** `2 deny, 1 warn`; empty when there is none. */
export function levelText(counts: Readonly<Record<Enforcement, number>>): string {
  return ENFORCEMENTS.filter((level) => counts[level] > 0)
    .map((level) => `${counts[level]} ${level}`)
    .join(', ');
}
