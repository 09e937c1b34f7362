import { escaped } from '../domain/text.ts';

/** What is wrong with a policy document, and where. Lines and columns are 1-based. */
export interface Problem {
  /** As it was given to the reader; empty when there is no file to blame. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** `spec.rules.node-port-range.ranges[0]`; empty for the document as a whole. */
  readonly path: string;
  /** `<what is wrong>; <what to do>`. */
  readonly message: string;
}

/** `FILE:LINE:COLUMN: PATH: MESSAGE`, the form that editors and terminals turn into a link. */
export function formatProblem({ file, line, column, path, message }: Problem): string {
  const place = file === '' ? '' : `${file}:${line}:${column}: `;
  return escaped(`${place}${path === '' ? '' : `${path}: `}${message}`);
}
