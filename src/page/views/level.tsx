import type { VNode } from 'preact';
import { ENFORCEMENTS, type Enforcement } from '../../domain/finding.ts';
import type { MappedFinding } from '../../report/port-map.ts';

/** The level of a finding: a word, with a shape for those who skim. */
export function Level({ level, count }: { readonly level: Enforcement; readonly count?: number }): VNode {
  return (
    <span class={`level ${level}`}>
      {count} {level}
    </span>
  );
}

/** How many findings of each level. */
export function Levels({ findings }: { readonly findings: readonly MappedFinding[] }): VNode {
  const counts = { deny: 0, warn: 0, audit: 0 };
  for (const { enforcement } of findings) counts[enforcement] += 1;
  return (
    <>
      {ENFORCEMENTS.filter((level) => counts[level] > 0).map((level) => (
        <Level key={level} level={level} count={counts[level]} />
      ))}
    </>
  );
}
