import { printable } from '../domain/text.ts';

/** What makes input unreadable. Texts from the input are escaped and cut. */
export interface WireProblem {
  /** The field (`request.object.spec.ports[0].nodePort`) or place (`line 3, column 5`); empty for the whole input. */
  readonly path: string;
  /** `<what is wrong>; <what to do>`, without the path. */
  readonly message: string;
}

/** No more than these are reported: hostile input can have a million. */
export const MOST_PROBLEMS = 20;

/** `PATH: MESSAGE`. */
export function describeProblem({ path, message }: WireProblem): string {
  return path === '' ? message : `${path}: ${message}`;
}

/** The path of a field of what stands at `path`; either may be empty. */
export function within(path: string, field: string): string {
  return path === '' || field === '' ? `${path}${field}` : `${path}.${field}`;
}

/** The first half of a message about a value of the wrong type: `"30080" is a string`. */
export function found(value: unknown): string {
  if (typeof value === 'string') return `"${printable(value)}" is a string`;
  if (typeof value === 'number') return `${value} is a number`;
  if (typeof value === 'boolean') return `${value} is a boolean`;
  if (value === undefined || value === null) return 'this is missing';
  return Array.isArray(value) ? 'this is a list' : 'this is an object';
}
