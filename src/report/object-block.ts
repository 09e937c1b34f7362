import type { InputProblem, SourceRegion } from '../domain/source.ts';
import { assignmentText, otherChanges } from './assignment-text.ts';
import type { CheckReport } from './check-report.ts';
import { excerptOf } from './excerpt.ts';
import { harmless } from './harmless.ts';
import { objectTitle } from './object-title.ts';
import { COLOURED, type Paint, PLAIN, type Tone } from './paint.ts';
import { placeText, problemPlace, type Remark } from './remarks.ts';
import type { ReportStyle } from './report-style.ts';
import type { ReportedAssignment, VerdictItem } from './verdict-list.ts';
import { whyWeaker } from './why-weaker.ts';

export interface Printing {
  readonly report: Pick<CheckReport, 'lineOf'>;
  readonly paint: Paint;
  /** What is only recorded is shown when there is nothing else to say. */
  readonly showsAudit: boolean;
}

const LEVEL_WIDTH = 5;
const OBJECT = '  ';
const DETAIL = '    ';
const BELOW = `${DETAIL}    `;

export function printingOf(
  report: Pick<CheckReport, 'lineOf' | 'problems'>,
  remarks: readonly Remark[],
  { color }: Pick<ReportStyle, 'color'>,
): Printing {
  const showsAudit = report.problems.length === 0 && remarks.every(({ level }) => level === 'audit');
  return { report, paint: color ? COLOURED : PLAIN, showsAudit };
}

/** An object with its remarks, strictest first, each with the line it is about; nothing when there is nothing to say. */
export function objectLines(item: VerdictItem, remarks: readonly Remark[], printing: Printing): readonly string[] {
  const { paint } = printing;
  const lines = [
    ...remarks.flatMap((remark) => remarkLines(remark, printing)),
    ...(item.notices ?? []).map((notice) => entry(paint, 'note', notice)),
    ...item.assigned.filter(isChosen).map((port) => entry(paint, 'port', assignmentText(port))),
    ...otherChanges(item).map((change) => entry(paint, 'set', change)),
  ];
  const answer = item.allowed ? paint('good', 'allowed') : paint('deny', 'denied');
  return lines.length === 0 ? [] : [`${OBJECT}${harmless(objectTitle(item.object))}: ${answer}`, ...lines];
}

/** A number that stands in the manifest is nothing to say. */
function isChosen({ because }: ReportedAssignment): boolean {
  return because !== 'explicit';
}

function remarkLines(remark: Remark, printing: Printing): readonly string[] {
  const { level, finding } = remark;
  if (level !== 'audit') return [remarkLine(remark, printing), ...belowLines(remark, printing)];
  if (!printing.showsAudit || finding?.baseline) return [];
  return [remarkLine(remark, printing), ...notes(finding === undefined ? [] : whyWeaker(finding), printing.paint)];
}

function remarkLine({ level, rule, message, source }: Remark, { paint }: Printing): string {
  const place = source === undefined ? '' : `${paint('file', harmless(placeText(source)))}  `;
  const tone: Tone = level === 'audit' ? 'dim' : level;
  return `${DETAIL}${place}${paint(tone, level)}  ${harmless(message)}  ${paint('dim', `[${harmless(rule)}]`)}`;
}

function belowLines({ finding, source }: Remark, printing: Printing): readonly string[] {
  if (finding === undefined) return [];
  const { holder } = finding;
  const reasons = [...whyWeaker(finding)];
  if (holder?.source !== undefined) {
    reasons.unshift(`held by ${holder.namespace}/${holder.name}: ${placeText(holder.source)}`);
  }
  return [...excerptLines(source, printing), ...notes(reasons, printing.paint)];
}

/** The line with its token underlined, where it is at hand. */
function excerptLines(region: SourceRegion | undefined, { report, paint }: Printing): readonly string[] {
  const line = region === undefined ? undefined : report.lineOf(region);
  if (region === undefined || line === undefined || line.trim() === '') return [];
  const { text, marks } = excerptOf(line, region);
  const number = String(region.line).padStart(LEVEL_WIDTH);
  const bar = (label: string): string => paint('dim', `${DETAIL}${label} |`);
  return [`${bar(number)} ${harmless(text)}`, `${bar(' '.repeat(number.length))} ${paint('mark', marks)}`];
}

function notes(reasons: readonly string[], paint: Paint): readonly string[] {
  return reasons.map((reason) => paint('dim', `${BELOW}${harmless(reason)}`));
}

function entry(paint: Paint, label: string, text: string): string {
  return `${DETAIL}${paint('dim', label.padEnd(LEVEL_WIDTH))} ${harmless(text)}`;
}

/** What could not be read, as one block; none when there is nothing. */
export function problemBlock({ problems }: Pick<CheckReport, 'problems'>, printing: Printing): readonly string[] {
  if (problems.length === 0) return [];
  const heading = printing.paint('deny', 'could not be read');
  return [[heading, ...problems.flatMap((problem) => problemLines(problem, printing))].join('\n')];
}

function problemLines(problem: InputProblem, printing: Printing): readonly string[] {
  const { file, line, column, message } = problem;
  const region =
    line === undefined || column === undefined
      ? undefined
      : { file, line, column, endLine: line, endColumn: column + 1 };
  const { paint } = printing;
  return [
    `${DETAIL}${paint('file', harmless(problemPlace(problem)))}  ${paint('deny', 'error')}  ${harmless(message)}`,
    ...excerptLines(region, printing),
  ];
}
