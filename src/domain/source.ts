import type { Path } from './path.ts';

/** A piece of one line of a file. All are 1-based; a column counts UTF-16 units, as editors do; endColumn is exclusive. */
export interface SourceRegion {
  /** As it was named, or found: relative to the working directory where it lies in it. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The same line: what spans several ends with the first of them. */
  readonly endLine: number;
  readonly endColumn: number;
}

/** Where the value at the path stands; its key where nothing is written there; where the way ends early, the last key on it. */
export type Locate = (path: Path) => SourceRegion;

/** Why input could not be read, and where. */
export interface InputProblem {
  readonly file: string;
  /** undefined for the file as a whole. */
  readonly line: number | undefined;
  readonly column: number | undefined;
  /** `<what is wrong>; <what to do>`. */
  readonly message: string;
}
