import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { failed, ok, type Result } from '../../domain/result.ts';
import { inputFault, LONGEST_INPUT, TOO_LONG } from './input-fault.ts';

/** With O_NONBLOCK, a FIFO that stands where a file was expected cannot stop the process before it is recognised. */
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

const FIRST_BUFFER = 4096;

/**
 * The bytes of a file, or why there are none. Synchronous: of thousands of small files, waiting for each in the thread pool
 * takes several times as long as reading it.
 */
export function readRegularFile(path: string): Result<Uint8Array, string> {
  try {
    const fd = openSync(path, FLAGS);
    try {
      const stat = fstatSync(fd);
      const fault = unreadable(stat);
      return fault === undefined ? readAll(fd, stat.size) : failed([fault]);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    return failed([isSocketFault(error) ? special('a socket') : (nameFault(path) ?? inputFault(error))]);
  }
}

/** Why what stands there is not to be opened or read; undefined for a file. */
export function unreadable(stat: Stats): string | undefined {
  if (stat.isFile()) return stat.size > LONGEST_INPUT ? TOO_LONG : undefined;
  if (stat.isFIFO()) return special('a FIFO');
  if (stat.isSocket()) return special('a socket');
  if (stat.isDirectory()) return 'this is a directory; name it as a path';
  return special('a device');
}

function special(kind: string): string {
  return `this is ${kind}, not a file; pipe its content in and name - as the path`;
}

function isSocketFault(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENXIO';
}

/** The names of a directory are read as UTF-8: another one is not found again. */
function nameFault(path: string): string | undefined {
  return path.includes('\uFFFD') ? 'the name is not UTF-8, so this cannot be opened; rename it' : undefined;
}

/** The size is a hint: it is 0 in /proc, and wrong for a file that is being written. */
function readAll(fd: number, size: number): Result<Uint8Array, string> {
  let buffer = Buffer.allocUnsafe(size === 0 ? FIRST_BUFFER : size + 1);
  let length = 0;
  for (;;) {
    const count = readSync(fd, buffer, length, buffer.length - length, null);
    length += count;
    if (count === 0 || length === size) return ok(buffer.subarray(0, length));
    if (length > LONGEST_INPUT) return failed([TOO_LONG]);
    if (length === buffer.length) buffer = Buffer.concat([buffer, Buffer.allocUnsafe(buffer.length)]);
  }
}
