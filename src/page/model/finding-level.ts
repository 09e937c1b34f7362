import { ENFORCEMENTS, type Enforcement } from '../../domain/finding.ts';
import type { MappedFinding } from '../../report/port-map.ts';

/** How a finding is drawn and counted: by its enforcement, or as what a rule could not know, which is no finding. */
export type FindingLevel = Enforcement | 'not-known';

/** Strictest first. */
export const FINDING_LEVELS: readonly FindingLevel[] = [...ENFORCEMENTS, 'not-known'];

export const LEVEL_NAMES: Readonly<Record<FindingLevel, string>> = {
  deny: 'deny',
  warn: 'warn',
  audit: 'audit',
  'not-known': 'not known',
};

export type LevelCounts = Readonly<Record<FindingLevel, number>>;

export function levelOf({ enforcement, undetermined }: MappedFinding): FindingLevel {
  return undetermined === true ? 'not-known' : enforcement;
}

/** The strictest of them; undefined when there is none. */
export function strictestOf(levels: readonly (FindingLevel | undefined)[]): FindingLevel | undefined {
  return FINDING_LEVELS.find((level) => levels.includes(level));
}

/** In the order in which somebody should see to them. */
export function strictestFirst(findings: readonly MappedFinding[]): readonly MappedFinding[] {
  return FINDING_LEVELS.flatMap((level) => findings.filter((finding) => levelOf(finding) === level));
}

export function countLevels(findings: readonly MappedFinding[]): LevelCounts {
  const counts = { deny: 0, warn: 0, audit: 0, 'not-known': 0 };
  for (const finding of findings) counts[levelOf(finding)] += 1;
  return counts;
}

/** Each level that there is, with how often. */
export function levelsIn(counts: LevelCounts): readonly (readonly [FindingLevel, number])[] {
  return FINDING_LEVELS.filter((level) => counts[level] > 0).map((level) => [level, counts[level]]);
}

/** `2 deny, 1 warn`; empty when there is none. */
export function levelText(counts: LevelCounts): string {
  return levelsIn(counts)
    .map(([level, count]) => `${count} ${LEVEL_NAMES[level]}`)
    .join(', ');
}

/** How many are findings. */
export function findingsIn({ deny, warn, audit }: LevelCounts): number {
  return deny + warn + audit;
}
