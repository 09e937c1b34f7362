import { type Baseline, EVERYTHING, repairedSince } from '../../check/baseline.ts';
import { problemsOf } from '../../domain/result.ts';
import type { CheckReport } from '../../report/check-report.ts';
import { FORMATS } from '../../report/formats.ts';
import { stepSummary } from '../../report/step-summary.ts';
import type { ReportStyle } from '../../report/report-style.ts';
import { type VerdictList, verdictList } from '../../report/verdict-list.ts';
import { makeBaseline, readBaseline, repairs } from '../baseline-file.ts';
import { type CheckFlags, type CheckSettings, checkSettingsFrom } from '../check-settings.ts';
import { complain } from '../complain.ts';
import { type ExitCode, type Io, programOf } from '../io.ts';
import { type ManifestRun, openRun } from '../manifest-run.ts';
import { REPORT_FACTS } from '../report-facts.ts';
import { namesFromRoot } from '../repository-root.ts';
import { exitCodeOf, overwriteFaults } from '../report-settings.ts';
import { sameFlags } from '../same-flags.ts';
import { linesOf } from '../source-lines.ts';
import { writeReports, writeText } from '../write-reports.ts';

/**
 * Judges manifests as the gate would. Reports on standard output, everything else on standard error. 1 for findings at or
 * above `--fail-on`; 2 when something could not be read: then not everything was judged.
 */
export async function check(paths: readonly string[], flags: CheckFlags, io: Io): Promise<ExitCode> {
  const settings = checkSettingsFrom(flags, io);
  if (!settings.ok) return complain(io, settings.problems);
  const [baseline, run] = await Promise.all([readBaseline(settings.value.baseline, io.cwd), openRun(paths, flags, io)]);
  const problems = [...problemsOf(baseline), ...problemsOf(run)];
  if (!baseline.ok || !run.ok) return complain(io, problems);
  const overwritten = overwriteFaults(settings.value, inputsOf(paths, flags, run.value), io.cwd);
  if (overwritten.length > 0) return complain(io, overwritten);
  complain(io, run.value.remarks);
  const found = { items: () => run.value.judge(EVERYTHING), isWhole: run.value.problems.length === 0 };
  const made = await makeBaseline(settings.value.createBaseline, found, io);
  if (!made.ok) return complain(io, made.problems);
  const style = { flags: sameFlags(flags), program: programOf(io) };
  const names = { cwd: io.cwd, fromRoot: await namesFromRoot(io) };
  const report = reportOn(run.value, made.value ?? baseline.value, names);
  complain(io, repairs(settings.value.baseline, repairedSince(baseline.value, report.list)));
  return conclude(report, { ...settings.value, ...style }, io);
}

/** Those that somebody named, and the policy. Of what is found in a directory nobody said that it is a manifest: reports lie there, too. */
function inputsOf(
  paths: readonly string[],
  { inventory = [], baseline }: CheckFlags,
  { policyFiles }: ManifestRun,
): readonly string[] {
  const named = paths.filter((path) => path !== '-');
  return [...named, ...inventory, ...policyFiles, ...(baseline === undefined ? [] : [baseline])];
}

type Reporting = CheckSettings & Pick<ReportStyle, 'program' | 'flags'>;

async function conclude(report: CheckReport, settings: Reporting, io: Io): Promise<ExitCode> {
  const unwritten = await writeOutputs(settings, report, io);
  if (unwritten.length > 0) return complain(io, unwritten);
  return exitCodeOf(report, settings);
}

function listOf(run: ManifestRun, baseline: Baseline): VerdictList {
  return verdictList(run.judge(baseline), run.policy.hash, { skipped: run.skipped });
}

interface Names extends Pick<CheckReport, 'fromRoot'> {
  readonly cwd: string;
}

function reportOn(run: ManifestRun, baseline: Baseline, { cwd, fromRoot }: Names): CheckReport {
  return {
    ...REPORT_FACTS,
    list: listOf(run, baseline),
    problems: run.problems,
    lineOf: linesOf(run.files, cwd),
    fromRoot,
  };
}

async function writeOutputs({ outputs, ...style }: Reporting, report: CheckReport, io: Io): Promise<readonly string[]> {
  const faults = await writeReports(outputs, (format, { color }) => FORMATS[format](report, { ...style, color }), io);
  if (!outputs.some(({ format }) => format === 'github')) return faults;
  const fault = await writeStepSummary(stepSummary(report, style), io);
  return fault === undefined ? faults : [...faults, fault];
}

/** GitHub shows what is in this file below the job. */
async function writeStepSummary(text: string, io: Io): Promise<string | undefined> {
  const path = io.env['GITHUB_STEP_SUMMARY'] ?? '';
  return path === '' ? undefined : writeText(path, text, io.cwd, 'a');
}
