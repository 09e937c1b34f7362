import type { Enforcement } from '../../domain/finding.ts';
import { parsePath } from '../../domain/path.ts';
import { escaped } from '../../domain/text.ts';
import type { ReportedFinding, VerdictList } from '../../report/verdict-list.ts';
import { whyWeaker } from '../../report/why-weaker.ts';
import { type GateAnswer, placeOfRefusal } from './gate-answer.ts';
import { placeOf, type WrittenObject, writtenObjects } from './written-objects.ts';
import type { Span } from './yaml-tree.ts';

/** A remark of the gate in its place in the text. */
export interface Remark extends Span {
  readonly enforcement: Enforcement;
  readonly message: string;
  /** Empty for a text that the gate cannot judge. */
  readonly rule: string;
}

/** Nobody reads more of them in a text, and drawing them takes time. */
const MOST_REMARKS = 1000;

/** What the gate says of a text, where it says it; nothing for objects that are not found there. */
export function remarksOn(text: string, answer: GateAnswer): readonly Remark[] {
  if (answer.kind === 'verdicts') return findingsIn(text, answer.list);
  const place = answer.kind === 'refused' ? placeOfRefusal(text, answer) : undefined;
  return place === undefined ? [] : [{ ...place, enforcement: 'deny', message: escaped(answer.message), rule: '' }];
}

function findingsIn(text: string, { items }: VerdictList): readonly Remark[] {
  const objects = writtenObjects(text);
  // The gate may read a text otherwise than the editor does; then no place is better than a wrong one.
  if (objects.length !== items.length) return [];
  const remarks = objects.flatMap((object, index) =>
    (items[index]?.findings ?? []).map((finding) => remarkOn(object, finding)),
  );
  return remarks.slice(0, MOST_REMARKS);
}

function remarkOn(object: WrittenObject, finding: ReportedFinding): Remark {
  const { field, enforcement, message, rule } = finding;
  return {
    ...placeOf(object, parsePath(field)),
    enforcement,
    message: [escaped(message), ...whyWeaker(finding)].join('; '),
    rule,
  };
}
