import { harmless } from '../report/harmless.ts';
import type { ExitCode, Io } from './io.ts';

/** One line each on standard error. The exit code is that of commands that cannot do what they are asked. */
export function complain(io: Pick<Io, 'err'>, lines: readonly string[]): ExitCode {
  for (const line of lines) io.err.write(`${harmless(line)}\n`);
  return 2;
}
