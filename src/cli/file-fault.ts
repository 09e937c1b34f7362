import { own } from '../domain/json.ts';
const FAULTS: Readonly<Record<string, string>> = {
  ENOENT: 'this is not there; check the path',
  EACCES: 'this may not be read; change its permissions',
  EPERM: 'this may not be read; change its permissions',
  EISDIR: 'this is a directory; name a file',
  ENOTDIR: 'a part of the path is no directory; check the path',
};

/** Why a file could not be read, and what to do, without its name. */
export function fileFault(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const known = own(FAULTS, code);
  return known ?? error.message;
}
