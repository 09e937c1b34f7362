import { own } from '../../domain/json.ts';
import type { InputProblem } from '../../domain/source.ts';
import { counted } from '../../domain/text.ts';
import { fileFault } from '../file-fault.ts';

/** No text longer than this is read: a dump of everything in a large cluster is well below. */
export const LONGEST_INPUT = 64 * 1024 * 1024;

export const TOO_LONG = `this is longer than ${counted(LONGEST_INPUT / 1024 / 1024, 'mebibyte')}; split it`;

const FAULTS: Readonly<Record<string, string>> = {
  ELOOP: 'symbolic links lead in a circle here; correct or remove them',
  ENAMETOOLONG: 'the path is too long; shorten it',
  EBADF: 'nothing is open under this number; check the redirection',
  EISDIR: 'this is a directory; name it as a path',
};

/** A problem with a file as a whole. */
export function problemWith(file: string, message: string): InputProblem {
  return { file, line: undefined, column: undefined, message };
}

/** Why it could not be read, and what to do. Throws as `fileFault` does. */
export function inputFault(error: unknown): string {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  return own(FAULTS, code) ?? fileFault(error);
}
