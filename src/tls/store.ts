import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { failed, ok, type Result } from '../domain/result.ts';
import { makeAuthority } from './authority.ts';
import { areOurs, type Judgement, judge, type Material } from './judge.ts';
import { makeLeaf } from './leaf.ts';
import { underLock } from './lock.ts';
import { readIfThere } from './read-if-there.ts';

export interface StoredMaterial {
  readonly material: Material;
  /** `found`: as it was; `made`: there was none; `renewed`: the gate's own was near its end, or unusable. */
  readonly origin: 'found' | 'made' | 'renewed';
  readonly expiresAt: Date;
  /** For the operator: a certificate of theirs that ends soon. Empty when there is nothing to say. */
  readonly warning: string;
}

interface StoredFile {
  readonly name: string;
  readonly field: keyof Material;
  readonly mode: number;
}

/** The key first: whoever sees a new certificate finds its key. */
const FILES: readonly StoredFile[] = [
  { name: 'tls.key', field: 'key', mode: 0o600 },
  { name: 'tls.crt', field: 'cert', mode: 0o644 },
  { name: 'ca.crt', field: 'ca', mode: 0o644 },
];

/** What the gate has to do itself: nothing usable is there, and nothing of anybody else. */
type Order = Exclude<StoredMaterial['origin'], 'found'>;

/**
 * The material in `directory`, made there when the directory has none. A file that the gate did not make is never
 * replaced: partial, mismatching or expired files of somebody else are a problem that says what to do. Several starts on
 * one directory end up with one set.
 */
export async function openStore(directory: string, now: Date): Promise<Result<StoredMaterial, string>> {
  try {
    const first = await look(directory, now);
    if (typeof first !== 'string') return first;
    await mkdir(directory, { recursive: true, mode: 0o700 });
    return await underLock(directory, async () => {
      const found = await look(directory, now);
      return typeof found === 'string' ? ok(await issue(directory, now, found)) : found;
    });
  } catch (error) {
    return failed([
      `${directory} cannot be used for certificates: ${messageOf(error)}; choose another with --cert-dir`,
    ]);
  }
}

async function look(directory: string, now: Date): Promise<Result<StoredMaterial, string> | Order> {
  const [key, cert, ca] = await Promise.all(FILES.map(({ name }) => readIfThere(join(directory, name))));
  if (key !== undefined && cert !== undefined && ca !== undefined) return settle(directory, { key, cert, ca }, now);
  const present = { key, cert, ca };
  if (areOurs(present)) return 'made';
  const absent = FILES.filter(({ field }) => present[field] === undefined).map(({ name }) => name);
  return failed([
    `${directory} has no ${absent.join(' and no ')}; add what is missing, or delete the rest to have a new set made`,
  ]);
}

function settle(directory: string, material: Material, now: Date): Result<StoredMaterial, string> | Order {
  const judgement = judge(material, now);
  const { state, reason, ours, expiresAt } = judgement;
  if (ours && state !== 'good') return 'renewed';
  if (expiresAt === undefined || state === 'stale' || state === 'broken')
    return failed([whatToDo(directory, judgement)]);
  return ok({ material, origin: 'found', expiresAt, warning: state === 'renew' ? `${directory}: ${reason}` : '' });
}

function whatToDo(directory: string, { state, reason }: Judgement): string {
  const remedy = state === 'stale' ? 'renew it' : 'put in a matching set';
  return `${directory}: ${reason}; ${remedy}, or delete tls.crt, tls.key and ca.crt to have a new set made`;
}

/** The authority's key is not kept, so a renewal replaces all three files. */
async function issue(directory: string, now: Date, origin: Order): Promise<StoredMaterial> {
  const authority = await makeAuthority(now);
  const leaf = await makeLeaf(authority, now);
  const material: Material = { cert: leaf.cert, key: leaf.key, ca: authority.cert };
  for (const { name, field, mode } of FILES) await replaceFile(join(directory, name), material[field], mode);
  const { expiresAt } = judge(material, now);
  return { material, origin, expiresAt: expiresAt ?? now, warning: '' };
}

/** Readers see the old file or the new one, never a part; the mode holds from the first byte. */
async function replaceFile(path: string, text: string, mode: number): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await writeFile(temporary, text, { mode, flag: 'wx' });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
