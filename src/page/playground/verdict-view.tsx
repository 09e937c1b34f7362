import type { VNode } from 'preact';
import { escaped } from '../../domain/text.ts';
import { assignmentText } from '../../report/assignment-text.ts';
import { objectTitle } from '../../report/object-title.ts';
import { type Remark as ReportRemark, remarksOf } from '../../report/remarks.ts';
import type { VerdictItem } from '../../report/verdict-list.ts';
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

function Remarks({ item, onField }: VerdictViewProps): VNode | null {
  const { notices = [] } = item;
  const remarks = remarksOf({ items: [item] });
  if (remarks.length + notices.length === 0) return null;
  return (
    <ul class="findings">
      {remarks.map((remark) => (
        <Remark key={remark.key} remark={remark} onField={onField} />
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

interface RemarkProps extends Pick<VerdictViewProps, 'onField'> {
  readonly remark: ReportRemark;
}

function Remark({ remark: { level, rule, message, finding }, onField }: RemarkProps): VNode {
  return (
    <li>
      <Level level={level} />
      <span class="message">
        {finding === undefined ? (
          `not known: ${escaped(message)}`
        ) : (
          <button type="button" class="field" title="Show it in the text" onClick={() => onField(finding.field)}>
            {escaped(message)}
          </button>
        )}{' '}
        <code>{escaped(rule)}</code>
        {finding !== undefined && whyWeaker(finding).map((reason) => <small key={reason}> {reason}</small>)}
      </span>
    </li>
  );
}
