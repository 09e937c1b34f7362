import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { generate } from 'selfsigned';
import { openStore, type StoredMaterial } from '../../src/tls/store.ts';
import { NOW } from '../support/now.ts';

const NAMES = ['ca.crt', 'tls.crt', 'tls.key'];
const LOCK = '.nodeport-gate.lock';

let root = '';
let directory = '';

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'nodeport-gate-store-'));
  directory = join(root, 'certs');
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

async function opened(now = NOW): Promise<StoredMaterial> {
  const result = await openStore(directory, now);
  if (!result.ok) throw new Error(result.problems.join('\n'));
  return result.value;
}

async function contents(): Promise<Readonly<Record<string, string>>> {
  const names = await readdir(directory);
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(directory, name), 'utf8')] as const)),
  );
}

/** A self-signed certificate that the gate did not make, its own authority, ending at `end`. */
async function writeForeign(end: Date): Promise<void> {
  const made = await generate([{ name: 'commonName', value: 'example.com' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date('2026-01-01T00:00:00Z'),
    notAfterDate: end,
  });
  await mkdir(directory);
  await writeFile(join(directory, 'tls.crt'), made.cert);
  await writeFile(join(directory, 'tls.key'), made.private);
  await writeFile(join(directory, 'ca.crt'), made.cert);
}

describe('openStore', () => {
  it('makes all three files where there is none, the key for its owner alone', async () => {
    const { material, origin, expiresAt, warning } = await opened();
    expect({ origin, expiresAt, warning }).toEqual({
      origin: 'made',
      expiresAt: new Date('2027-11-21T12:00:00Z'),
      warning: '',
    });
    expect(await contents()).toEqual({ 'ca.crt': material.ca, 'tls.crt': material.cert, 'tls.key': material.key });
    const modes = await Promise.all(
      [directory, ...NAMES.map((name) => join(directory, name))].map(async (path) => (await stat(path)).mode & 0o777),
    );
    expect(modes).toEqual([0o700, 0o644, 0o644, 0o600]);
  });

  it('uses what it made', async () => {
    const { material } = await opened();
    expect(await opened(new Date('2027-10-01T00:00:00Z'))).toEqual({
      material,
      origin: 'found',
      expiresAt: new Date('2027-11-21T12:00:00Z'),
      warning: '',
    });
  });

  it.each([
    ['near the end', '2027-11-01T00:00:00Z'],
    ['long after it', '2030-01-01T00:00:00Z'],
  ])('makes its own anew %s', async (_, moment) => {
    const { material: former } = await opened();
    const { material, origin } = await opened(new Date(moment));
    expect(origin).toBe('renewed');
    expect([material.cert, material.key, material.ca]).not.toContain(former.cert);
    expect(material.ca).not.toBe(former.ca);
    expect(await contents()).toEqual({ 'ca.crt': material.ca, 'tls.crt': material.cert, 'tls.key': material.key });
  });

  it.each(NAMES)('stops when only %s is there, and leaves it alone', async (name) => {
    await mkdir(directory);
    await writeFile(join(directory, name), 'mine');
    const missing = ['tls.key', 'tls.crt'].filter((other) => other !== name).join(' and no ');
    expect(await openStore(directory, NOW)).toEqual({
      ok: false,
      problems: [
        `${directory} has no ${missing}; add what is missing, or delete the rest and restart to have a new set made`,
      ],
    });
    expect(await contents()).toEqual({ [name]: 'mine' });
  });

  it('stops when the key is of another certificate, and leaves all alone', async () => {
    await opened();
    const before = await contents();
    await writeFile(join(directory, 'tls.key'), 'mine');
    expect(await openStore(directory, NOW)).toEqual({
      ok: false,
      problems: [
        `${directory}: tls.key is not a PEM private key without passphrase; put in a matching set, ` +
          'or delete tls.crt, tls.key and ca.crt to have a new set made',
      ],
    });
    expect(await contents()).toEqual({ ...before, 'tls.key': 'mine' });
  });

  it('never replaces a certificate of somebody else: one near its end is used with a warning', async () => {
    await writeForeign(new Date('2026-12-01T00:00:00Z'));
    const before = await contents();
    const { origin, warning } = await opened();
    expect({ origin, warning }).toEqual({
      origin: 'found',
      warning: `${directory}: the certificate expires on 2026-12-01`,
    });
    expect(await contents()).toEqual(before);
  });

  it('never replaces a certificate of somebody else: an expired one is a problem', async () => {
    await writeForeign(new Date('2026-11-01T00:00:00Z'));
    const before = await contents();
    expect(await openStore(directory, NOW)).toEqual({
      ok: false,
      problems: [
        `${directory}: the certificate expired on 2026-11-01; renew it, ` +
          'or delete tls.crt, tls.key and ca.crt to have a new set made',
      ],
    });
    expect(await contents()).toEqual(before);
  });

  it('keeps other files and the mode of a directory that is there', async () => {
    await mkdir(directory);
    await chmod(directory, 0o755);
    await writeFile(join(directory, 'README.md'), 'read me');
    await opened();
    expect(Object.keys(await contents()).toSorted()).toEqual(['README.md', ...NAMES]);
    expect((await stat(directory)).mode & 0o777).toBe(0o755);
  });

  it('gives many starts at once one set', async () => {
    const results = await Promise.all(Array.from({ length: 8 }, () => openStore(directory, NOW)));
    const sets = results.map((result) => (result.ok ? result.value : undefined));
    const [first] = sets;
    expect(sets.map((set) => set?.material)).toEqual(sets.map(() => first?.material));
    expect(sets.map((set) => set?.origin).filter((origin) => origin !== 'found')).toEqual(['made']);
    expect(await contents()).toEqual({
      'ca.crt': first?.material.ca,
      'tls.crt': first?.material.cert,
      'tls.key': first?.material.key,
    });
  });

  it.each([
    ['the key alone', ['tls.key']],
    ['key and certificate', ['tls.key', 'tls.crt']],
    ['the authority alone', ['ca.crt']],
  ])('finishes what it began when it was killed after %s', async (_, left) => {
    await opened();
    for (const name of NAMES) if (!left.includes(name)) await rm(join(directory, name));
    const { material, origin } = await opened();
    expect(origin).toBe('made');
    expect(await contents()).toEqual({ 'ca.crt': material.ca, 'tls.crt': material.cert, 'tls.key': material.key });
  });

  it.each([['tls.key'], ['tls.crt'], ['ca.crt']])('makes its own set anew when %s is of another one', async (name) => {
    await opened();
    const former = (await contents())[name] ?? '';
    for (const file of NAMES) await rm(join(directory, file));
    await opened();
    await writeFile(join(directory, name), former);
    const { material, origin } = await opened();
    expect(origin).toBe('renewed');
    expect(await contents()).toEqual({ 'ca.crt': material.ca, 'tls.crt': material.cert, 'tls.key': material.key });
  });

  it('never replaces a key of somebody else beside its own certificate', async () => {
    await opened();
    const { private: key } = await generate([{ name: 'commonName', value: 'example.com' }], { keyType: 'ec' });
    await writeFile(join(directory, 'tls.key'), key);
    const before = await contents();
    expect(await openStore(directory, NOW)).toEqual({
      ok: false,
      problems: [
        `${directory}: tls.key is not the key of tls.crt; put in a matching set, ` +
          'or delete tls.crt, tls.key and ca.crt to have a new set made',
      ],
    });
    expect(await contents()).toEqual(before);
  });

  it('takes over the lock of a start that died, all at once', async () => {
    await mkdir(directory);
    await writeFile(join(directory, LOCK), 'dead');
    const longAgo = new Date(Date.now() - 11_000);
    await utimes(join(directory, LOCK), longAgo, longAgo);
    const results = await Promise.all(Array.from({ length: 4 }, () => openStore(directory, NOW)));
    const origins = results.map((result) => (result.ok ? result.value.origin : result.problems.join()));
    expect(origins.filter((origin) => origin !== 'found')).toEqual(['made']);
    expect(Object.keys(await contents()).toSorted()).toEqual(NAMES);
  });

  it('waits for another start, but not for ever', async () => {
    await mkdir(directory);
    const lock = join(directory, LOCK);
    await writeFile(lock, 'busy');
    expect(await openStore(directory, NOW)).toEqual({
      ok: false,
      problems: [`${lock} is held by another start; try again, or delete it if there is no other`],
    });
    expect(await contents()).toEqual({ [LOCK]: 'busy' });
  });

  it('says which flag to change where it cannot write', async () => {
    await writeFile(join(root, 'file'), '');
    const result = await openStore(join(root, 'file', 'certs'), NOW);
    expect(result).toEqual({
      ok: false,
      problems: [
        expect.stringMatching(
          /file\/certs cannot be used for certificates: ENOTDIR.*; choose another with --cert-dir$/,
        ),
      ],
    });
  });
});
