import type { VNode } from 'preact';
import type { MappedFinding } from '../../report/port-map.ts';
import { levelOf } from '../model/finding-level.ts';
import { Level } from './level.tsx';

export interface FindingItemsProps {
  readonly findings: readonly MappedFinding[];
  readonly onRule: (rule: string) => void;
}

/** Findings with their whole message; the rule leads to all findings of it. */
export function FindingItems({ findings, onRule }: FindingItemsProps): VNode {
  return (
    <ul class="findings">
      {findings.map((finding) => {
        const { rule, message, exception } = finding;
        return (
          <li key={`${rule} ${message}`}>
            <Level level={levelOf(finding)} />
            <span class="message">
              {message}{' '}
              <button type="button" class="rule" onClick={() => onRule(rule)} title={`All findings of ${rule}`}>
                {rule}
              </button>
              {exception !== undefined && <small> excused by exception {exception}</small>}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
