import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Logger } from 'pino';
import { failed, ok, type Result } from '../domain/result.ts';
import { oneAtATime } from '../files/one-at-a-time.ts';
import { watchPaths } from '../files/watch-paths.ts';
import { fileFault } from './file-fault.ts';

/** The authority whose certificates callers must have, PEM. */
export async function readClientCa(path: string, cwd: string): Promise<Result<string, string>> {
  try {
    const text = await readFile(resolve(cwd, path), 'utf8');
    if (text.includes('-----BEGIN CERTIFICATE-----')) return ok(text);
    return failed([`${path}: this is not a PEM certificate; name the file with the CA of the callers`]);
  } catch (error) {
    return failed([`${path}: ${fileFault(error)}`]);
  }
}

/** Calls `onChange` with each new content that can be used; another one is logged, and the former stays. */
export function watchClientCa(
  path: string,
  cwd: string,
  { start, log, onChange }: { readonly start: string; readonly log: Logger; onChange(pem: string): void },
): { close(): void } {
  let current = start;
  const look = oneAtATime(async () => {
    const read = await readClientCa(path, cwd);
    if (!read.ok) {
      log.warn({ problems: read.problems }, 'client CA not replaced');
    } else if (read.value !== current) {
      current = read.value;
      onChange(current);
      log.info({ path }, 'client CA replaced');
    }
  });
  return watchPaths([resolve(cwd, path)], look);
}
