import type { AuditReport } from './audit-report.ts';
import { csvText } from './csv.ts';
import { PORT_COLUMNS, portRows } from './port-rows.ts';

/** The port map as a table for spreadsheets and scripts: a row for each port. Findings go by name; json has their texts. */
export function auditCsv({ map }: Pick<AuditReport, 'map'>): string {
  return csvText(
    PORT_COLUMNS,
    portRows(map).map((row) => PORT_COLUMNS.map((column) => row[column])),
  );
}
