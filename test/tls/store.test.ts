import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { generate } from 'selfsigned';
import { openStore, type StoredMaterial } from '../../src/tls/store.ts';

const NOW = new Date('2026-11-21T12:00:00.000Z');
const NAMES = ['ca.crt', 'tls.crt', 'tls.key'];

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
    const missing = ['tls.key', 'tls.crt', 'ca.crt'].filter((other) => other !== name).join(' and no ');
    expect(await openStore(directory, NOW)).toEqual({
      ok: false,
      problems: [`${directory} has no ${missing}; add what is missing, or delete the rest to have a new set made`],
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
