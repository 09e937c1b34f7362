import { failed, ok, type Result } from '../domain/result.ts';
import { anyOf, printable } from '../domain/text.ts';
import type { CheckReport } from '../report/check-report.ts';
import { outcomeOf } from '../report/outcome.ts';
import type { ExitCode } from './io.ts';
import { realPathOf } from './real-path.ts';

/** One `-o`, with the `--output-file` that follows it. A file that follows none is the default format's. */
export interface OutputFlag {
  readonly format: string | undefined;
  readonly file: string | undefined;
}

/** Flags of the commands that make reports, as commander gives them. */
export interface ReportFlags {
  /** In the order of the command line. */
  readonly outputs: readonly OutputFlag[];
  readonly failOn?: string;
  readonly baseline?: string;
  readonly createBaseline?: string;
  readonly exitZero?: boolean;
}

export interface Output<Format> {
  readonly format: Format;
  /** undefined: standard output. */
  readonly file: string | undefined;
}

/** Checked. */
export interface ReportSettings<Format> {
  readonly outputs: readonly Output<Format>[];
  readonly failOn: 'deny' | 'warn';
  readonly baseline: string | undefined;
  readonly createBaseline: string | undefined;
  readonly exitZero: boolean;
}

/** What `-o` of a command takes, what it is where nobody says, and where its files are. */
export interface KnownFormats<Format extends string> {
  readonly formats: Readonly<Record<Format, unknown>>;
  readonly fallback: Format;
  readonly cwd: string;
}

const FAIL_ON = ['deny', 'warn'] as const;

/** The settings, or everything that is wrong with the flags. */
export function reportSettingsFrom<Format extends string>(
  flags: ReportFlags,
  known: KnownFormats<Format>,
): Result<ReportSettings<Format>, string> {
  const { failOn = 'deny', baseline, createBaseline, exitZero = false } = flags;
  const outputs = outputsFrom(flags.outputs, known);
  const level = FAIL_ON.find((name) => name === failOn);
  const problems = outputs.ok ? [] : [...outputs.problems];
  if (level === undefined) problems.push(`--fail-on: ${shownFlag(failOn)} is no level; use ${anyOf(FAIL_ON)}`);
  problems.push(...baselineFaults(flags, known.cwd));
  if (!outputs.ok || level === undefined || problems.length > 0) return failed(problems);
  return ok({ outputs: outputs.value, failOn: level, baseline, createBaseline, exitZero });
}

function baselineFaults({ baseline, createBaseline, outputs }: ReportFlags, cwd: string): readonly string[] {
  const made = createBaseline === undefined ? undefined : realPathOf(createBaseline, cwd);
  if (made !== undefined && filesOf(outputs, cwd).includes(made)) {
    return ['--create-baseline: a report goes to the same file; name another one'];
  }
  if (baseline !== undefined && createBaseline !== undefined) {
    return ['--create-baseline: it cannot be made and used at once; leave out --baseline'];
  }
  if (baseline === '') return ['--baseline: the path is empty; name a file'];
  return createBaseline === '' ? ['--create-baseline: the path is empty; name a file'] : [];
}

function outputsFrom<Format extends string>(
  given: readonly OutputFlag[],
  { formats, fallback, cwd }: KnownFormats<Format>,
): Result<readonly Output<Format>[], string> {
  const problems: string[] = [];
  const outputs = given.flatMap(({ format = fallback, file }) => {
    const known = formatFrom(format, formats);
    if (known.ok) return [{ format: known.value, file }];
    problems.push(...known.problems);
    return [];
  });
  problems.push(...fileFaults(given, filesOf(outputs, cwd)));
  if (outputs.filter(({ file }) => file === undefined).length > 1) {
    problems.push('--output: only one format can go to standard output; add --output-file FILE after the others');
  }
  if (problems.length > 0) return failed(problems);
  return ok(outputs.length === 0 ? [{ format: fallback, file: undefined }] : outputs);
}

function fileFaults(given: readonly OutputFlag[], files: readonly string[]): readonly string[] {
  const named = given.map(({ file }) => file);
  if (named.includes('')) return ['--output-file: the path is empty; name a file'];
  if (named.includes('-')) {
    return ['--output-file: - is standard output, where a format goes anyway; leave this out, or write ./-'];
  }
  const unasked = given.slice(1).find(({ format }) => format === undefined);
  if (unasked?.file !== undefined) {
    return [`--output-file: no format goes to ${shownFlag(unasked.file)}; write -o FORMAT before it, or leave it out`];
  }
  return new Set(files).size < files.length
    ? ['--output-file: two formats go to the same file; name one for each']
    : [];
}

/** The real paths of the files that are written. */
function filesOf(outputs: readonly Pick<OutputFlag, 'file'>[], cwd: string): readonly string[] {
  return outputs.flatMap(({ file }) => (file === undefined ? [] : [realPathOf(file, cwd)]));
}

/** What is wrong where something that the run reads would be written over. */
export function overwriteFaults(
  { outputs, createBaseline }: Pick<ReportSettings<string>, 'outputs' | 'createBaseline'>,
  inputs: readonly string[],
  cwd: string,
): readonly string[] {
  const read = new Set(inputs.map((path) => realPathOf(path, cwd)));
  const baselines = createBaseline === undefined ? [] : [{ file: createBaseline }];
  return [
    ...(filesOf(outputs, cwd).some((file) => read.has(file)) ? ['--output-file'] : []),
    ...(filesOf(baselines, cwd).some((file) => read.has(file)) ? ['--create-baseline'] : []),
  ].map((flag) => `${flag}: this is read in the same run; name another file`);
}

/** The format of this name. */
export function formatFrom<Format extends string>(
  name: string,
  formats: Readonly<Record<Format, unknown>>,
): Result<Format, string> {
  const isFormat = (text: string): text is Format => Object.hasOwn(formats, text);
  if (isFormat(name)) return ok(name);
  return failed([`--output: ${shownFlag(name)} is no format; use ${anyOf(Object.keys(formats))}`]);
}

/** The value of a flag in a message. */
export function shownFlag(value: string): string {
  return value === '' ? '""' : printable(value);
}

/** What was not read is no pass, whatever was asked for. */
export function exitCodeOf(
  report: Pick<CheckReport, 'list' | 'problems'>,
  settings: Pick<ReportSettings<string>, 'failOn' | 'exitZero'>,
): ExitCode {
  const outcome = outcomeOf(report, settings);
  if (outcome === 'unread') return 2;
  return outcome === 'clean' || settings.exitZero ? 0 : 1;
}
