import { execFile, spawnSync } from 'node:child_process';
import { chmod, copyFile, lstat, mkdir, mkdtemp, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BAD, badInWords, GOOD, makeRepository, service } from './support/repository.ts';
import { type Ended, ROOT, runProcess } from './support/run-process.ts';

/** pre-commit itself, from PyPI, on a repository of its own; check-jsonschema brings the schemas of GitHub and GitLab. */
const PACKAGES = ['pre-commit==4.7.0', 'check-jsonschema==0.39.0'];
const SECONDS = 170;
const hasPython = spawnSync('python3', ['-c', 'import ensurepip, venv']).status === 0;

let directory = '';
let hooks = '';
const made: string[] = [];

beforeAll(
  async () => {
    directory = await mkdtemp(join(tmpdir(), 'nodeport-gate-pre-commit-'));
    if (!hasPython) return;
    const venv = join(directory, 'venv');
    await must('python3', ['-m', 'venv', venv]);
    await must(join(venv, 'bin/pip'), ['install', '--quiet', '--disable-pip-version-check', ...PACKAGES]);
    hooks = await copyOfProject();
    // Installs the gate in pre-commit's checkout, which takes a while.
    await preCommit(await repositoryWith({ 'good.yaml': GOOD }, 'nodeport-gate'), 'run', '--all-files');
  },
  2 * SECONDS * 1000,
);

afterAll(() => Promise.all([directory, ...made].map((path) => rm(path, { recursive: true }))));

describe.skipIf(!hasPython)('the hooks of pre-commit', () => {
  it('check the whole repository, also when nothing that is wrong was changed', async () => {
    const cwd = await repositoryWith({ 'a/bad.yaml': BAD, 'good.yaml': GOOD }, 'nodeport-gate');
    await expect(preCommit(cwd, 'run', '--files', 'good.yaml')).resolves.toEqual({
      code: 1,
      out: expect.stringContaining(`- exit code: 1\n\n${badInWords('a/bad.yaml')}`) as unknown,
      err: '',
    });
    await writeFile(join(cwd, 'a/bad.yaml'), service('web', '30101'));
    expect(await preCommit(cwd, 'run', '--files', 'good.yaml')).toMatchObject({ code: 0, err: '' });
    expect((await preCommit(cwd, 'run', '--files', 'README')).out).toContain('(no files to check)Skipped');
  });

  it('check the changed files alone', async () => {
    const files = { 'bad.yaml': BAD, 'good.yaml': GOOD, 'c/Chart.yaml': 'apiVersion: v2', 'c/templates/x.yaml': '{{' };
    const cwd = await repositoryWith(files, 'nodeport-gate-files');
    const good = await preCommit(cwd, 'run', '--files', 'good.yaml', 'c/Chart.yaml', 'c/templates/x.yaml');
    expect(good).toMatchObject({ code: 0, err: '' });
    const bad = await preCommit(cwd, 'run', '--files', 'good.yaml', 'bad.yaml');
    expect(bad).toMatchObject({ code: 1, out: expect.stringContaining(badInWords('bad.yaml')) as unknown });
  });

  it('fix', async () => {
    const cwd = await repositoryWith({ 'good.yaml': GOOD.replace(/\n.*nodePort: .*/, '') }, 'nodeport-gate-fix');
    const fixing = await preCommit(cwd, 'run', '--all-files');
    expect(fixing).toMatchObject({
      code: 1,
      out: expect.stringContaining('files were modified by this hook') as unknown,
    });
    expect(await readFile(join(cwd, 'good.yaml'), 'utf8')).toMatch(/^ {6}nodePort: 301\d\d$/m);
    expect(await preCommit(cwd, 'run', '--all-files')).toMatchObject({ code: 0 });
  });
});

describe.skipIf(!hasPython)('by the schemas of those who read them', () => {
  it.each([
    ['pre-commit', ['validate-manifest', '.pre-commit-hooks.yaml']],
    ['check-jsonschema', ['--builtin-schema', 'vendor.github-actions', 'action.yml']],
    ['check-jsonschema', ['--builtin-schema', 'vendor.gitlab-ci', 'integrations/gitlab/nodeport-gate.gitlab-ci.yml']],
    [
      'check-jsonschema',
      ['--builtin-schema', 'vendor.github-workflows', 'integrations/flux/check.github-workflow.yaml'],
    ],
  ])('%s %j', async (tool, args) => {
    expect(await runProcess(join(directory, 'venv/bin', tool), args, { cwd: ROOT })).toMatchObject({ code: 0 });
  });
});

async function preCommit(cwd: string, ...args: readonly string[]): Promise<Ended> {
  return runProcess(join(directory, 'venv/bin/pre-commit'), args, {
    cwd,
    seconds: SECONDS,
    env: { ...outside(), PRE_COMMIT_HOME: join(directory, 'cache'), PRE_COMMIT_COLOR: 'never' },
  });
}

/** A repository that uses one of the hooks, with everything in its index. */
async function repositoryWith(files: Readonly<Record<string, string>>, id: string): Promise<string> {
  const rev = (await must('git', ['rev-parse', 'HEAD'], hooks)).trim();
  const config = JSON.stringify({ repos: [{ repo: hooks, rev, hooks: [{ id }] }] });
  const cwd = await makeRepository({ ...files, README: '', '.pre-commit-config.yaml': config });
  made.push(cwd);
  await must('git', ['init', '--quiet', '.'], cwd);
  await must('git', ['add', '--all'], cwd);
  return cwd;
}

/** What is here, committed or not, as a repository that pre-commit can clone. */
async function copyOfProject(): Promise<string> {
  const copy = join(directory, 'project');
  const files = (await must('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], ROOT)).split('\0');
  for (const file of files.filter((name) => name !== '')) await copyInto(copy, file);
  await must('git', ['init', '--quiet', '.'], copy);
  await must('git', ['add', '--all'], copy);
  const author = ['-c', 'user.name=e2e', '-c', 'user.email=e2e@example.com', '-c', 'commit.gpgsign=false'];
  await must('git', [...author, 'commit', '--quiet', '--no-verify', '--message=test'], copy);
  return copy;
}

async function copyInto(copy: string, file: string): Promise<void> {
  const [from, to] = [join(ROOT, file), join(copy, file)];
  await mkdir(dirname(to), { recursive: true });
  const stat = await lstat(from).catch(() => undefined);
  // Deleted, and not yet from the index.
  if (stat === undefined) return;
  if (stat.isSymbolicLink()) return symlink(await readlink(from), to);
  await copyFile(from, to);
  await chmod(to, stat.mode);
}

async function must(command: string, args: readonly string[], cwd = directory): Promise<string> {
  const options = { cwd, env: outside(), maxBuffer: 2 ** 24 };
  return (await promisify(execFile)(command, args, options)).stdout;
}

/** The environment, with what npm and pip need for the network, but without what a hook of git that runs these tests sets. */
function outside(): Record<string, string> {
  const own = Object.entries(process.env).filter((entry): entry is [string, string] => {
    const [name, value] = entry;
    return value !== undefined && !/^GIT_(?:DIR|INDEX_FILE|WORK_TREE|PREFIX)$/.test(name);
  });
  return { ...Object.fromEntries(own), GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
}
