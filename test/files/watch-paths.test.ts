import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { watchPaths, type WatchOptions } from '../../src/files/watch-paths.ts';
import { aWhile, expectSoon } from '../support/eventually.ts';
import { publish } from '../support/mounted.ts';

/** Never, as far as a test is concerned: what is seen was reported. */
const NEVER_MS = 3_600_000;
const QUIET_MS = 20;

let root = '';
let looks = 0;
let stop: () => void = () => {};

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'nodeport-gate-watch-'));
  looks = 0;
});

afterEach(async () => {
  stop();
  await rm(root, { recursive: true });
});

function start(paths: readonly string[], options: WatchOptions = {}): void {
  const watched = watchPaths(paths, () => (looks += 1), { pollMs: NEVER_MS, quietMs: QUIET_MS, ...options });
  stop = () => watched.close();
}

/** Whether the change is noticed, and everything has been seen afterwards. */
async function expectNoticed(change: () => Promise<unknown>): Promise<void> {
  await aWhile(5 * QUIET_MS);
  const before = looks;
  await change();
  await expectSoon(() => looks > before, true);
}

describe('watchPaths', () => {
  it('notices a file that is written, replaced, removed and made anew', async () => {
    const file = join(root, 'a.yaml');
    await writeFile(file, '1');
    start([file]);
    await expectNoticed(() => writeFile(file, '2'));
    for (const text of ['3', '4']) {
      await writeFile(join(root, 'a.yaml~'), text);
      await expectNoticed(() => rename(join(root, 'a.yaml~'), file));
    }
    await expectNoticed(() => rm(file));
    await expectNoticed(() => writeFile(file, '5'));
    await expectNoticed(() => writeFile(file, '6'));
  });

  it('leaves the neighbours of a file alone', async () => {
    const file = join(root, 'a.yaml');
    await writeFile(file, '1');
    start([file]);
    await aWhile(5 * QUIET_MS);
    const before = looks;
    await writeFile(join(root, 'b.yaml'), '1');
    await aWhile(10 * QUIET_MS);
    expect(looks).toBe(before);
  });

  it.each([
    ['the mounted directory', ''],
    ['a file in it', 'a.yaml'],
  ])('notices every swap of a ConfigMap through %s', async (_, name) => {
    const mount = join(root, 'policy');
    await publish(mount, { 'a.yaml': '1' });
    start([join(mount, name)]);
    for (const text of ['2', '3', '4']) await expectNoticed(() => publish(mount, { 'a.yaml': text }));
  });

  it('notices what happens in a directory that vanished and came back', async () => {
    const directory = join(root, 'certs');
    await mkdir(directory);
    start([directory]);
    await expectNoticed(() => rm(directory, { recursive: true }));
    await expectNoticed(() => mkdir(directory));
    await expectNoticed(() => writeFile(join(directory, 'tls.crt'), '1'));
    await expectNoticed(() => rename(directory, join(root, 'former')));
    await mkdir(join(root, 'next'));
    await expectNoticed(() => rename(join(root, 'next'), directory));
    await expectNoticed(() => writeFile(join(directory, 'tls.crt'), '2'));
  });

  it('waits for a directory that is several levels from being there', async () => {
    const file = join(root, 'a', 'b', 'c.yaml');
    start([file]);
    await expectNoticed(() => mkdir(join(root, 'a')));
    await expectNoticed(() => mkdir(join(root, 'a', 'b')));
    await expectNoticed(() => writeFile(file, '1'));
    await expectNoticed(() => rm(join(root, 'a'), { recursive: true }));
  });

  it('follows links to elsewhere, and sees where they lead next', async () => {
    for (const name of ['one', 'two']) {
      await mkdir(join(root, name));
      await writeFile(join(root, name, 'a.yaml'), '1');
    }
    await symlink('one', join(root, 'current'));
    await symlink(join(root, 'current', 'a.yaml'), join(root, 'link.yaml'));
    start([join(root, 'link.yaml')]);
    await expectNoticed(() => writeFile(join(root, 'one', 'a.yaml'), '2'));
    await symlink('two', join(root, 'next'));
    await expectNoticed(() => rename(join(root, 'next'), join(root, 'current')));
    await expectNoticed(() => writeFile(join(root, 'two', 'a.yaml'), '2'));
  });

  it('is not caught in a circle of links', async () => {
    await symlink('b', join(root, 'a'));
    await symlink('a', join(root, 'b'));
    start([join(root, 'a')]);
    await expectNoticed(() => rm(join(root, 'b')));
  });

  it('looks at every poll, whatever was reported', async () => {
    start([join(root, 'nothing')], { pollMs: 30 });
    await expectSoon(() => looks >= 3, true);
  });

  it('looks a few times only while something never rests', async () => {
    const file = join(root, 'a.yaml');
    await writeFile(file, '');
    start([file], { quietMs: 50 });
    await aWhile(150);
    looks = 0;
    for (let count = 0; count < 400; count += 1) {
      await writeFile(file, String(count));
      await aWhile(2);
    }
    expect(looks).toBeGreaterThanOrEqual(1);
    expect(looks).toBeLessThan(20);
  });

  it('says nothing after it was closed', async () => {
    const file = join(root, 'a.yaml');
    await writeFile(file, '1');
    start([file], { pollMs: 20 });
    await writeFile(file, '2');
    stop();
    const before = looks;
    await writeFile(file, '3');
    await aWhile(10 * QUIET_MS);
    expect(looks).toBe(before);
  });
});
