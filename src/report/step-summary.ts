import type { SourceRegion } from '../domain/source.ts';
import { assignedLabel } from './assignment-text.ts';
import type { CheckReport } from './check-report.ts';
import { markdownText, tableOf } from './markdown.ts';
import { objectTitle } from './object-title.ts';
import { outcomeOf } from './outcome.ts';
import { placeText, problemPlace, remarksOf, strictestFirst } from './remarks.ts';
import type { ReportStyle } from './report-style.ts';
import { shortHash } from './short-hash.ts';
import { summaryLine } from './summary-line.ts';
import { whyWeaker } from './why-weaker.ts';

/** GitHub takes 1 MiB from a step, all or nothing; the rest of the step may have something to say as well. */
const MOST_BYTES = { problems: 150_000, findings: 500_000, ports: 250_000 } as const;

const HEADINGS = {
  unread: 'not everything could be read',
  denied: 'denied',
  warned: 'warnings',
  clean: 'allowed',
} as const;

/** Markdown for `$GITHUB_STEP_SUMMARY`: the counts, what could not be read, the findings strictest first, the ports. */
export function stepSummary(report: CheckReport, style: Pick<ReportStyle, 'failOn'>): string {
  const parts = [
    `### nodeport-gate: ${HEADINGS[outcomeOf(report, style)]}`,
    `${summaryLine(report)}; policy \`${shortHash(report.list.policy.hash)}\``,
    ...section('Could not be read', ['Place', 'Problem'], problemRows(report), MOST_BYTES.problems),
    ...section('Findings', ['Level', 'Place', 'Object', 'Finding', 'Rule'], findingRows(report), MOST_BYTES.findings),
    ...section('Node ports', ['Object', 'Port', 'Node port', 'Pool', 'Why'], portRows(report), MOST_BYTES.ports),
  ];
  return `${parts.join('\n\n')}\n`;
}

type Rows = readonly (readonly string[])[];

function section(title: string, header: readonly string[], rows: Rows, mostBytes: number): readonly string[] {
  return rows.length === 0 ? [] : [`#### ${title}`, tableOf(header, rows, mostBytes)];
}

function problemRows({ problems, fromRoot }: CheckReport): Rows {
  return problems.map((problem) =>
    [problemPlace({ ...problem, file: fromRoot(problem.file) }), problem.message].map(markdownText),
  );
}

function findingRows({ list, fromRoot }: CheckReport): Rows {
  return strictestFirst(remarksOf(list)).map(({ level, source, item, message, finding, rule }) => {
    const notes = finding === undefined ? [] : whyWeaker(finding);
    const text = [message, ...notes].join('; ');
    return [level, placeOf(source, fromRoot), objectTitle(item.object), text, rule].map(markdownText);
  });
}

function portRows({ list }: CheckReport): Rows {
  return list.items.flatMap((item) =>
    item.assigned.map(({ port, protocol, nodePort, pool, because }) =>
      [objectTitle(item.object), `${assignedLabel(port)}/${protocol}`, String(nodePort), pool ?? '', because].map(
        markdownText,
      ),
    ),
  );
}

function placeOf(source: SourceRegion | undefined, fromRoot: CheckReport['fromRoot']): string {
  return source === undefined ? '' : placeText({ ...source, file: fromRoot(source.file) });
}
