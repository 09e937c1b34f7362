import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { namesFromRoot } from '../../src/cli/repository-root.ts';
import { runCommand } from '../support/command-line.ts';

let outer = '';
let root = '';

beforeEach(async () => {
  outer = await realpath(await mkdtemp(join(tmpdir(), 'nodeport-gate-root-')));
  root = join(outer, 'repository');
  await mkdir(join(root, 'apps/web'), { recursive: true });
  await writeFile(join(root, 'apps/web/a b.yaml'), MANIFEST);
  await writeFile(join(root, 'apps/top.yaml'), '');
  await writeFile(join(outer, 'other.yaml'), '');
});

afterEach(async () => {
  await rm(outer, { recursive: true });
});

const MANIFEST = `apiVersion: v1
kind: Service
metadata: {name: web}
spec: {type: NodePort, ports: [{port: 80, nodePort: 22}]}
`;

const FILES = ['a b.yaml', './a b.yaml', '../top.yaml', '..', '../..', '../../../other.yaml', 'stdin', '""'];

async function named(directory: string, env: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const fromRoot = await namesFromRoot({ cwd: join(root, directory), env });
  return FILES.map(fromRoot);
}

describe('namesFromRoot', () => {
  const all = [
    'apps/web/a b.yaml',
    'apps/web/a b.yaml',
    'apps/top.yaml',
    'apps',
    '.',
    '../../../other.yaml',
    'stdin',
    '""',
  ];

  it('goes by the nearest .git, which may be a file', async () => {
    await mkdir(join(root, '.git'));
    expect(await named('apps/web', {})).toEqual(all);
    expect((await namesFromRoot({ cwd: root, env: {} }))('apps/top.yaml')).toBe('apps/top.yaml');
    await writeFile(join(root, 'apps/.git'), 'gitdir: elsewhere');
    expect((await named('apps/web', {})).slice(0, 5)).toEqual([
      'web/a b.yaml',
      'web/a b.yaml',
      'top.yaml',
      '.',
      '../..',
    ]);
  });

  it.each(['GITHUB_WORKSPACE', 'CI_PROJECT_DIR'])('goes by %s before that', async (name) => {
    await mkdir(join(root, 'apps/web/.git'));
    expect(await named('apps/web', { [name]: root })).toEqual(all);
    await symlink(root, join(outer, 'link'));
    expect(await named('apps/web', { [name]: join(outer, 'link') })).toEqual(all);
    expect(await named('apps/web', { [name]: join(outer, 'elsewhere') })).toEqual(FILES);
    expect((await named('apps/web', { [name]: 'apps' }))[0]).toBe('a b.yaml');
  });

  it('prefers the one of GitHub', async () => {
    const env = { CI_PROJECT_DIR: join(root, 'apps/web'), GITHUB_WORKSPACE: root };
    expect(await named('apps/web', env)).toEqual(all);
  });

  it('leaves names alone without a repository', async () => {
    const names = await named('apps/web', {});
    expect(names).toEqual(['a b.yaml', ...FILES.slice(0, 1), ...FILES.slice(2)]);
  });
});

describe('check', () => {
  async function check(...args: readonly string[]): Promise<string> {
    return (await runCommand(['check', ...args], { cwd: join(root, 'apps/web') })).out;
  }

  it('names files from the root where a CI system reads it, and from here where people do', async () => {
    await mkdir(join(root, '.git'));
    const github = await check('-o', 'github', 'a b.yaml', '../../none.yaml');
    expect(new Set(github.match(/(?<=^::error file=)[^,]*/gm))).toEqual(
      new Set(['../../none.yaml', 'apps/web/a b.yaml']),
    );
    const gitlab = await check('-o', 'gitlab', 'a b.yaml');
    expect(new Set(gitlab.match(/(?<="path":")[^"]*/g))).toEqual(new Set(['apps/web/a b.yaml']));
    const sarif = await check('-o', 'sarif', 'a b.yaml');
    expect(new Set(sarif.match(/(?<="uri":")[^"]*/g))).toEqual(new Set(['apps/web/a%20b.yaml']));
    for (const format of ['human', 'junit', 'json']) {
      const report = await check('-o', format, 'a b.yaml');
      expect([format, report.includes('a b.yaml'), report.includes('apps/web')]).toEqual([format, true, false]);
    }
  });
});
