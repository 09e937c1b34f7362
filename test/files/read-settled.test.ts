import { mkdir, mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSettled } from '../../src/files/read-settled.ts';
import { publish } from '../support/mounted.ts';

let root = '';

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'nodeport-gate-root-')));
});

afterEach(async () => {
  await rm(root, { recursive: true });
});

describe('readSettled', () => {
  /** Publishes another version during each of the first `swaps` readings. */
  async function readDuring(swaps: number, fault?: string): Promise<{ readonly reads: number; readonly last: string }> {
    await publish(root, { a: '0' });
    let reads = 0;
    const last = await readSettled([root], async ([at = '']) => {
      reads += 1;
      if (reads <= swaps) {
        await publish(root, { a: String(reads) });
        if (fault !== undefined) throw new Error(fault);
      }
      return at === (await realpath(join(root, '..data'))) ? 'newest' : 'former';
    });
    return { reads, last };
  }

  it('reads the version of a mount, the target of a link, and any other path itself', async () => {
    await publish(join(root, 'mount'), { a: '1' });
    await mkdir(join(root, 'plain', '..data'), { recursive: true });
    await symlink('plain', join(root, 'link'));
    const paths = ['mount', 'mount/a', 'link', 'plain', 'nothing'].map((path) => join(root, path));
    const roots = await readSettled(paths, (found) => Promise.resolve(found));
    expect(roots.map((path) => path.slice(root.length).replace(/00\.\d+/, 'N'))).toEqual([
      '/mount/..2026_11_21_12_00_N',
      '/mount/..2026_11_21_12_00_N/a',
      '/plain',
      '/plain',
      '/nothing',
    ]);
  });

  it('reads once where nothing changes meanwhile', async () => {
    expect(await readDuring(0)).toEqual({ reads: 1, last: 'newest' });
  });

  it('reads again after a swap', async () => {
    expect(await readDuring(2)).toEqual({ reads: 3, last: 'newest' });
  });

  it('makes nothing of a fault when the version was removed under it', async () => {
    expect(await readDuring(1, 'gone')).toEqual({ reads: 2, last: 'newest' });
  });

  it('ends, even if the swaps do not', async () => {
    expect(await readDuring(100)).toEqual({ reads: 5, last: 'former' });
    await expect(readDuring(100, 'gone')).rejects.toThrow('gone');
  });
});
