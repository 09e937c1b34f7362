import { printable } from '../domain/text.ts';
import type { ReportedFinding } from './verdict-list.ts';

/** What keeps the finding from having the enforcement that the policy gives it, one sentence each. */
export function whyWeaker({ exception, suppressed, alreadyThere, baseline }: ReportedFinding): readonly string[] {
  const reasons: string[] = [];
  if (exception !== undefined) reasons.push(`excused by exception ${printable(exception)}`);
  if (suppressed !== undefined) reasons.push(`suppressed by its own annotation: ${printable(suppressed)}`);
  if (alreadyThere) reasons.push('it was like this before the change, so it does not deny');
  if (baseline) reasons.push('known to the baseline');
  return reasons;
}
