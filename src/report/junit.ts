import type { InputProblem } from '../domain/source.ts';
import type { CheckReport } from './check-report.ts';
import { relativeFile } from './relative-file.ts';
import { objectTitle } from './object-title.ts';
import { placeText, problemPlace, type Remark, remarksOf } from './remarks.ts';
import type { ReportStyle } from './report-style.ts';
import type { VerdictItem } from './verdict-list.ts';
import { whyWeaker } from './why-weaker.ts';
import { type Element, xmlDocument } from './xml.ts';

/** Where objects go that stand in no file. */
const NO_FILE = 'objects';

interface Test {
  readonly file: string;
  readonly element: Element;
}

/**
 * A suite for each file, a test for each object. What denies is a failure, and so are warnings where they fail the run; else
 * they are the test's output. An object that no policy matches was skipped, and what could not be read is an error.
 */
export function junitReport(report: CheckReport, { failOn }: Pick<ReportStyle, 'failOn'>): string {
  const ofItem = Map.groupBy(remarksOf(report.list), ({ item }) => item);
  const tests = [
    ...report.problems.map(ofProblem),
    ...report.list.items.map((item) => ofObject(item, ofItem.get(item) ?? [], failOn)),
  ];
  const suites = [...Map.groupBy(tests, ({ file }) => file)].map(([file, ofFile]) =>
    suiteOf(
      'testsuite',
      file,
      ofFile.map(({ element }) => element),
    ),
  );
  const elements = tests.map(({ element }) => element);
  const all = suiteOf('testsuites', 'nodeport-gate', elements);
  return xmlDocument({ ...all, children: suites });
}

function suiteOf(name: string, title: string, tests: readonly Element[]): Element {
  const count = (outcome: string): number =>
    tests.filter(({ children }) => children.some((child) => typeof child !== 'string' && child.name === outcome))
      .length;
  return {
    name,
    attributes: {
      name: title,
      tests: tests.length,
      failures: count('failure'),
      errors: count('error'),
      // Some readers insist that testsuites have no skipped.
      ...(name === 'testsuite' && { skipped: count('skipped') }),
      time: '0',
    },
    children: tests,
  };
}

function ofObject(item: VerdictItem, remarks: readonly Remark[], failOn: ReportStyle['failOn']): Test {
  const fails = ({ level }: Remark): boolean => level === 'deny' || (level === 'warn' && failOn === 'warn');
  const failures = remarks.filter(fails);
  const others = remarks.filter((remark) => !fails(remark));
  const { source } = item;
  const file = source === undefined ? NO_FILE : relativeFile(source.file);
  const output = [
    ...others.map((remark) => `${remark.level}: ${lineOf(remark)}`),
    ...(item.notices ?? []).map((notice) => `note: ${notice}`),
  ];
  const children = [
    ...failureOf(failures),
    ...(item.untouched === undefined ? [] : [elementOf('skipped', { message: item.untouched }, [])]),
    ...(output.length === 0 ? [] : [elementOf('system-out', {}, output)]),
  ];
  return { file, element: testcase(file, objectTitle(item.object), children) };
}

/** Readers take one failure of a test: it has the first rule and message, and all of them in its text. */
function failureOf(remarks: readonly Remark[]): readonly Element[] {
  const [first, ...others] = remarks;
  if (first === undefined) return [];
  const message = others.length === 0 ? first.message : `${first.message} (and ${others.length} more)`;
  return [elementOf('failure', { message, type: first.rule }, remarks.map(lineOf))];
}

function lineOf({ source, rule, message, finding }: Remark): string {
  const place = source === undefined ? '' : `${placeText(source)}: `;
  const notes = finding === undefined ? [] : whyWeaker(finding);
  return [`${place}${message} [${rule}]`, ...notes].join('; ');
}

function ofProblem(problem: InputProblem): Test {
  const { message } = problem;
  const file = relativeFile(problem.file);
  const place = problemPlace({ ...problem, file });
  const error = elementOf('error', { message, type: 'input' }, [`${place}: ${message}`]);
  return { file, element: testcase(file, place, [error]) };
}

function testcase(file: string, name: string, children: readonly Element[]): Element {
  return elementOf('testcase', { classname: file, name, time: '0' }, children);
}

function elementOf(name: string, attributes: Element['attributes'], children: Element['children']): Element {
  return { name, attributes, children };
}
