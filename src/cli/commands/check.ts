import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Baseline, EVERYTHING, parseBaseline, renderBaseline, repairedSince } from '../../check/baseline.ts';
import { failed, ok, type Result } from '../../domain/result.ts';
import { counted } from '../../domain/text.ts';
import type { CheckReport } from '../../report/check-report.ts';
import { FORMATS } from '../../report/formats.ts';
import { stepSummary } from '../../report/step-summary.ts';
import { outcomeOf } from '../../report/outcome.ts';
import type { ReportStyle } from '../../report/report-style.ts';
import { type VerdictList, verdictList } from '../../report/verdict-list.ts';
import { rules } from '../../rules/index.ts';
import { type CheckFlags, type CheckSettings, checkSettingsFrom } from '../check-settings.ts';
import { complain } from '../complain.ts';
import { writeFault } from '../file-fault.ts';
import { type ExitCode, type Io, programOf } from '../io.ts';
import { type ManifestRun, openRun } from '../manifest-run.ts';
import { readText } from '../read-text.ts';
import { sameFlags } from '../same-flags.ts';
import { namesFromRoot } from '../repository-root.ts';
import { linesOf } from '../source-lines.ts';
import { VERSION } from '../version.ts';

const NOTHING_KNOWN: Baseline = new Set();

/**
 * Judges manifests as the gate would. Reports on standard output, everything else on standard error. 1 for findings at or
 * above `--fail-on`; 2 when something could not be read: then not everything was judged.
 */
export async function check(paths: readonly string[], flags: CheckFlags, io: Io): Promise<ExitCode> {
  const settings = checkSettingsFrom(flags, io.env);
  if (!settings.ok) return complain(io, settings.problems);
  const [baseline, run] = await Promise.all([readBaseline(settings.value.baseline, io.cwd), openRun(paths, flags, io)]);
  const problems = [...problemsOf(baseline), ...problemsOf(run)];
  if (!baseline.ok || !run.ok) return complain(io, problems);
  complain(io, run.value.remarks);
  const made = await makeBaseline(settings.value, run.value, io);
  if (!made.ok) return complain(io, made.problems);
  const style = { flags: sameFlags(flags), program: programOf(io) };
  const names = { cwd: io.cwd, fromRoot: await namesFromRoot(io) };
  const report = reportOn(run.value, made.value ?? baseline.value, names);
  complain(io, repairs(settings.value.baseline, repairedSince(baseline.value, report.list)));
  return conclude(report, { ...settings.value, ...style }, io);
}

/** A baseline that still knows what was mended would let it come back. */
function repairs(path: string | undefined, count: number): readonly string[] {
  if (path === undefined || count === 0) return [];
  return [
    `${path}: ${counted(count, 'finding')} of it ${count === 1 ? 'is' : 'are'} there no more; make it again with --create-baseline`,
  ];
}

function problemsOf(result: Result<unknown, string>): readonly string[] {
  return result.ok ? [] : result.problems;
}

type Reporting = CheckSettings & Pick<ReportStyle, 'program' | 'flags'>;

async function conclude(report: CheckReport, settings: Reporting, io: Io): Promise<ExitCode> {
  const unwritten = await writeOutputs(settings, report, io);
  if (unwritten.length > 0) return complain(io, unwritten);
  const outcome = outcomeOf(report, settings);
  if (outcome === 'unread') return 2;
  return outcome === 'clean' || settings.exitZero ? 0 : 1;
}

async function readBaseline(path: string | undefined, cwd: string): Promise<Result<Baseline, string>> {
  if (path === undefined) return ok(NOTHING_KNOWN);
  const text = await readText(path, resolve(cwd, path));
  if (!text.ok) return text;
  const baseline = parseBaseline(text.value);
  return baseline.ok ? baseline : failed(baseline.problems.map((problem) => `${path}: ${problem}`));
}

/** undefined when none is asked for. What cannot be read is not known, so there is no baseline of it. */
async function makeBaseline(
  { createBaseline }: CheckSettings,
  run: ManifestRun,
  io: Io,
): Promise<Result<Baseline | undefined, string>> {
  if (createBaseline === undefined) return ok(undefined);
  const { text, keys } = renderBaseline(run.judge(EVERYTHING));
  if (run.problems.length > 0) {
    io.err.write(`${createBaseline}: not written, because not everything could be read\n`);
    return ok(undefined);
  }
  const fault = await writeText(createBaseline, text, io.cwd);
  if (fault !== undefined) return failed([fault]);
  io.err.write(`${createBaseline}: ${counted(keys.size, 'finding')} written; use it with --baseline\n`);
  return ok(keys);
}

function listOf(run: ManifestRun, baseline: Baseline): VerdictList {
  return verdictList(run.judge(baseline), run.policy.hash, { skipped: run.skipped });
}

interface Names extends Pick<CheckReport, 'fromRoot'> {
  readonly cwd: string;
}

function reportOn(run: ManifestRun, baseline: Baseline, { cwd, fromRoot }: Names): CheckReport {
  return {
    list: listOf(run, baseline),
    problems: run.problems,
    rules: rules.map(({ meta: { name, summary, why } }) => ({ name, summary, why })),
    version: VERSION,
    lineOf: linesOf(run.files, cwd),
    fromRoot,
    digest: (text) => createHash('sha256').update(text).digest('hex'),
  };
}

async function writeOutputs({ outputs, ...style }: Reporting, report: CheckReport, io: Io): Promise<readonly string[]> {
  const faults: (string | undefined)[] = [];
  for (const { format, file } of outputs) {
    const isTerminal = file === undefined;
    const text = FORMATS[format](report, { ...style, color: isTerminal && io.color });
    if (isTerminal) io.out.write(text);
    else faults.push(await writeText(file, text, io.cwd));
    if (format === 'github') faults.push(await writeStepSummary(stepSummary(report, style), io));
  }
  return faults.filter((fault) => fault !== undefined);
}

/** GitHub shows what is in this file below the job. */
async function writeStepSummary(text: string, io: Io): Promise<string | undefined> {
  const path = io.env['GITHUB_STEP_SUMMARY'] ?? '';
  return path === '' ? undefined : writeText(path, text, io.cwd, 'a');
}

/** Gives back why it failed. */
async function writeText(path: string, text: string, cwd: string, flag: 'w' | 'a' = 'w'): Promise<string | undefined> {
  try {
    await writeFile(resolve(cwd, path), text, { flag });
    return undefined;
  } catch (error) {
    return `${path}: ${writeFault(error)}`;
  }
}
