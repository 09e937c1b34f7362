import type { VNode } from 'preact';
import { ENFORCEMENTS } from '../../domain/finding.ts';
import { escaped } from '../../domain/text.ts';
import { assignmentText } from '../../report/assignment-text.ts';
import { objectTitle } from '../../report/object-title.ts';
import type { ReportedFinding, ReportedUndetermined, VerdictItem } from '../../report/verdict-list.ts';
import { whyWeaker } from '../../report/why-weaker.ts';
import { Level } from '../views/level.tsx';

export interface VerdictViewProps {
  readonly item: VerdictItem;
  /** Shows in the text what a finding is about. */
  readonly onField: (field: string) => void;
}

/** What the gate says of one object. */
export function VerdictView({ item, onField }: VerdictViewProps): VNode {
  const { allowed, untouched, assigned, patch } = item;
  return (
    <li class="found">
      <h3>
        <span class={allowed ? 'allowed' : 'denied'}>{allowed ? '✓ allowed' : '✕ denied'}</span>
        <span class="ref">{objectTitle(item.object)}</span>
        {untouched !== undefined && <small>{escaped(untouched)}</small>}
      </h3>
      <Remarks item={item} onField={onField} />
      {assigned.length > 0 && (
        <ul class="assigned" aria-label="Node ports">
          {assigned.map((port) => (
            <li key={`${port.port} ${port.protocol}`}>{assignmentText(port)}</li>
          ))}
        </ul>
      )}
      {patch.length > 0 && (
        <details>
          <summary>JSON Patch ({patch.length})</summary>
          <pre tabIndex={0}>{patch.map((operation) => escaped(JSON.stringify(operation))).join('\n')}</pre>
        </details>
      )}
    </li>
  );
}

function Remarks({ item: { findings, undetermined, notices = [] }, onField }: VerdictViewProps): VNode | null {
  if (findings.length + undetermined.length + notices.length === 0) return null;
  const strictestFirst = ENFORCEMENTS.flatMap((level) => findings.filter(({ enforcement }) => enforcement === level));
  return (
    <ul class="findings">
      {strictestFirst.map((finding) => (
        <Finding key={`${finding.rule} ${finding.message}`} finding={finding} onField={onField} />
      ))}
      {undetermined.map((each) => (
        <Undetermined key={`${each.rule} ${each.message}`} undetermined={each} />
      ))}
      {notices.map((notice) => (
        <li key={notice}>
          <span class="level">note</span>
          <span class="message">{escaped(notice)}</span>
        </li>
      ))}
    </ul>
  );
}

interface FindingProps extends Pick<VerdictViewProps, 'onField'> {
  readonly finding: ReportedFinding;
}

function Finding({ finding, onField }: FindingProps): VNode {
  const { enforcement, message, rule, field } = finding;
  return (
    <li>
      <Level level={enforcement} />
      <span class="message">
        <button type="button" class="field" title="Show it in the text" onClick={() => onField(field)}>
          {escaped(message)}
        </button>{' '}
        <code>{escaped(rule)}</code>
        {whyWeaker(finding).map((reason) => (
          <small key={reason}> {reason}</small>
        ))}
      </span>
    </li>
  );
}

function Undetermined({ undetermined }: { readonly undetermined: ReportedUndetermined }): VNode {
  const { enforcement, message, rule } = undetermined;
  return (
    <li>
      <Level level={enforcement} />
      <span class="message">
        not known: {escaped(message)} <code>{escaped(rule)}</code>
      </span>
    </li>
  );
}
