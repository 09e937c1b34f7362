import { auditCluster } from '../../audit/audit.ts';
import { comparePolicies } from '../../audit/compare.ts';
import { type Baseline, type Known, repairedSince } from '../../check/baseline.ts';
import { failed, ok, problemsOf, type Result } from '../../domain/result.ts';
import type { Policy } from '../../engine/policy.ts';
import { AUDIT_FORMATS, type AuditFormatName } from '../../report/audit-formats.ts';
import type { AuditReport } from '../../report/audit-report.ts';
import { findingKey } from '../../report/fingerprint.ts';
import { describeProblemAt } from '../../report/problem-line.ts';
import { type ReportItem, verdictList } from '../../report/verdict-list.ts';
import type { SnapshotReading } from '../../wire/snapshot.ts';
import { auditRights } from '../audit-rights.ts';
import { makeBaseline, readBaseline, repairs } from '../baseline-file.ts';
import { type ChosenPolicy, loadChosenPolicy } from '../chosen-policy.ts';
import { complain } from '../complain.ts';
import { readDumps } from '../dump-snapshot.ts';
import { emptyPath, stdinFault } from '../flag-faults.ts';
import { type ExitCode, type Io, programOf } from '../io.ts';
import { clusterFaults, type ClusterFlags, listCluster, type LiveSnapshot } from '../live-snapshot.ts';
import { REPORT_FACTS } from '../report-facts.ts';
import {
  exitCodeOf,
  overwriteFaults,
  type ReportFlags,
  type ReportSettings,
  reportSettingsFrom,
} from '../report-settings.ts';
import { sameFlags } from '../same-flags.ts';
import { writeReports } from '../write-reports.ts';

/** Flags as commander gives them. */
export interface AuditFlags extends ReportFlags, ClusterFlags {
  readonly policy?: readonly string[];
  /** The other policy, as a whole. */
  readonly compare?: readonly string[];
  readonly printRbac?: boolean;
}

/**
 * Judges what runs: in the cluster of a kubeconfig, or in dumps of one. Reports on standard output, everything else on standard
 * error. 1 for findings at or above `--fail-on`; 2 when something could not be listed or read: then it is not the whole.
 */
export async function audit(dumps: readonly string[], flags: AuditFlags, io: Io): Promise<ExitCode> {
  if (flags.printRbac === true) return printRights(dumps, flags, io);
  const question = await readQuestion(dumps, flags, io);
  if (!question.ok) return complain(io, question.problems);
  complain(io, question.value.remarks);
  const taken = await takeSnapshot(dumps, flags, io);
  if (!taken.ok) return complain(io, taken.problems);
  complain(io, taken.value.remarks);
  return auditTaken(taken.value, question.value, flags, io);
}

function printRights(dumps: readonly string[], { outputs }: AuditFlags, io: Io): ExitCode {
  if (dumps.length + outputs.length > 0) {
    return complain(io, [
      '--print-rbac: it prints a ClusterRole and audits nothing; leave out dumps, -o and --output-file',
    ]);
  }
  io.out.write(auditRights(programOf(io)));
  return 0;
}

interface Question {
  readonly settings: ReportSettings<AuditFormatName>;
  readonly policy: Policy;
  readonly other: Policy | undefined;
  readonly baseline: Baseline;
  readonly remarks: readonly string[];
}

/** Everything that can be wrong before a cluster is asked, together. */
async function readQuestion(dumps: readonly string[], flags: AuditFlags, io: Io): Promise<Result<Question, string>> {
  const settings = settingsFrom(dumps, flags, io);
  if (!settings.ok) return settings;
  const [chosen, other, baseline] = await Promise.all([
    loadChosenPolicy(flags.policy, io.cwd),
    flags.compare === undefined ? NO_OTHER : loadChosenPolicy(flags.compare, io.cwd),
    readBaseline(settings.value.baseline, io.cwd),
  ]);
  if (!chosen.ok || !other.ok || !baseline.ok) {
    return failed([chosen, other, baseline].flatMap(problemsOf));
  }
  const overwritten = overwriteFaults(settings.value, inputsOf(dumps, flags, [chosen.value, other.value]), io.cwd);
  if (overwritten.length > 0) return failed(overwritten);
  return ok({
    settings: settings.value,
    policy: chosen.value.policy,
    other: other.value?.policy,
    baseline: baseline.value,
    remarks: [...chosen.value.remarks, ...(other.value?.remarks ?? [])],
  });
}

function settingsFrom(
  dumps: readonly string[],
  flags: AuditFlags,
  { cwd }: Io,
): Result<ReportSettings<AuditFormatName>, string> {
  const settings = reportSettingsFrom(flags, { formats: AUDIT_FORMATS, fallback: 'human', cwd });
  const faults = [
    ...clusterFaults(flags, dumps.length > 0 ? 'dump' : undefined),
    ...stdinFault(dumps),
    ...emptyPath('--policy', flags.policy),
    ...emptyPath('--compare', flags.compare),
  ];
  return faults.length === 0 ? settings : failed([...problemsOf(settings), ...faults]);
}

/** The files that the run reads. */
function inputsOf(
  dumps: readonly string[],
  { baseline, kubeconfig }: AuditFlags,
  policies: readonly (ChosenPolicy | undefined)[],
): readonly string[] {
  const named = [...dumps, baseline, kubeconfig].flatMap((path) => (path === undefined || path === '-' ? [] : [path]));
  return [...named, ...policies.flatMap((policy) => policy?.files ?? [])];
}

const NO_OTHER: Result<ChosenPolicy | undefined, string> = ok(undefined);

async function takeSnapshot(
  dumps: readonly string[],
  flags: ClusterFlags,
  io: Io,
): Promise<Result<LiveSnapshot, string>> {
  if (dumps.length === 0) return listCluster(flags, io);
  const read = await readDumps(dumps, io);
  return read.ok ? ok({ ...read.value, remarks: [] }) : read;
}

async function auditTaken(
  { snapshot, problems }: SnapshotReading,
  { settings, policy, other, baseline }: Question,
  flags: AuditFlags,
  io: Io,
): Promise<ExitCode> {
  const now = io.now();
  const { items, skipped, map } = auditCluster(snapshot, policy, now);
  const found = { items: () => items, isWhole: problems.length === 0 };
  const made = await makeBaseline(settings.createBaseline, found, io);
  if (!made.ok) return complain(io, made.problems);
  const report: AuditReport = {
    ...REPORT_FACTS,
    list: verdictList(knowing(items, made.value ?? baseline), policy.hash, { skipped }),
    problems,
    lineOf: () => undefined,
    fromRoot: (file) => file,
    map,
    comparison: other && comparePolicies(snapshot, { current: policy, items, other }, now),
    page: await pageFor(settings),
  };
  complain(io, [...unsaid(report, settings), ...repairs(settings.baseline, repairedSince(baseline, report.list))]);
  const style = { ...settings, program: programOf(io), flags: sameFlags(flags) };
  const textOf = (format: AuditFormatName, { color }: { readonly color: boolean }): string =>
    AUDIT_FORMATS[format](report, { ...style, color });
  const unwritten = await writeReports(settings.outputs, textOf, io);
  if (unwritten.length > 0) return complain(io, unwritten);
  return exitCodeOf(report, settings);
}

/** Formats that tell of everything. SARIF has what could not be read, but hardly anything that reads SARIF shows it. */
const WHOLE: ReadonlySet<AuditFormatName> = new Set(['human', 'json']);

/** What the reader of standard output would not hear of otherwise. */
function unsaid(
  { problems, comparison }: AuditReport,
  { outputs }: ReportSettings<AuditFormatName>,
): readonly string[] {
  const whole = outputs.filter(({ format }) => WHOLE.has(format));
  const isTold = whole.some(({ file }) => file === undefined);
  return [
    ...(isTold ? [] : problems.map(describeProblemAt)),
    ...(comparison !== undefined && whole.length === 0
      ? ['--compare: only human and json show it; add one of them']
      : []),
  ];
}

function knowing(items: readonly ReportItem[], known: Known): readonly ReportItem[] {
  return items.map((item) => ({ ...item, isInBaseline: (finding) => known.has(findingKey(item.object, finding)) }));
}

/** It is large, and seldom asked for. */
async function pageFor({ outputs }: ReportSettings<AuditFormatName>): Promise<string> {
  if (!outputs.some(({ format }) => format === 'html')) return '';
  const { loadPage } = await import('../page-file.ts');
  return loadPage();
}
