import { randomBytes } from 'node:crypto';
import { rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { failed, type Result } from '../domain/result.ts';
import { isAbsent } from '../files/is-absent.ts';
import { readIfThere } from './read-if-there.ts';

const NAME = '.nodeport-gate.lock';
/** Making a set takes a fraction of a second: whoever has held the lock for longer is dead. */
const STALE_MS = 10_000;
const LONGEST_WAIT_MS = 5_000;
const POLL_MS = 25;

/**
 * Runs `work` while this process alone, of all that ask, holds the lock of `directory`; waits for its turn at most five
 * seconds. The lock is a file, so it also holds between containers that share a volume.
 */
export async function underLock<Value>(
  directory: string,
  work: () => Promise<Result<Value, string>>,
): Promise<Result<Value, string>> {
  const lock = join(directory, NAME);
  const token = randomBytes(6).toString('hex');
  if (!(await acquired(lock, token))) {
    return failed([`${lock} is held by another start; try again, or delete it if there is no other`]);
  }
  try {
    return await work();
  } finally {
    if ((await readIfThere(lock)) === token) await rm(lock, { force: true });
  }
}

async function acquired(lock: string, token: string): Promise<boolean> {
  const deadline = performance.now() + LONGEST_WAIT_MS;
  while (performance.now() < deadline) {
    if (await created(lock, token)) return true;
    if ((await isStale(lock)) && (await tookOver(lock, token))) return true;
    await sleep(POLL_MS);
  }
  return false;
}

async function created(lock: string, token: string): Promise<boolean> {
  try {
    await writeFile(lock, token, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** By the machine's clock, as the file's time is: the time that a caller asks about may be another. */
async function isStale(lock: string): Promise<boolean> {
  try {
    return Date.now() - (await stat(lock)).mtimeMs > STALE_MS;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}

/** Several may try at the same moment: the last of them wins, and all of them wait until it is clear who that is. */
async function tookOver(lock: string, token: string): Promise<boolean> {
  const mine = `${lock}.${token}.tmp`;
  await writeFile(mine, token, { flag: 'wx', mode: 0o600 });
  await rename(mine, lock);
  await sleep(2 * POLL_MS);
  return (await readIfThere(lock)) === token;
}
