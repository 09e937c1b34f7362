import type { VNode } from 'preact';
import type { MappedFinding } from '../../report/port-map.ts';
import { countLevels, type FindingLevel, LEVEL_NAMES, levelsIn } from '../model/finding-level.ts';

/** The level of a finding: a word, with a shape for those who skim. */
export function Level({ level, count }: { readonly level: FindingLevel; readonly count?: number }): VNode {
  return (
    <span class={`level ${level}`}>
      {count} {LEVEL_NAMES[level]}
    </span>
  );
}

/** How many of each level. */
export function Levels({ findings }: { readonly findings: readonly MappedFinding[] }): VNode {
  return (
    <>
      {levelsIn(countLevels(findings)).map(([level, count]) => (
        <Level key={level} level={level} count={count} />
      ))}
    </>
  );
}
