import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeApiServer, json, kubeconfigFor, startFakeApiServer } from '../cluster/support/fake-api-server.ts';
import { type Ran, runCommand } from '../support/command-line.ts';
import { makeDumpDirectory } from '../support/dump-directory.ts';

const POLICY = `apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPolicy
metadata: {name: default}
spec: {preset: none, rules: {node-port-range: {}}}
`;

const { cwd, dump } = await makeDumpDirectory(POLICY);

const run = (...args: readonly string[]): Promise<Ran> => runCommand(args, { cwd });
const textOf = (file: string): Promise<string> => readFile(join(cwd, file), 'utf8');

const WEB = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { namespace: 'shop', name: 'web' },
  spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 30_080 }] },
};

const READ = 'this is read in the same run; name another file\n';

describe('what a run reads', () => {
  it.each([
    ['dump.json', ['audit', 'dump.json', '-o', 'csv', '--output-file', 'dump.json'], '--output-file'],
    ['dump.json', ['audit', 'dump.json', '-o', 'csv', '--output-file', 'linked.json'], '--output-file'],
    ['dump.json', ['audit', 'linked.json', '--create-baseline', './dump.json'], '--create-baseline'],
    ['nodeport-gate.yaml', ['audit', 'dump.json', '--output-file', 'nodeport-gate.yaml'], '--output-file'],
    ['next/a.yaml', ['audit', 'dump.json', '--compare', 'next', '--output-file', 'next/a.yaml'], '--output-file'],
    ['base.json', ['audit', 'dump.json', '--baseline', 'base.json', '--output-file', 'base.json'], '--output-file'],
    ['web.yaml', ['check', 'web.yaml', '-o', 'json', '--output-file', 'web.yaml'], '--output-file'],
    ['dump.json', ['check', '--inventory', 'dump.json', 'web.yaml', '--output-file', 'dump.json'], '--output-file'],
    ['next/a.yaml', ['check', '-p', 'next', 'web.yaml', '--create-baseline', 'next/a.yaml'], '--create-baseline'],
  ])('is not written over: %s, %j', async (file, args, flag) => {
    await dump('dump.json', WEB);
    await rm(join(cwd, 'linked.json'), { force: true });
    await symlink('dump.json', join(cwd, 'linked.json'));
    await mkdir(join(cwd, 'next'), { recursive: true });
    await writeFile(join(cwd, 'next', 'a.yaml'), POLICY);
    await writeFile(join(cwd, 'web.yaml'), JSON.stringify(WEB));
    await rm(join(cwd, 'base.json'), { force: true });
    await run('audit', 'dump.json', '--create-baseline', 'base.json');
    const before = await textOf(file);
    expect(await run(...args)).toEqual({ code: 2, out: '', err: `${flag}: ${READ}` });
    expect(await textOf(file)).toBe(before);
  });
});

describe('files for reports', () => {
  it.each([
    [
      ['-o', 'csv', '--output-file', 'a', '-o', 'json', '--output-file', 'to-a'],
      '--output-file: two formats go to the same file; name one for each',
    ],
    [
      ['-o', 'csv', '--output-file', 'a', '--create-baseline', 'to-a'],
      '--create-baseline: a report goes to the same file; name another one',
    ],
    [
      ['-o', 'csv', '--output-file', 'q1', '--output-file', 'q2'],
      '--output-file: no format goes to q2; write -o FORMAT before it, or leave it out',
    ],
    [
      ['-o', 'csv', '--output-file', '-'],
      '--output-file: - is standard output, where a format goes anyway; leave this out, or write ./-',
    ],
    [
      ['--print-rbac', '-o', 'json'],
      '--print-rbac: it prints a ClusterRole and audits nothing; leave out dumps, -o and --output-file',
    ],
    [
      ['--print-rbac'],
      '--print-rbac: it prints a ClusterRole and audits nothing; leave out dumps, -o and --output-file',
    ],
  ])('%j', async (args, err) => {
    await dump('dump.json', WEB);
    await writeFile(join(cwd, 'a'), '');
    await rm(join(cwd, 'to-a'), { force: true });
    await symlink('a', join(cwd, 'to-a'));
    expect(await run('audit', 'dump.json', ...args)).toEqual({ code: 2, out: '', err: `${err}\n` });
  });

  it('may be one for the default format', async () => {
    await dump('dump.json', WEB);
    const { out } = await run('audit', 'dump.json');
    expect(await run('audit', 'dump.json', '--output-file', 'report.txt')).toEqual({ code: 0, out: '', err: '' });
    expect(await textOf('report.txt')).toBe(out);
  });
});

describe('what standard output does not tell', () => {
  let api: FakeApiServer;

  beforeEach(async () => {
    api = await startFakeApiServer();
    await writeFile(join(cwd, 'config'), kubeconfigFor(api.url));
    api.putSilently('/api/v1/services', WEB);
    api.at('/api/v1/pods', json(403, { message: 'no' }));
  });

  afterEach(() => api.close());

  const PODS = 'SERVER: list pods is forbidden (403: no); grant the verb list on pods by RBAC';

  it.each([
    [['-o', 'csv'], [PODS]],
    [['-o', 'html'], [PODS]],
    [['-o', 'sarif'], [PODS]],
    [['-o', 'json', '--output-file', 'r.json'], [PODS]],
    [['-o', 'json'], []],
    [['-o', 'csv', '--output-file', 'r.csv', '-o', 'human'], []],
    [
      ['-o', 'csv', '--compare', 'nodeport-gate.yaml'],
      [PODS, '--compare: only human and json show it; add one of them'],
    ],
    [['-o', 'csv', '-o', 'json', '--output-file', 'r.json', '--compare', 'nodeport-gate.yaml'], [PODS]],
  ])('%j', async (args, lines) => {
    const { code, err } = await run('audit', '--kubeconfig', 'config', ...args);
    const shown = err.replaceAll(api.url, 'SERVER').replaceAll(cwd, 'HERE').split('\n').slice(0, -1);
    expect([code, ...shown]).toEqual([
      2,
      'reading SERVER (HERE/config)',
      'nodeport-gate audit --print-rbac prints the rights that it needs, for kubectl apply -f -',
      ...lines,
    ]);
  });
});
