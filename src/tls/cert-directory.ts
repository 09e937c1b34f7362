import { setTimeout as sleep } from 'node:timers/promises';
import type { Result } from '../domain/result.ts';
import { oneAtATime } from '../files/one-at-a-time.ts';
import { watchPaths, type WatchOptions } from '../files/watch-paths.ts';
import type { CertificateSource } from './certificate-source.ts';
import { isSameMaterial, type Material } from './judge.ts';
import { refreshStore, type StoredMaterial } from './store.ts';

export interface CertificateWatch extends WatchOptions {
  /** What `openStore` gave for the same directory. */
  readonly start: StoredMaterial;
  now(): Date;
  /** Other material is to be served from now on. Where it throws, the former stays. */
  onChange(material: Material, expiresAt: Date): void;
  /** Called once for each new set of problems; must not throw. */
  onProblem(problems: readonly string[]): void;
}

/** Whoever copies certificate and key one after the other is done by then. */
const TRIES = 3;
const RETRY_MS = 250;

/**
 * Follows the files of a certificate directory: new ones are served if they can be, else the former stay. At every poll
 * the dates are judged again, and the gate's own development certificate is renewed in place when its end is near.
 */
export function watchCertDirectory(
  directory: string,
  { start, now, onChange, onProblem, ...timing }: CertificateWatch,
): CertificateSource {
  let current = start;
  let problems = warningsOf(start);
  let isClosed = false;

  const note = (next: readonly string[]): void => {
    const isNews = next.length > 0 && next.join('\n') !== problems.join('\n');
    problems = next;
    if (isNews) onProblem(next);
  };
  const refuse = (error: unknown): void =>
    note([`${directory} is not served: ${error instanceof Error ? error.message : String(error)}; put in another set`]);
  const look = oneAtATime(async () => {
    const found = await readPatiently(directory, now);
    if (isClosed) return;
    if (!found.ok) return note(found.problems);
    const { material, expiresAt } = found.value;
    if (!isSameMaterial(material, current.material)) onChange(material, expiresAt);
    current = found.value;
    note(warningsOf(found.value));
  }, refuse);

  const watched = watchPaths([directory], look, timing);
  // What happened between the start and the watching.
  look();
  return {
    material: () => current.material,
    expiresAt: () => current.expiresAt,
    problems: () => problems,
    close() {
      isClosed = true;
      watched.close();
    },
  };
}

/** A new certificate beside the former key is half of a change, so far. */
async function readPatiently(directory: string, now: () => Date): Promise<Result<StoredMaterial, string>> {
  let found = await refreshStore(directory, now());
  for (let tries = 1; !found.ok && tries < TRIES; tries += 1) {
    await sleep(RETRY_MS, undefined, { ref: false });
    found = await refreshStore(directory, now());
  }
  return found;
}

function warningsOf({ warning }: StoredMaterial): readonly string[] {
  return warning === '' ? [] : [warning];
}
