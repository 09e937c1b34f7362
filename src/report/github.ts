import type { InputProblem } from '../domain/source.ts';
import { escaped } from '../domain/text.ts';
import type { CheckReport } from './check-report.ts';
import { harmless } from './harmless.ts';
import { objectTitle } from './object-title.ts';
import { relativeFile } from './relative-file.ts';
import { type Remark, remarksOf } from './remarks.ts';
import { summaryLine } from './summary-line.ts';
import { whyWeaker } from './why-weaker.ts';

/** GitHub shows this many annotations of a level for each step and drops the others without a word. */
const MOST_OF_A_LEVEL = 10;

type Level = 'error' | 'warning';

interface Annotation {
  readonly level: Level;
  readonly properties: Readonly<Record<string, string | number | undefined>>;
  readonly message: string;
}

/**
 * Workflow commands that become annotations of the changed lines, then the counts. Problems come first, then what denies;
 * what is only recorded is not shown. Where there are more than GitHub shows, the last one says how many.
 */
export function githubReport(report: CheckReport): string {
  const remarks = remarksOf(report.list);
  const errors = [
    ...report.problems.map((problem) => ofProblem(problem, report)),
    ...remarks.filter(({ level }) => level === 'deny').map((remark) => ofRemark('error', remark, report)),
  ];
  const warnings = remarks.filter(({ level }) => level === 'warn').map((remark) => ofRemark('warning', remark, report));
  const commands = [...atMostShown(errors, 'error'), ...atMostShown(warnings, 'warning')].map(command);
  return `${[...commands, `nodeport-gate: ${summaryLine(report)}`].join('\n')}\n`;
}

function ofRemark(level: Level, { item, rule, message, source, finding }: Remark, report: CheckReport): Annotation {
  const place = source && {
    file: relativeFile(report.fromRoot(source.file)),
    line: source.line,
    endLine: source.endLine,
    col: source.column,
    endColumn: source.endColumn,
  };
  const notes = finding === undefined ? [] : whyWeaker(finding);
  const text = [`${objectTitle(item.object)}: ${message}`, ...notes].join('; ');
  return { level, properties: { ...place, title: rule }, message: text };
}

function ofProblem({ file, line, column, message }: InputProblem, { fromRoot }: CheckReport): Annotation {
  const place = { file: relativeFile(fromRoot(file)), line, col: line === undefined ? undefined : column };
  return { level: 'error', properties: { ...place, title: 'could not be read' }, message };
}

function atMostShown(annotations: readonly Annotation[], level: Level): readonly Annotation[] {
  if (annotations.length <= MOST_OF_A_LEVEL) return annotations;
  const shown = annotations.slice(0, MOST_OF_A_LEVEL - 1);
  const more = annotations.length - shown.length;
  const message = `and ${more} more; see the step summary or the log`;
  return [...shown, { level, properties: { title: 'nodeport-gate' }, message }];
}

/** `::error file=a.yaml,line=12::text`. */
function command({ level, properties, message }: Annotation): string {
  const said = Object.entries(properties).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${property(String(value))}`],
  );
  return `::${level} ${said.join(',')}::${data(harmless(message))}`;
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/**
 * File names are given as they are, so that GitHub finds the file: this alone keeps them in their place. Those with other control
 * characters are not found, but the log stays harmless.
 */
function property(text: string): string {
  return text
    .split(/([\r\n])/)
    .map((part) => data(/^[\r\n]$/.test(part) ? part : escaped(part)))
    .join('')
    .replaceAll(':', '%3A')
    .replaceAll(',', '%2C');
}
