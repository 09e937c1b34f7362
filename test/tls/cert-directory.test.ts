import { mkdir, mkdtemp, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { watchCertDirectory } from '../../src/tls/cert-directory.ts';
import type { CertificateSource } from '../../src/tls/certificate-source.ts';
import type { Material } from '../../src/tls/judge.ts';
import { openStore } from '../../src/tls/store.ts';
import { aWhile, expectSoon } from '../support/eventually.ts';
import { publish } from '../support/mounted.ts';
import { NOW } from '../support/now.ts';

const QUIET_MS = 20;
const LONG = new Date('2027-11-21T00:00:00Z');

let directory = '';
let now = NOW;
let changes: { readonly cert: string; readonly expiresAt: Date }[] = [];
let reported: (readonly string[])[] = [];
/** What the listener throws. */
let refusal: Error | undefined;
let source: CertificateSource | undefined;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'nodeport-gate-certs-'));
  now = NOW;
  changes = [];
  reported = [];
  refusal = undefined;
});

afterEach(async () => {
  source?.close();
  await rm(directory, { recursive: true, force: true });
});

/** What `kubectl create secret tls` gets: no ca.crt. */
async function foreign(end = LONG): Promise<Material> {
  const made = await generate([{ name: 'commonName', value: 'example.com' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date('2026-01-01T00:00:00Z'),
    notAfterDate: end,
  });
  return { cert: made.cert, key: made.private, ca: undefined };
}

function filesOf({ cert, key, ca }: Material): Readonly<Record<string, string>> {
  return { 'tls.crt': cert, 'tls.key': key, ...(ca !== undefined && { 'ca.crt': ca }) };
}

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
}

async function start(pollMs = 3_600_000): Promise<CertificateSource> {
  const opened = await openStore(directory, now);
  if (!opened.ok) throw new Error(opened.problems.join('\n'));
  const started = watchCertDirectory(directory, {
    start: opened.value,
    now: () => now,
    onChange: ({ cert }, expiresAt) => {
      if (refusal !== undefined) throw refusal;
      changes.push({ cert, expiresAt });
    },
    onProblem: (problems) => reported.push(problems),
    pollMs,
    quietMs: QUIET_MS,
  });
  source = started;
  return started;
}

describe('watchCertDirectory', () => {
  it('serves every version of a mounted Secret, with ca.crt and without', async () => {
    const [first, second, third] = [await foreign(), await foreign(), await foreign(new Date('2027-06-01T00:00:00Z'))];
    await publish(directory, filesOf(first));
    const started = await start();
    expect([started.material(), started.expiresAt(), started.problems()]).toEqual([first, LONG, []]);
    const withAuthority = { ...second, ca: second.cert };
    await publish(directory, filesOf(withAuthority), {
      afterSwap: () => expectSoon(() => started.material(), withAuthority),
    });
    // cert-manager leaves ca.crt empty where the issuer does not tell its authority.
    await publish(directory, { ...filesOf(third), 'ca.crt': '' });
    await expectSoon(() => started.material(), third);
    expect(changes).toEqual([
      { cert: second.cert, expiresAt: LONG },
      { cert: third.cert, expiresAt: new Date('2027-06-01T00:00:00Z') },
    ]);
    expect(reported).toEqual([]);
  });

  it('waits for the key of a new certificate, and does not call it a problem', async () => {
    const [first, second] = [await foreign(), await foreign()];
    await write(filesOf(first));
    const started = await start();
    await write({ 'tls.crt': second.cert });
    await aWhile(10 * QUIET_MS);
    expect(started.material()).toEqual(first);
    await write({ 'tls.key': second.key });
    await expectSoon(() => started.material(), second);
    expect([changes, reported]).toEqual([[{ cert: second.cert, expiresAt: LONG }], []]);
  });

  it('keeps the last good material, says why, and takes the next that is right', async () => {
    const [first, second] = [await foreign(), await foreign()];
    await write(filesOf(first));
    const started = await start(50);
    await write({ 'tls.crt': second.cert });
    const mismatch =
      `${directory}: tls.key is not the key of tls.crt; put in a matching set, ` +
      'or delete tls.crt, tls.key and ca.crt to have a new set made';
    await expectSoon(() => started.problems(), [mismatch]);
    await write({ 'tls.crt': 'hello' });
    await expectSoon(
      () => started.problems().join(),
      mismatch.replace(/tls.key is.*?;/, 'tls.crt is not a PEM certificate;'),
    );
    expect(started.material()).toEqual(first);
    expect(reported.map((lines) => lines.length)).toEqual([1, 1]);
    await write(filesOf(second));
    await expectSoon(() => [started.material(), started.problems()], [second, []]);
  });

  it('does not take a pair that no listener takes', async () => {
    const first = await foreign();
    await write(filesOf(first));
    const started = await start();
    const weak = await generate([{ name: 'commonName', value: 'example.com' }], { keySize: 1024, algorithm: 'sha256' });
    await write({ 'tls.crt': weak.cert, 'tls.key': weak.private });
    await expectSoon(
      () => started.problems(),
      [
        `${directory}: tls.crt cannot be served (ee key too small); put in a matching set, ` +
          'or delete tls.crt, tls.key and ca.crt to have a new set made',
      ],
    );
    expect([started.material(), changes]).toEqual([first, []]);
  });

  it('keeps what is served where the listener refuses the new one, and offers it again', async () => {
    const [first, second] = [await foreign(), await foreign(new Date('2027-06-01T00:00:00Z'))];
    await write(filesOf(first));
    refusal = new Error('no');
    const started = await start(50);
    await write(filesOf(second));
    await expectSoon(() => started.problems(), [`${directory} is not served: no; put in another set`]);
    expect([started.expiresAt(), reported.length]).toEqual([LONG, 1]);
    refusal = undefined;
    await expectSoon(() => [started.material(), started.problems()], [second, []]);
  });

  it('judges the dates at every poll', async () => {
    const early = await foreign(new Date('2027-01-01T00:00:00Z'));
    await write(filesOf(early));
    const started = await start(30);
    now = new Date('2026-12-15T00:00:00Z');
    await expectSoon(() => started.problems(), [`${directory}: the certificate expires on 2027-01-01`]);
    now = new Date('2027-01-02T00:00:00Z');
    await expectSoon(
      () => started.problems(),
      [
        `${directory}: the certificate expired on 2027-01-01; renew it, ` +
          'or delete tls.crt, tls.key and ca.crt to have a new set made',
      ],
    );
    expect([started.material(), changes]).toEqual([early, []]);
  });

  it('renews its own certificate in place, thirty days before its end', async () => {
    const started = await start(30);
    const former = started.material();
    now = new Date('2027-10-22T11:00:00Z');
    await aWhile(200);
    expect(started.material()).toEqual(former);
    now = new Date('2027-10-22T13:00:00Z');
    await expectSoon(() => started.expiresAt(), new Date('2028-10-22T13:00:00Z'));
    const { cert, key, ca } = started.material();
    const onDisk = await Promise.all(
      ['tls.crt', 'tls.key', 'ca.crt'].map((name) => readFile(join(directory, name), 'utf8')),
    );
    expect([cert, key, ca]).toEqual(onDisk);
    expect(changes).toEqual([{ cert, expiresAt: new Date('2028-10-22T13:00:00Z') }]);
    expect([started.problems(), reported]).toEqual([[], []]);
  });

  it('serves on, and makes nothing, while the files are gone', async () => {
    const started = await start();
    const former = started.material();
    const next = await foreign();
    for (const name of ['tls.key', 'tls.crt', 'ca.crt']) await rm(join(directory, name));
    const gone =
      `${directory} has no tls.key and no tls.crt; ` +
      'add what is missing, or delete the rest and restart to have a new set made';
    await expectSoon(() => started.problems(), [gone]);
    expect(started.material()).toEqual(former);
    await write(filesOf(next));
    await expectSoon(() => started.material(), next);
  });

  it('notices a directory that was put in the place of another', async () => {
    const [first, second] = [await foreign(), await foreign()];
    await write(filesOf(first));
    const started = await start();
    const away = `${directory}-former`;
    await rename(directory, away);
    await mkdir(directory);
    await write(filesOf(second));
    await expectSoon(() => started.material(), second);
    await rm(away, { recursive: true });
  });

  it('is still once it is closed', async () => {
    const first = await foreign();
    await write(filesOf(first));
    const started = await start(20);
    started.close();
    await write(filesOf(await foreign()));
    await aWhile(10 * QUIET_MS);
    expect([started.material(), changes, reported]).toEqual([first, [], []]);
  });
});

describe('a directory where the gate may not write', () => {
  it('says what to do when nothing is there', async () => {
    await expect(openStore('/proc/self', NOW)).resolves.toEqual({
      ok: false,
      problems: [
        expect.stringMatching(
          /^\/proc\/self has no tls\.key and no tls\.crt, and the gate cannot write there \(E.*\); mount a Secret with tls\.crt and tls\.key there, or choose another with --cert-dir$/,
        ),
      ],
    });
  });

  it('uses a development certificate that it cannot renew, and says so', async () => {
    const made = await openStore(directory, NOW);
    // Modes do not stop a test that runs as root: a lock that can neither be made nor taken over stands for them.
    const lock = join(directory, '.nodeport-gate.lock');
    await mkdir(lock);
    await utimes(lock, new Date(0), new Date(0));
    expect(await openStore(directory, new Date('2027-11-01T00:00:00Z'))).toEqual({
      ok: true,
      value: {
        material: made.ok && made.value.material,
        origin: 'found',
        expiresAt: new Date('2027-11-21T12:00:00Z'),
        warning: expect.stringMatching(
          /: the certificate expires on 2027-11-21, and the gate cannot write there \(E.*\); renew it$/,
        ),
      },
    });
  });
});
