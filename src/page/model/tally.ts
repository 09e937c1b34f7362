import type { Atlas, PortEntry } from './atlas.ts';
import { type CellState, vacantState } from './cell.ts';
import { countLevels, type LevelCounts } from './finding-level.ts';

/** The figures above everything else; undefined: not known, which is not the same as none. */
export interface Tally {
  /**
   * How many numbers are such; one may be several things (held, shared and open to the world), and counts for each. TCP and
   * UDP of one number are one.
   */
  readonly numbers: Readonly<Record<CellState, number | undefined>>;
  readonly findings: LevelCounts | undefined;
}

export function tallyOf(atlas: Atlas): Tally {
  const { entries, map } = atlas;
  const isAudited = map.auditedAt !== undefined;
  const hasPolicy = map.policy !== undefined;
  const { reserved, free } = vacantCounts(atlas);
  return {
    numbers: {
      shared: numbersWith(entries, ({ marks }) => marks.includes('shared')),
      squatted: numbersWith(entries, ({ kind }) => kind === 'squatted'),
      'host-port': knowsHostPorts(atlas) ? numbersWith(entries, ({ kind }) => kind === 'host-port') : undefined,
      'open-to-world': isAudited ? numbersWith(entries, ({ marks }) => marks.includes('open-to-world')) : undefined,
      held: numbersWith(entries, ({ kind }) => kind === 'held'),
      reserved: hasPolicy ? reserved : undefined,
      free,
    },
    findings:
      isAudited && hasPolicy
        ? countLevels([...map.services, ...map.hostPorts].flatMap(({ findings }) => findings))
        : undefined,
  };
}

/** Whether pods were looked up. */
export function knowsHostPorts({ map }: Pick<Atlas, 'map'>): boolean {
  return map.auditedAt !== undefined && !map.notKnown.includes('pods');
}

/** `2,768`, or a dash for what is not known. */
export function countText(count: number | undefined): string {
  return count === undefined ? '–' : count.toLocaleString('en');
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
