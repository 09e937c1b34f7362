import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Logger } from 'pino';
import { failed, ok, type Result } from '../domain/result.ts';
import { oneAtATime } from '../files/one-at-a-time.ts';
import { watchPaths, type WatchOptions } from '../files/watch-paths.ts';
import { readCertificates } from '../tls/judge.ts';
import { fileFault } from './file-fault.ts';

/** The authority whose certificates callers must have, PEM. */
export async function readClientCa(path: string, cwd: string): Promise<Result<string, string>> {
  try {
    const text = await readFile(resolve(cwd, path), 'utf8');
    // A listener takes a text without a readable certificate, too, and then lets nobody in.
    if (readCertificates(text).length > 0) return ok(text);
    return failed([`${path}: this is not a PEM certificate; name the file with the CA of the callers`]);
  } catch (error) {
    return failed([`${path}: ${fileFault(error)}`]);
  }
}

export interface ClientCaWatch extends WatchOptions {
  /** What `readClientCa` gave for the same path. */
  readonly start: string;
  readonly log: Pick<Logger, 'info' | 'warn'>;
  onChange(pem: string): void;
}

export interface FollowedClientCa {
  /** Why the newest content is not in force; empty when it is. Lines for the operator. */
  problems(): readonly string[];
  close(): void;
}

/** Calls `onChange` with each new content that can be used; another one is logged once, and the former stays. */
export function watchClientCa(
  path: string,
  cwd: string,
  { start, log, onChange, ...timing }: ClientCaWatch,
): FollowedClientCa {
  let current = start;
  let problems: readonly string[] = [];
  const refuse = (next: readonly string[]): void => {
    if (next.join('\n') !== problems.join('\n')) log.warn({ problems: next }, 'client CA not replaced');
    problems = next;
  };
  const look = oneAtATime(
    async () => {
      const read = await readClientCa(path, cwd);
      if (!read.ok) return refuse(read.problems);
      if (read.value !== current) {
        onChange(read.value);
        current = read.value;
        log.info({ path }, 'client CA replaced');
      }
      problems = [];
    },
    // Whoever was told of the change may have failed as well.
    (error) => refuse([`${path}: ${error instanceof Error ? error.message : String(error)}`]),
  );
  const watched = watchPaths([resolve(cwd, path)], look, timing);
  // What happened between the reading and the watching.
  look();
  return { problems: () => problems, close: watched.close };
}
