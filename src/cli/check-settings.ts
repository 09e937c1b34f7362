import { isNamespaceName } from '../domain/object-ref.ts';
import { failed, type Result } from '../domain/result.ts';
import { type FormatName, FORMATS } from '../report/formats.ts';
import type { Io } from './io.ts';
import { type ReportFlags, type ReportSettings, reportSettingsFrom, shownFlag } from './report-settings.ts';
import type { RunFlags } from './run-flags.ts';

/** Flags of `check` as commander gives them. */
export interface CheckFlags extends RunFlags, ReportFlags {}

/** Checked. */
export type CheckSettings = ReportSettings<FormatName>;

/** The settings, or everything that is wrong with the flags. */
export function checkSettingsFrom(flags: CheckFlags, env: Io['env']): Result<CheckSettings, string> {
  const fallback = env['GITHUB_ACTIONS'] === 'true' ? 'github' : 'human';
  const settings = reportSettingsFrom(flags, { formats: FORMATS, fallback });
  const faults = namespaceFault(flags.namespace);
  return faults.length === 0 ? settings : failed([...(settings.ok ? [] : settings.problems), ...faults]);
}

/** `-n`, for every command that has it. */
export function namespaceFault(namespace: string | undefined): readonly string[] {
  if (namespace === undefined || isNamespaceName(namespace)) return [];
  return [`--namespace: ${shownFlag(namespace)} is no namespace; use lower case letters, digits and -, at most 63`];
}
