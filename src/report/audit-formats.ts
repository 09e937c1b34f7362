import { auditCsv } from './audit-csv.ts';
import { auditHuman } from './audit-human.ts';
import { auditJson } from './audit-json.ts';
import type { AuditReport } from './audit-report.ts';
import { pageWithMap } from './html.ts';
import type { ReportStyle } from './report-style.ts';
import { sarifReport } from './sarif.ts';

/** What `-o` of `audit` takes. */
export const AUDIT_FORMATS = {
  human: auditHuman,
  json: auditJson,
  sarif: sarifReport,
  csv: auditCsv,
  html: ({ page, map }: AuditReport) => pageWithMap(page, map),
} as const satisfies Readonly<Record<string, (report: AuditReport, style: ReportStyle) => string>>;

export type AuditFormatName = keyof typeof AUDIT_FORMATS;
