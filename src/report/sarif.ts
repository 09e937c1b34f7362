import { isStricter } from '../domain/finding.ts';
import type { InputProblem } from '../domain/source.ts';
import { counted } from '../domain/text.ts';
import type { CheckReport, RuleFacts } from './check-report.ts';
import { harmless } from './harmless.ts';
import { jsonText } from './json-text.ts';
import { type Remark, remarksOf, strictestFirst } from './remarks.ts';
import { SARIF_LEVELS, sarifResult } from './sarif-result.ts';
import { artifactLocation, SOURCE_ROOT } from './sarif-uri.ts';
import { plainMessage } from './sarif-message.ts';

/** GitHub refuses a run with more. */
const MOST_RESULTS = 25_000;
/** Of GitHub, for the descriptions of a rule. */
const LONGEST_DESCRIPTION = 1024;

/** For a rule without a result, what it does where the policy does not say otherwise. */
const USUAL = 'deny';

/** What GitHub shows instead of the level for whatever is tagged with security: high, medium, low. */
const SECURITY_SEVERITIES = { deny: '8.0', warn: '5.0', audit: '2.0' } as const;
const PROBLEM_SEVERITIES = { deny: 'error', warn: 'warning', audit: 'recommendation' } as const;

/**
 * SARIF 2.1.0, as the standard and GitHub code scanning want it: regions of one line, so that a pull request shows the
 * alert at the very line, fingerprints that outlive moved lines, and the other holder of a port as a related location.
 */
export function sarifReport(report: CheckReport): string {
  const all = remarksOf(report.list);
  const shown = all.length > MOST_RESULTS ? strictestFirst(all).slice(0, MOST_RESULTS) : all;
  const { excused = 0, suppressed = 0, baselined = 0 } = report.list.summary;
  // Either every result of a run says it, or none does.
  const says = { suppressions: excused + suppressed > 0, baseline: baselined > 0 };
  const run = {
    tool: { driver: driverOf(report, all) },
    invocations: [invocationOf(report, all.length - shown.length)],
    originalUriBaseIds: {
      [SOURCE_ROOT]: {
        description: { text: 'The root of the repository; without one, the directory in which nodeport-gate was run.' },
      },
    },
    columnKind: 'utf16CodeUnits',
    results: shown.map((remark) => sarifResult(remark, { report, says })),
  };
  const log = { $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] };
  return `${jsonText(log)}\n`;
}

function driverOf({ rules, version }: CheckReport, remarks: readonly Remark[]) {
  const strictest = new Map<string, Remark['level']>();
  for (const { rule, level } of remarks) {
    if (isStricter(level, strictest.get(rule) ?? 'audit') || !strictest.has(rule)) strictest.set(rule, level);
  }
  return {
    name: 'nodeport-gate',
    semanticVersion: version,
    rules: rules.map((rule) => descriptorOf(rule, strictest.get(rule.name) ?? USUAL)),
  };
}

/** The policy makes a rule as severe as it is: its strictest result tells. */
function descriptorOf({ name, summary, why }: RuleFacts, level: Remark['level']) {
  const more = `nodeport-gate explain ${name}`;
  return {
    id: name,
    shortDescription: { text: description(summary, name) },
    fullDescription: { text: description(why, name) },
    help: {
      text: `${summary}\n${why}\nMore: ${more}`,
      markdown: `**${summary}**\n\n${why}\n\nMore: \`${more}\``,
    },
    defaultConfiguration: { level: SARIF_LEVELS[level] },
    properties: {
      tags: ['security', 'kubernetes'],
      precision: 'very-high',
      'problem.severity': PROBLEM_SEVERITIES[level],
      'security-severity': SECURITY_SEVERITIES[level],
    },
  };
}

function description(text: string, otherwise: string): string {
  return text === '' ? otherwise : text.slice(0, LONGEST_DESCRIPTION);
}

function invocationOf({ problems, fromRoot }: CheckReport, leftOut: number) {
  const cut = {
    level: 'warning',
    message: { text: `${counted(leftOut, 'result')} left out, because a run holds at most ${MOST_RESULTS}` },
  };
  const notifications = [
    ...problems.map((problem) => notificationOf({ ...problem, file: fromRoot(problem.file) })),
    ...(leftOut > 0 ? [cut] : []),
  ];
  return {
    executionSuccessful: problems.length === 0,
    ...(notifications.length > 0 && { toolExecutionNotifications: notifications }),
  };
}

function notificationOf({ file, line, column, message }: InputProblem) {
  const region =
    line === undefined ? undefined : { startLine: line, ...(column !== undefined && { startColumn: column }) };
  const physicalLocation = { artifactLocation: artifactLocation(file), ...(region !== undefined && { region }) };
  return {
    level: 'error',
    message: { text: plainMessage(harmless(message), 'could not be read') },
    locations: [{ physicalLocation }],
  };
}
