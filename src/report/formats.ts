import type { CheckReport } from './check-report.ts';
import { githubReport } from './github.ts';
import { gitlabReport } from './gitlab.ts';
import { humanReport } from './human.ts';
import { jsonReport } from './json.ts';
import { junitReport } from './junit.ts';
import type { ReportStyle } from './report-style.ts';
import { sarifReport } from './sarif.ts';

/** What `-o` takes. */
export const FORMATS = {
  human: humanReport,
  json: jsonReport,
  sarif: sarifReport,
  junit: junitReport,
  github: githubReport,
  gitlab: gitlabReport,
} as const satisfies Readonly<Record<string, (report: CheckReport, style: ReportStyle) => string>>;

export type FormatName = keyof typeof FORMATS;
