import type { CheckReport } from '../report/check-report.ts';
import { outcomeOf } from '../report/outcome.ts';
import type { ExitCode } from './io.ts';
import type { ReportSettings } from './report-settings.ts';

/** What was not read is no pass, whatever was asked for. */
export function exitCodeOf(
  report: Pick<CheckReport, 'list' | 'problems'>,
  settings: Pick<ReportSettings<string>, 'failOn' | 'exitZero'>,
): ExitCode {
  const outcome = outcomeOf(report, settings);
  if (outcome === 'unread') return 2;
  return outcome === 'clean' || settings.exitZero ? 0 : 1;
}
