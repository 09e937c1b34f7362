import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FollowedClientCa, readClientCa, watchClientCa } from '../../src/cli/client-ca.ts';
import { makeAuthority } from '../../src/tls/authority.ts';
import { expectSoon } from '../support/eventually.ts';
import { NOW } from '../support/now.ts';

const FILE = 'callers.crt';
const BROKEN = `${FILE}: this is not a PEM certificate; name the file with the CA of the callers`;

const [first, second] = await Promise.all([makeAuthority(NOW), makeAuthority(NOW)]);

let directory = '';
let said: (readonly unknown[])[] = [];
let watched: FollowedClientCa | undefined;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'nodeport-gate-client-ca-'));
  said = [];
});

afterEach(async () => {
  watched?.close();
  await rm(directory, { recursive: true, force: true });
});

const write = (text: string): Promise<void> => writeFile(join(directory, FILE), text);

function watch(start: string, onChange: (pem: string) => void): void {
  watched = watchClientCa(FILE, directory, {
    start,
    onChange,
    log: {
      info: (facts: unknown) => said.push(['info', facts]),
      warn: (facts: unknown) => said.push(['warn', facts]),
    },
    pollMs: 30,
    quietMs: 10,
  });
}

describe('readClientCa', () => {
  it.each([
    ['a whole certificate', first.cert, { ok: true, value: first.cert }],
    ['two', `${first.cert}${second.cert}`, { ok: true, value: `${first.cert}${second.cert}` }],
    ['half of one', first.cert.slice(0, 100), { ok: false, problems: [BROKEN] }],
    ['one with another text in it', first.cert.replace(/M.*/, 'hello'), { ok: false, problems: [BROKEN] }],
    ['nothing', '', { ok: false, problems: [BROKEN] }],
  ])('%s', async (_case, text, expected) => {
    await write(text);
    expect(await readClientCa(FILE, directory)).toEqual(expected);
  });
});

describe('watchClientCa', () => {
  it('gives what has changed since it was read, and each change after that', async () => {
    const given: string[] = [];
    await write(second.cert);
    watch(first.cert, (pem) => given.push(pem));
    await expectSoon(() => given, [second.cert]);
    await write(first.cert);
    await expectSoon(() => given, [second.cert, first.cert]);
    expect(said).toEqual(Array.from({ length: 2 }, () => ['info', { path: FILE }]));
  });

  it('says once what is wrong, however often it looks', async () => {
    const given: string[] = [];
    let looks = 0;
    await write(first.cert);
    watch(first.cert, (pem) => {
      looks += 1;
      if (looks < 4) throw new Error('the listener refuses');
      given.push(pem);
    });
    await write(second.cert);
    await expectSoon(() => watched?.problems(), [`${FILE}: the listener refuses`]);
    await expectSoon(() => given, [second.cert]);
    await expectSoon(() => watched?.problems(), []);
    expect(said).toEqual([
      ['warn', { problems: [`${FILE}: the listener refuses`] }],
      ['info', { path: FILE }],
    ]);
  });
});
