import { harmless } from './harmless.ts';

/** What became of one test. */
export interface TestResult {
  readonly file: string;
  readonly line: number;
  /** Of the document, and of the test in it. */
  readonly suite: string;
  readonly name: string;
  /** None: it passed. */
  readonly mismatches: readonly { readonly kind: 'wrong' | 'missing' | 'unexpected'; readonly text: string }[];
}

const LABELS = { wrong: 'verdict', missing: 'missing', unexpected: 'unexpected' } as const;
const LABEL_WIDTH = LABELS.unexpected.length;

/** One line for each test, below it what differs, at the end the count. */
export function testReportText(results: readonly TestResult[]): string {
  const lines = results.flatMap(({ file, line, suite, name, mismatches }) => [
    `${mismatches.length === 0 ? 'pass' : 'FAIL'}  ${harmless(`${file}:${line}: ${suite}: ${name}`)}`,
    ...mismatches.map(({ kind, text }) => `      ${LABELS[kind].padEnd(LABEL_WIDTH)}  ${harmless(text)}`),
  ]);
  const failed = results.filter(({ mismatches }) => mismatches.length > 0).length;
  return `${[...lines, `${results.length - failed} passed, ${failed} failed`].join('\n')}\n`;
}
