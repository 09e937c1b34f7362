import { own } from '../domain/json.ts';
const FAULTS: Readonly<Record<string, string>> = {
  ENOENT: 'this is not there; check the path',
  EACCES: 'this may not be read; change its permissions',
  EPERM: 'this may not be read; change its permissions',
  EISDIR: 'this is a directory; name a file',
  ENOTDIR: 'a part of the path is no directory; check the path',
  EIO: 'this cannot be read from its beginning to its end; name another file',
  ERR_INVALID_ARG_VALUE: 'there is a NUL character in the path; remove it',
};

/**
 * Why a file could not be read, and what to do, without its name. Throws what is no fault of a file: users would look for our own
 * mistakes in their files.
 */
export function fileFault(error: unknown): string {
  const { code, message } = codedError(error);
  return own(FAULTS, code) ?? message;
}

const WRITE_FAULTS: Readonly<Record<string, string>> = {
  ENOENT: 'its directory is not there; make it first',
  EACCES: 'this may not be written; change its permissions, or name another file',
  EPERM: 'this may not be written; change its permissions, or name another file',
  EROFS: 'this may not be written; name a file on another disk',
  ENOSPC: 'there is no space left on the disk; make some',
};

/** Why a file could not be written. Throws as `fileFault` does. */
export function writeFault(error: unknown): string {
  return own(WRITE_FAULTS, codedError(error).code) ?? fileFault(error);
}

/** What the operating system and Node refuse has a code; a call that is wrong in itself has one, too. */
function codedError(error: unknown): { readonly code: string; readonly message: string } {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (!(error instanceof Error) || typeof code !== 'string' || code === 'ERR_INVALID_ARG_TYPE') throw error;
  return { code, message: error.message };
}
