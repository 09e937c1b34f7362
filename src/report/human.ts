import type { InputProblem, SourceRegion } from '../domain/source.ts';
import { counted } from '../domain/text.ts';
import { assignmentText, otherChanges } from './assignment-text.ts';
import type { CheckReport } from './check-report.ts';
import { excerptOf } from './excerpt.ts';
import { harmless } from './harmless.ts';
import { objectTitle } from './object-title.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { COLOURED, PLAIN, type Paint, type Tone } from './paint.ts';
import { placeText, problemPlace, type Remark, remarksOf } from './remarks.ts';
import type { ReportStyle } from './report-style.ts';
import { shellWord } from './shell-word.ts';
import { shortHash } from './short-hash.ts';
import { summaryLine } from './summary-line.ts';
import type { ReportedAssignment, VerdictItem } from './verdict-list.ts';
import { whyWeaker } from './why-weaker.ts';

interface Printing {
  readonly report: CheckReport;
  readonly paint: Paint;
  /** What is only recorded is shown when there is nothing else to say. */
  readonly showsAudit: boolean;
}

const LEVEL_WIDTH = 5;
const MOST_FIX_FILES = 5;
const OBJECT = '  ';
const DETAIL = '    ';
const BELOW = `${DETAIL}    `;

/**
 * The report for people: by file, then by object, strictest first, each finding with the line it is about; then what
 * could not be read, and the counts. An object with nothing to say is only counted, and so is what is only recorded, as
 * long as there is anything else. Every line is harmless to terminals and to whatever reads the logs of CI.
 */
export function humanReport(report: CheckReport, style: ReportStyle): string {
  const paint = style.color ? COLOURED : PLAIN;
  const remarks = remarksOf(report.list);
  const isQuiet = remarks.every(({ level }) => level === 'audit') && report.problems.length === 0;
  const printing = { report, paint, showsAudit: isQuiet };
  const blocks = [...fileBlocks(remarks, printing), ...problemBlock(printing)];
  const end = [paint('file', summaryLine(report)), ...fixHint(remarks, style), lastLine(report, style, paint)];
  return `${[...blocks, end.join('\n')].join('\n\n')}\n`;
}

function fileBlocks(remarks: readonly Remark[], printing: Printing): readonly string[] {
  const ofItem = Map.groupBy(remarks, ({ item }) => item);
  const ofFile = Map.groupBy(printing.report.list.items, ({ source }) => source?.file);
  const blocks: string[] = [];
  for (const [file, items] of ofFile) {
    const lines = items.flatMap((item) => objectLines(item, ofItem.get(item) ?? [], printing));
    const heading = file === undefined ? [] : [printing.paint('file', harmless(file))];
    if (lines.length > 0) blocks.push([...heading, ...lines].join('\n'));
  }
  return blocks;
}

function objectLines(item: VerdictItem, remarks: readonly Remark[], printing: Printing): readonly string[] {
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

function problemBlock(printing: Printing): readonly string[] {
  const { problems } = printing.report;
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

/** The command line that puts right what can be put right, which is nothing that a reader has to take on trust. */
function fixHint(remarks: readonly Remark[], { program, flags }: ReportStyle): readonly string[] {
  const fixable = remarks.filter(({ level, finding }) => level !== 'audit' && finding?.fixable === true);
  if (fixable.length === 0) return [];
  const files = [...new Set(fixable.flatMap(({ source }) => (source === undefined ? [] : [source.file])))];
  const shown = files.length > MOST_FIX_FILES ? ['PATH…'] : files.map(shellWord);
  const are = fixable.length === 1 ? 'can be put right' : 'can be put right at once';
  const command = [program, 'fix', ...flags, ...shown].join(' ');
  return [`${counted(fixable.length, 'finding')} ${are}: ${harmless(command)}`];
}

const ENDINGS: Readonly<Record<Outcome, (policy: string) => string>> = {
  unread: () => 'failed: not everything could be read, so this is not the whole answer; see "could not be read"',
  denied: (policy) => `denied by ${policy}; fix what is marked deny`,
  warned: (policy) => `failed: ${policy} warns, and warnings are to fail; fix what is marked warn`,
  clean: (policy) => `allowed by ${policy}`,
};

/** Nobody may take it for the verdict of the gate, which knows no baseline. */
function knownEnding(policy: string): string {
  return `nothing new; what ${policy} objects to was there when the baseline was made`;
}

function lastLine(report: CheckReport, style: ReportStyle, paint: Paint): string {
  const outcome = outcomeOf(report, style);
  const policy = `policy ${harmless(shortHash(report.list.policy.hash))}`;
  if (outcome === 'clean' && report.list.summary.objects === 0) {
    return `nothing that matters to ${policy} was found`;
  }
  const isKnown = outcome === 'clean' && (report.list.summary.baselined ?? 0) > 0;
  return paint(outcome === 'clean' ? 'good' : 'deny', (isKnown ? knownEnding : ENDINGS[outcome])(policy));
}
