import type { InputProblem, SourceRegion } from '../domain/source.ts';
import type { VerdictList } from './verdict-list.ts';

/** What a rule is, for formats that list the rules of a tool. */
export interface RuleFacts {
  readonly name: string;
  readonly summary: string;
  readonly why: string;
}

/** Everything that a run of `check` has to say: each format lays out the same facts. */
export interface CheckReport {
  readonly list: VerdictList;
  /** What could not be read; then the run is no proof of anything, and its exit code is 2. */
  readonly problems: readonly InputProblem[];
  /** Every rule of the registry, sorted. */
  readonly rules: readonly RuleFacts[];
  /** Of the program. */
  readonly version: string;
  /** The whole line, without its end; undefined where it is not at hand. Tabs and control characters are still in it. */
  lineOf(region: SourceRegion): string | undefined;
  /** As it is called in the repository: CI systems look for files from its root. Others keep their name. */
  fromRoot(file: string): string;
  /** SHA-256 in lower-case hex, for fingerprints: hashing is not pure code here. */
  digest(text: string): string;
}
