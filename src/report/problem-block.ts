import type { InputProblem } from '../domain/source.ts';
import type { CheckReport } from './check-report.ts';
import { harmless } from './harmless.ts';
import { excerptLines, type Printing } from './object-block.ts';
import { problemPlace } from './remarks.ts';

const DETAIL = '    ';

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
