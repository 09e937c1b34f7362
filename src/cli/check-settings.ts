import { isNamespaceName } from '../domain/object-ref.ts';
import { normalize } from 'node:path';
import { failed, ok, type Result } from '../domain/result.ts';
import { anyOf, printable } from '../domain/text.ts';
import { type FormatName, FORMATS } from '../report/formats.ts';
import type { Io } from './io.ts';
import type { RunFlags } from './run-flags.ts';

/** One `-o`, with the `--output-file` that follows it. A file that follows none is the default format's. */
export interface OutputFlag {
  readonly format: string | undefined;
  readonly file: string | undefined;
}

/** Flags of `check` as commander gives them. */
export interface CheckFlags extends RunFlags {
  /** In the order of the command line. */
  readonly outputs: readonly OutputFlag[];
  readonly failOn?: string;
  readonly baseline?: string;
  readonly createBaseline?: string;
  readonly exitZero?: boolean;
}

export interface Output {
  readonly format: FormatName;
  /** undefined: standard output. */
  readonly file: string | undefined;
}

/** Checked. */
export interface CheckSettings {
  readonly outputs: readonly Output[];
  readonly failOn: 'deny' | 'warn';
  readonly baseline: string | undefined;
  readonly createBaseline: string | undefined;
  readonly exitZero: boolean;
}

const FAIL_ON = ['deny', 'warn'] as const;

/** The settings, or everything that is wrong with the flags. */
export function checkSettingsFrom(flags: CheckFlags, env: Io['env']): Result<CheckSettings, string> {
  const { failOn = 'deny', baseline, createBaseline, exitZero = false } = flags;
  const outputs = outputsFrom(flags.outputs, env);
  const level = FAIL_ON.find((name) => name === failOn);
  const problems = [...(outputs.ok ? [] : outputs.problems), ...namespaceFault(flags.namespace)];
  if (level === undefined) problems.push(`--fail-on: ${shown(failOn)} is no level; use ${anyOf(FAIL_ON)}`);
  problems.push(...baselineFaults(flags));
  if (!outputs.ok || level === undefined || problems.length > 0) return failed(problems);
  return ok({ outputs: outputs.value, failOn: level, baseline, createBaseline, exitZero });
}

function baselineFaults({ baseline, createBaseline, outputs }: CheckFlags): readonly string[] {
  if (createBaseline !== undefined && outputs.some(({ file }) => file === createBaseline)) {
    return ['--create-baseline: a report goes to the same file; name another one'];
  }
  if (baseline !== undefined && createBaseline !== undefined) {
    return ['--create-baseline: it cannot be made and used at once; leave out --baseline'];
  }
  if (baseline === '') return ['--baseline: the path is empty; name a file'];
  return createBaseline === '' ? ['--create-baseline: the path is empty; name a file'] : [];
}

/** `-n`, for every command that has it. */
export function namespaceFault(namespace: string | undefined): readonly string[] {
  if (namespace === undefined || isNamespaceName(namespace)) return [];
  return [`--namespace: ${shown(namespace)} is no namespace; use lower case letters, digits and -, at most 63`];
}

function outputsFrom(given: readonly OutputFlag[], env: Io['env']): Result<readonly Output[], string> {
  const fallback: FormatName = env['GITHUB_ACTIONS'] === 'true' ? 'github' : 'human';
  const names = Object.keys(FORMATS);
  const problems: string[] = [];
  const outputs = given.flatMap(({ format = fallback, file }) => {
    if (isFormat(format)) return [{ format, file }];
    problems.push(`--output: ${shown(format)} is no format; use ${anyOf(names)}`);
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

function shown(value: string): string {
  return value === '' ? '""' : printable(value);
}

function isFormat(name: string): name is FormatName {
  return Object.hasOwn(FORMATS, name);
}
