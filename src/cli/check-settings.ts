import { failed, problemsOf, type Result } from '../domain/result.ts';
import { type FormatName, FORMATS } from '../report/formats.ts';
import { namespaceFault } from './flag-faults.ts';
import type { Io } from './io.ts';
import { type ReportFlags, type ReportSettings, reportSettingsFrom } from './report-settings.ts';
import type { RunFlags } from './run-flags.ts';

/** Flags of `check` as commander gives them. */
export interface CheckFlags extends RunFlags, ReportFlags {}

/** Checked. */
export type CheckSettings = ReportSettings<FormatName>;

/** The settings, or everything that is wrong with the flags. */
export function checkSettingsFrom(
  flags: CheckFlags,
  { env, cwd }: Pick<Io, 'env' | 'cwd'>,
): Result<CheckSettings, string> {
  const fallback = env['GITHUB_ACTIONS'] === 'true' ? 'github' : 'human';
  const settings = reportSettingsFrom(flags, { formats: FORMATS, fallback, cwd });
  const faults = namespaceFault(flags.namespace);
  return faults.length === 0 ? settings : failed([...problemsOf(settings), ...faults]);
}
