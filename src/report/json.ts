import type { InputProblem } from '../domain/source.ts';
import type { CheckReport } from './check-report.ts';
import { jsonText } from './json-text.ts';
import type { VerdictList } from './verdict-list.ts';

/** What `check -o json` prints. */
export interface JsonReport extends VerdictList {
  /** Only where something could not be read: then this is not the whole answer. */
  readonly problems?: readonly InputProblem[];
}

/** In one line. */
export function jsonReport(report: CheckReport): string {
  return `${jsonText(jsonReportOf(report))}\n`;
}

export function jsonReportOf({ list, problems }: Pick<CheckReport, 'list' | 'problems'>): JsonReport {
  return problems.length > 0 ? { ...list, problems } : list;
}
