import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compileFiles, defaultPolicyPath, readPolicyFiles } from '../../src/cli/policy-files.ts';

let directory = '';

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'nodeport-gate-policies-'));
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

function policy(name: string): string {
  const spec = { preset: 'baseline' };
  return JSON.stringify({ apiVersion: 'nodeport-gate.dev/v1alpha1', kind: 'NodePortPolicy', metadata: { name }, spec });
}

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
}

describe('policy files', () => {
  it('reads the *.yaml, *.yml and *.json files of a directory, and nothing else in it', async () => {
    await mkdir(join(directory, '..data'));
    await mkdir(join(directory, 'sub.d'));
    await write({
      'b.yaml': policy('b'),
      'a.yml': policy('a'),
      'c.json': policy('c'),
      '.hidden.yaml': 'broken: [',
      'README.md': 'broken: [',
      'd.yaml.bak': 'broken: [',
      'sub.d/e.yaml': 'broken: [',
    });
    const loaded = compileFiles(await readPolicyFiles(['.'], directory));
    expect(loaded.ok && loaded.value.policy.policies.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  });

  it('has the same hash whichever way the files are named', async () => {
    await write({ 'a.yaml': policy('a'), 'b.yaml': policy('b') });
    const hashes = await Promise.all(
      [['.'], [directory], ['b.yaml', 'a.yaml']].map(async (paths) => {
        const loaded = compileFiles(await readPolicyFiles(paths, directory));
        return loaded.ok && loaded.value.policy.hash;
      }),
    );
    expect(new Set(hashes).size).toBe(1);
    expect(hashes[0]).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it('tells every path that cannot be read', async () => {
    await mkdir(join(directory, 'empty'));
    await write({ 'a.yaml': policy('a') });
    expect(compileFiles(await readPolicyFiles(['a.yaml', 'nothing.yaml', 'empty', 'a.yaml/b'], directory))).toEqual({
      ok: false,
      problems: [
        'nothing.yaml: this is not there; check the path',
        'a.yaml/b: a part of the path is no directory; check the path',
        'empty: no *.yaml, *.yml or *.json file is in it; put the policy documents there',
      ],
    });
  });
});

describe('entries of a directory', () => {
  it('names the file that cannot be read, and never waits for a named pipe', async () => {
    await write({ 'a.yaml': policy('a') });
    await mkdir(join(directory, 'b.yaml'));
    await symlink('nowhere', join(directory, 'c.yaml'));
    execFileSync('mkfifo', [join(directory, 'd.yaml')]);
    expect(await readPolicyFiles(['.'], directory)).toEqual({
      sources: [{ file: 'a.yaml', text: policy('a') }],
      unreadable: [
        'b.yaml: this is a directory; name a file',
        'c.yaml: this is not there; check the path',
        'd.yaml: this is no regular file; remove it',
      ],
      empty: [],
    });
  });
});

describe('defaultPolicyPath', () => {
  it('is where the package is, not where the process was started', async () => {
    const elsewhere = defaultPolicyPath(directory);
    expect([defaultPolicyPath(process.cwd()), elsewhere]).toEqual([
      'manifests/policies/default.yaml',
      join(process.cwd(), 'manifests/policies/default.yaml'),
    ]);
    expect(compileFiles(await readPolicyFiles([elsewhere], directory)).ok).toBe(true);
  });
});
