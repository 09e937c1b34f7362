import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { failed, ok, type Result } from '../domain/result.ts';
import { readSettled } from '../files/read-settled.ts';
import { makeAuthority } from './authority.ts';
import { areOurs, judge, type Material } from './judge.ts';
import { DEVELOPMENT_NAMES, makeLeaf } from './leaf.ts';
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

/** What the gate has to do itself: nothing is there, or what it made before must be replaced. */
type Order = Exclude<StoredMaterial['origin'], 'found'>;

/** What is in a directory. */
interface Look {
  /** Can be served as it is; undefined where nothing can. */
  readonly usable: StoredMaterial | undefined;
  /** Undefined where the files are somebody else's, or as they should be. */
  readonly order: Order | undefined;
  /** What is wrong, with the directory; empty when nothing is. */
  readonly fault: string;
  readonly remedy: string;
}

type Choice = (look: Look) => Order | undefined;

/**
 * The material in `directory`, made there when the directory has none. A file that the gate did not make is never
 * replaced: partial, mismatching or expired files of somebody else are a problem that says what to do. `ca.crt` may be
 * absent. Several starts on one directory end up with one set. Of a mounted Secret, all files are of one version.
 */
export async function openStore(directory: string, now: Date): Promise<Result<StoredMaterial, string>> {
  return settle(directory, now, ({ order }) => order);
}

/**
 * The same for a gate that is running: it renews in time what it made itself, but makes nothing where there is nothing,
 * because somebody may just be about to put other files there.
 */
export async function refreshStore(directory: string, now: Date): Promise<Result<StoredMaterial, string>> {
  return settle(directory, now, ({ order }) => (order === 'made' ? undefined : order));
}

async function settle(directory: string, now: Date, orderOf: Choice): Promise<Result<StoredMaterial, string>> {
  try {
    const look = await lookInto(directory, now);
    if (orderOf(look) === undefined) return resultOf(look);
    return await carryOut(directory, now, orderOf).catch((error: unknown) => makeDo(look, error));
  } catch (error) {
    return failed([
      `${directory} cannot be used for certificates: ${messageOf(error)}; choose another with --cert-dir`,
    ]);
  }
}

async function carryOut(directory: string, now: Date, orderOf: Choice): Promise<Result<StoredMaterial, string>> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  return underLock(directory, async () => {
    const look = await lookInto(directory, now);
    const order = orderOf(look);
    return order === undefined ? resultOf(look) : ok(await issue(directory, now, order));
  });
}

/** Where the gate may not write: in a mounted Secret, or on a read-only file system. */
function makeDo({ usable, fault, remedy }: Look, error: unknown): Result<StoredMaterial, string> {
  if (!(error instanceof Error && 'syscall' in error)) throw error;
  const both = `${fault}, and the gate cannot write there (${error.message})`;
  if (usable === undefined) {
    return failed([`${both}; mount a Secret with tls.crt and tls.key there, or choose another with --cert-dir`]);
  }
  return ok({ ...usable, warning: usable.warning === '' ? '' : `${both}; ${remedy}` });
}

function resultOf({ usable, fault, remedy }: Look): Result<StoredMaterial, string> {
  return usable === undefined ? failed([`${fault}; ${remedy}`]) : ok(usable);
}

async function lookInto(directory: string, now: Date): Promise<Look> {
  const { key, cert, ca } = await readFiles(directory);
  const absent = FILES.filter(({ field }) => ({ key, cert, ca })[field] === undefined).map(({ name }) => name);
  const isOurPart = absent.length > 0 && areOurs({ key, cert, ca });
  if (key !== undefined && cert !== undefined) {
    const look = weigh(directory, { key, cert, ca }, now);
    return isOurPart ? { ...look, order: 'made' } : look;
  }
  return {
    usable: undefined,
    order: isOurPart ? 'made' : undefined,
    fault: `${directory} has no ${absent.filter((name) => name !== 'ca.crt').join(' and no ')}`,
    remedy: 'add what is missing, or delete the rest and restart to have a new set made',
  };
}

async function readFiles(directory: string): Promise<Readonly<Record<keyof Material, string | undefined>>> {
  return readSettled([directory], async ([root = directory]) => {
    const [key, cert, ca] = await Promise.all(FILES.map(({ name }) => readIfThere(join(root, name))));
    // cert-manager leaves it empty for issuers that do not tell their authority.
    return { key, cert, ca: ca?.trim() === '' ? undefined : ca };
  });
}

function weigh(directory: string, material: Material, now: Date): Look {
  const { state, reason, ours, expiresAt } = judge(material, now);
  const fault = reason === '' ? '' : `${directory}: ${reason}`;
  const remedy = state === 'broken' ? 'put in a matching set' : 'renew it';
  const canServe = expiresAt !== undefined && (state === 'good' || state === 'renew');
  return {
    usable: canServe ? { material, origin: 'found', expiresAt, warning: fault } : undefined,
    order: ours && state !== 'good' ? 'renewed' : undefined,
    fault,
    remedy: canServe ? remedy : `${remedy}, or delete tls.crt, tls.key and ca.crt to have a new set made`,
  };
}

/** The authority's key is not kept, so a renewal replaces all three files. */
async function issue(directory: string, now: Date, origin: Order): Promise<StoredMaterial> {
  const authority = await makeAuthority(now);
  const leaf = await makeLeaf(authority, DEVELOPMENT_NAMES, now);
  const material = { cert: leaf.cert, key: leaf.key, ca: authority.cert };
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
