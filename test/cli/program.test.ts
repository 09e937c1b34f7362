import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, describe, expect, it } from 'vitest';
import type { Io } from '../../src/cli/io.ts';
import { runProgram } from '../../src/cli/program.ts';

const directory = await mkdtemp(join(tmpdir(), 'nodeport-gate-cli-'));
await writeFile(join(directory, 'file'), '');

afterAll(async () => {
  await rm(directory, { recursive: true });
});

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function run(...args: readonly string[]): Promise<Ran> {
  const written = { out: '', err: '' };
  const sink = (name: 'out' | 'err'): Io['out'] => ({
    write: (text) => {
      written[name] += text;
    },
  });
  const io: Io = {
    out: sink('out'),
    err: sink('err'),
    env: {},
    cwd: directory,
    stdin: () => Readable.from([]),
    now: () => new Date('2026-11-21T12:00:00Z'),
    color: false,
    untilStopped: () => Promise.resolve(),
  };
  const code = await runProgram(args, io);
  return { code, ...written };
}

const HINT = 'Run nodeport-gate --help for the commands and flags.\n';
const POLICY = `apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPolicy
metadata: {name: default}
spec:
  preset: baseline
`;

describe('nodeport-gate', () => {
  it('tells the version of package.json', async () => {
    const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
    expect(await run('--version')).toEqual({ code: 0, out: `${version}\n`, err: '' });
  });

  it('lists its commands', async () => {
    const { code, out, err } = await run('--help');
    expect([code, err, [...out.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name)]).toEqual([
      0,
      '',
      ['check', 'fix', 'audit', 'explain', 'ports', 'free', 'init', 'serve', 'policy', 'certs', 'help'],
    ]);
  });

  it('lists every flag of serve with its variable', async () => {
    const { out } = await run('serve', '--help');
    const text = out.replaceAll(/\s+/g, ' ');
    const flags = [...out.matchAll(/^ {2}(?:-p, )?--([a-z-]+)/gm)].map(([, flag]) => flag ?? '');
    const variables = [...text.matchAll(/NODEPORT_GATE_([A-Z_]+)/g)].map(([, name]) => name ?? '');
    expect(flags).toEqual([
      'host',
      'port',
      'operations-port',
      'doors-port',
      'policy',
      'inventory',
      'kubeconfig',
      'in-cluster',
      'cert-dir',
      'cert-secret',
      'service',
      'webhook-configuration',
      'client-ca',
      'audit-interval',
      'shutdown-delay',
      'log-level',
    ]);
    expect(variables).toEqual(flags.map((flag) => flag.toUpperCase().replaceAll('-', '_')));
  });

  it.each([
    [['sevre'], `unknown command 'sevre'\n(Did you mean serve?)\n${HINT}`],
    [['serve', '--prot', '1'], `unknown option '--prot'\n(Did you mean --port?)\n${HINT}`],
    [['serve', 'now'], `too many arguments for 'serve'. Expected 0 arguments but got 1: now.\n${HINT}`],
    [['policy', 'validate'], 'no nodeport-gate.yaml here or above; name the files, or write one with init\n'],
    [['serve', '--port'], `option '--port <number>' argument missing\n${HINT}`],
  ])('ends %j with 2', async (args, err) => {
    expect(await run(...args)).toEqual({ code: 2, out: '', err });
  });

  it.each<[command: string, flag: string]>([
    ['serve', '--inventory'],
    ['serve', '--audit-interval'],
    ['audit', '--baseline'],
    ['audit', '--kubeconfig'],
    ['check', '--namespace'],
    ['ports', '--pool'],
    ['ports', '--output'],
    ['free', '--context'],
    ['policy show', '--output'],
    ['certs rotate', '--kubeconfig'],
  ])('does not choose between two values: %s %s', async (command, flag) => {
    expect(await run(...command.split(' '), flag, 'json', `${flag}=json`)).toEqual({
      code: 2,
      out: '',
      err: `${flag}: this is given twice; give it once\n${HINT}`,
    });
  });
});

describe('serve', () => {
  it.each([
    [['--port', '99999'], '--port: 99999 is no port; use 1 to 65535, or 0 for any free one\n'],
    [['--inventory', 'nothing.json'], 'nothing.json: this is not there; check the path\n'],
    [['--policy', 'nothing.yaml'], '--policy nothing.yaml: this is not there; check the path\n'],
    [['--client-ca', 'file'], 'file: this is not a PEM certificate; name the file with the CA of the callers\n'],
  ])('ends %j with 2 and one line', async (args, err) => {
    expect(await run('serve', ...args)).toEqual({ code: 2, out: '', err });
  });
});

describe('policy validate', () => {
  it('says how many documents are valid, and the hash', async () => {
    await writeFile(join(directory, 'good.yaml'), POLICY);
    const { code, out, err } = await run('policy', 'validate', 'good.yaml');
    expect([code, out, err]).toEqual([
      0,
      expect.stringMatching(/^1 document is valid\npolicy sha256:[0-9a-f]{64}\n$/),
      '',
    ]);
  });

  it('counts several documents, and prefixes warnings and advice', async () => {
    const pool = `---
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPool
metadata: {name: shop}
spec: {ports: ["30100-30199"], namespaces: [shop], quota: {perService: 4}}
`;
    await writeFile(
      join(directory, 'two.yaml'),
      `${POLICY.replace('preset: baseline', 'rules: {protocols: off}')}${pool}`,
    );
    const { code, out, err } = await run('policy', 'validate', 'two.yaml');
    expect([code, out, err]).toEqual([
      0,
      expect.stringMatching(/^2 documents are valid\npolicy sha256:[0-9a-f]{64}\n$/),
      expect.stringMatching(
        /^warning: two\.yaml:4:1: spec: policy [^\n]+\nwarning: two\.yaml:10:52: spec\.quota: [^\n]+\nwarning: two\.yaml:10:8: spec\.ports: pool shop [^\n]+\n$/,
      ),
    ]);
  });

  it('prints every problem of every file with line and column, on standard output', async () => {
    await writeFile(join(directory, 'bad.yaml'), POLICY.replace('preset: baseline', 'preset: basline\n  extra: 1'));
    const { code, out, err } = await run('policy', 'validate', 'bad.yaml', 'nothing.yaml');
    expect([code, err, out.split('\n').map((line) => line.split(' ').slice(0, 2).join(' '))]).toEqual([
      2,
      '',
      ['nothing.yaml: this', 'bad.yaml:5:11: spec.preset:', 'bad.yaml:6:3: spec.extra:', ''],
    ]);
  });
});

describe('policy schema', () => {
  it('prints the JSON Schema that is checked in', async () => {
    const out = await readFile('docs/policy.schema.json', 'utf8');
    expect(await run('policy', 'schema')).toEqual({ code: 0, out, err: '' });
  });
});
