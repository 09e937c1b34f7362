import type { CheckReport } from './check-report.ts';
import type { ReportStyle } from './report-style.ts';

/** What a run comes to: it is no proof of anything while something could not be read. */
export type Outcome = 'unread' | 'denied' | 'warned' | 'clean';

/** `warned` only where warnings are to fail the run; a rule that could not know is a warning too. */
export function outcomeOf(
  { list, problems }: Pick<CheckReport, 'list' | 'problems'>,
  { failOn }: Pick<ReportStyle, 'failOn'>,
): Outcome {
  if (problems.length > 0) return 'unread';
  if (list.summary.denied > 0) return 'denied';
  const levels = list.items.flatMap(({ findings, undetermined }) => [...findings, ...undetermined]);
  return failOn === 'warn' && levels.some(({ enforcement }) => enforcement === 'warn') ? 'warned' : 'clean';
}
