import { counted } from '../domain/text.ts';
import type { CheckReport } from './check-report.ts';
import { harmless } from './harmless.ts';
import { objectLines, type Printing, printingOf, problemBlock } from './object-block.ts';
import { type Remark, remarksOf } from './remarks.ts';
import type { ReportStyle } from './report-style.ts';
import { shellWord } from './shell-word.ts';
import { summaryLine } from './summary-line.ts';
import { verdictLine } from './verdict-line.ts';

const MOST_FIX_FILES = 5;

/**
 * The report for people: by file, then by object, strictest first, each finding with the line it is about; then what
 * could not be read, and the counts. An object with nothing to say is only counted, and so is what is only recorded, as
 * long as there is anything else. Every line is harmless to terminals and to whatever reads the logs of CI.
 */
export function humanReport(report: CheckReport, style: ReportStyle): string {
  const remarks = remarksOf(report.list);
  const printing = printingOf(report, remarks, style);
  const { paint } = printing;
  const blocks = [...fileBlocks(report, remarks, printing), ...problemBlock(report, printing)];
  const end = [paint('file', summaryLine(report)), ...fixHint(remarks, style), verdictLine(report, style, paint)];
  return `${[...blocks, end.join('\n')].join('\n\n')}\n`;
}

function fileBlocks({ list }: CheckReport, remarks: readonly Remark[], printing: Printing): readonly string[] {
  const ofItem = Map.groupBy(remarks, ({ item }) => item);
  const ofFile = Map.groupBy(list.items, ({ source }) => source?.file);
  const blocks: string[] = [];
  for (const [file, items] of ofFile) {
    const lines = items.flatMap((item) => objectLines(item, ofItem.get(item) ?? [], printing));
    const heading = file === undefined ? [] : [printing.paint('file', harmless(file))];
    if (lines.length > 0) blocks.push([...heading, ...lines].join('\n'));
  }
  return blocks;
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
