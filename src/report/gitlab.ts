import type { Enforcement } from '../domain/finding.ts';
import type { InputProblem } from '../domain/source.ts';
import type { CheckReport } from './check-report.ts';
import { numbered } from './fingerprint.ts';
import { harmless } from './harmless.ts';
import { jsonText } from './json-text.ts';
import { objectTitle } from './object-title.ts';
import { relativeFile } from './relative-file.ts';
import { type Remark, remarksOf } from './remarks.ts';
import { whyWeaker } from './why-weaker.ts';

/** `blocker` is left for what could not be read at all. */
const SEVERITIES = { deny: 'critical', warn: 'minor', audit: 'info' } as const satisfies Record<Enforcement, string>;

interface Issue {
  readonly description: string;
  readonly check_name: string;
  readonly fingerprint: string;
  readonly severity: 'blocker' | (typeof SEVERITIES)[Enforcement];
  readonly location: { readonly path: string; readonly lines: { readonly begin: number } };
}

/**
 * A GitLab Code Quality report. Every entry needs a path: an object that stands in no file is shown under its name. What is
 * only recorded is there as `info`, with the reason, so that the widget does not call it fixed.
 */
export function gitlabReport(report: CheckReport): string {
  const { digest } = report;
  const inputs = report.problems.map((problem) => ({ ...problem, file: pathOf(problem.file, report) }));
  const keys = numbered(inputs.map(({ file, message }) => `${JSON.stringify(file)} ${message}`));
  const problems = inputs.map((problem, index) => ofProblem(problem, digest(`input ${keys[index] ?? ''}`)));
  const findings = remarksOf(report.list).map((remark) => ofRemark(remark, report));
  return `${jsonText([...problems, ...findings])}\n`;
}

function pathOf(file: string, { fromRoot }: CheckReport): string {
  return relativeFile(fromRoot(file));
}

function ofRemark({ item, level, rule, message, source, finding, key }: Remark, report: CheckReport): Issue {
  const title = objectTitle(item.object);
  const notes = finding === undefined ? [] : whyWeaker(finding);
  return {
    description: harmless([`${title}: ${message}`, ...notes].join('; ')),
    check_name: rule,
    fingerprint: report.digest(key),
    severity: SEVERITIES[level],
    location: {
      path: source === undefined ? title : pathOf(source.file, report),
      lines: { begin: source?.line ?? 1 },
    },
  };
}

function ofProblem({ file, line, message }: InputProblem, fingerprint: string): Issue {
  return {
    description: harmless(`could not be read: ${message}`),
    check_name: 'could-not-be-read',
    fingerprint,
    severity: 'blocker',
    location: { path: file, lines: { begin: line ?? 1 } },
  };
}
