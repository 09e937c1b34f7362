import { counted, firstOf } from '../domain/text.ts';
import { aligned } from './aligned.ts';
import type { AuditReport } from './audit-report.ts';
import { type AuditSection, auditSections } from './audit-sections.ts';
import { comparisonText } from './comparison-text.ts';
import { notKnownText } from './not-known.ts';
import { objectLines, type Printing, printingOf, problemBlock } from './object-block.ts';
import type { Paint } from './paint.ts';
import { type Remark, remarksOf } from './remarks.ts';
import type { ReportStyle } from './report-style.ts';
import { rulesByLevel } from './rules-by-level.ts';
import { summaryLine } from './summary-line.ts';
import type { VerdictItem, VerdictList } from './verdict-list.ts';
import { verdictLine } from './verdict-line.ts';

const MOST_OBJECTS = 20;
const MOST_LINES = 10;
const WHOLE_HINT = 'shortened; -o csv has every port, -o json every finding';

/**
 * The report for people: what the policy objects to, those that it denies first; then what only a cluster shows; what
 * another policy would change; what could not be read; and the counts. A cluster has thousands of Services, so each list
 * shows its beginning and says how many more there are.
 */
export function auditHuman(report: AuditReport, style: ReportStyle): string {
  const remarks = remarksOf(report.list);
  const printing = printingOf(report, remarks, style);
  const { paint } = printing;
  const objects = objectBlocks(report.list, remarks, printing);
  const sections = auditSections(report.map);
  const blocks = [
    ...objects.slice(0, MOST_OBJECTS),
    ...(objects.length > MOST_OBJECTS ? [restBlock(objects.length - MOST_OBJECTS, report.list, paint)] : []),
    ...sections.map((section) => sectionBlock(section, paint)),
    ...(report.comparison === undefined ? [] : [comparisonText(report.comparison, paint)]),
    ...problemBlock(report, printing),
  ];
  const lists = [...sections.map(({ lines }) => lines), report.comparison?.items ?? []];
  const isCut = objects.length > MOST_OBJECTS || lists.some(({ length }) => length > MOST_LINES);
  const end = [
    ...(isCut ? [WHOLE_HINT] : []),
    ...notKnownText(report.map.notKnown),
    paint('file', summaryLine(report, 'other object')),
    verdictLine(report, style, paint),
  ];
  return `${[...blocks, end.join('\n')].join('\n\n')}\n`;
}

function objectBlocks({ items }: VerdictList, remarks: readonly Remark[], printing: Printing): readonly string[] {
  const ofItem = Map.groupBy(remarks, ({ item }) => item);
  const ranked = items
    .map((item) => ({ item, said: ofItem.get(item) ?? [] }))
    .toSorted((a, b) => rankOf(a.item, a.said) - rankOf(b.item, b.said));
  return ranked.flatMap(({ item, said }) => {
    // What runs is given nothing: its numbers are in the sections.
    const lines = objectLines({ ...item, assigned: [], patch: [] }, said, printing);
    return lines.length === 0 ? [] : [lines.join('\n')];
  });
}

function rankOf({ allowed }: VerdictItem, remarks: readonly Remark[]): number {
  if (!allowed) return 0;
  return remarks.some(({ level }) => level !== 'audit') ? 1 : 2;
}

function restBlock(count: number, { items }: VerdictList, paint: Paint): string {
  const rows = rulesByLevel(items.flatMap(({ findings, undetermined }) => [...findings, ...undetermined]));
  return [paint('file', `and ${count} more; all findings by rule`), ...aligned(rows).map((line) => `  ${line}`)].join(
    '\n',
  );
}

function sectionBlock({ title, noun, lines }: AuditSection, paint: Paint): string {
  const heading = `${paint('file', title)}: ${counted(lines.length, noun)}`;
  return [heading, ...firstOf(lines, MOST_LINES).map((line) => `  ${line}`)].join('\n');
}
