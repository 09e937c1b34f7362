import { normalize } from 'node:path';
import { failed, ok, type Result } from '../domain/result.ts';
import { anyOf, printable } from '../domain/text.ts';

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

/** What `-o` of a command takes, and what it is where nobody says. */
export interface KnownFormats<Format extends string> {
  readonly formats: Readonly<Record<Format, unknown>>;
  readonly fallback: Format;
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
  problems.push(...baselineFaults(flags));
  if (!outputs.ok || level === undefined || problems.length > 0) return failed(problems);
  return ok({ outputs: outputs.value, failOn: level, baseline, createBaseline, exitZero });
}

function baselineFaults({ baseline, createBaseline, outputs }: ReportFlags): readonly string[] {
  if (createBaseline !== undefined && outputs.some(({ file }) => file === createBaseline)) {
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
  { formats, fallback }: KnownFormats<Format>,
): Result<readonly Output<Format>[], string> {
  const isFormat = (name: string): name is Format => Object.hasOwn(formats, name);
  const problems: string[] = [];
  const outputs = given.flatMap(({ format = fallback, file }) => {
    if (isFormat(format)) return [{ format, file }];
    problems.push(`--output: ${shownFlag(format)} is no format; use ${anyOf(Object.keys(formats))}`);
    return [];
  });
  const files = outputs.flatMap(({ file }) => (file === undefined ? [] : [normalize(file)]));
  if (given.some(({ file }) => file === '')) problems.push('--output-file: the path is empty; name a file');
  else if (new Set(files).size < files.length) {
    problems.push('--output-file: two formats go to the same file; name one for each');
  }
  if (outputs.filter(({ file }) => file === undefined).length > 1) {
    problems.push('--output: only one format can go to standard output; add --output-file FILE after the others');
  }
  if (problems.length > 0) return failed(problems);
  return ok(outputs.length === 0 ? [{ format: fallback, file: undefined }] : outputs);
}

/** The value of a flag in a message. */
export function shownFlag(value: string): string {
  return value === '' ? '""' : printable(value);
}
