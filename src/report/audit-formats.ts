import { auditHuman } from './audit-human.ts';
import { auditJson } from './audit-json.ts';
import type { AuditReport } from './audit-report.ts';
import { csvText } from './csv.ts';
import { pageWithMap } from './html.ts';
import { PORT_COLUMNS, portRows } from './port-rows.ts';
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

/** The port map as a table for spreadsheets and scripts: a row for each port. Findings go by name; json has their texts. */
function auditCsv({ map }: AuditReport): string {
  return csvText(
    PORT_COLUMNS,
    portRows(map).map((row) => PORT_COLUMNS.map((column) => row[column])),
  );
}

export type AuditFormatName = keyof typeof AUDIT_FORMATS;
