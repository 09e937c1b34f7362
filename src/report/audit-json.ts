import type { AuditReport } from './audit-report.ts';
import type { Comparison } from './comparison.ts';
import { type JsonReport, jsonReportOf } from './json.ts';
import { jsonText } from './json-text.ts';
import type { PortMap } from './port-map.ts';

/** What `audit -o json` prints: what `check` prints, and beside it the cluster. */
export interface JsonAudit extends JsonReport {
  readonly map: PortMap;
  /** Only where another policy was asked about. */
  readonly comparison?: Comparison;
}

/** In one line. */
export function auditJson(report: AuditReport): string {
  const { map, comparison } = report;
  const audit: JsonAudit = { ...jsonReportOf(report), map, ...(comparison !== undefined && { comparison }) };
  return `${jsonText(audit)}\n`;
}
