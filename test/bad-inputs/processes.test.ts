import { spawn } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { VerdictList } from '../../src/report/verdict-list.ts';
import { POLICY } from './run-situation.ts';
import { GOOD, GOOD_JSON, numbered } from './situation.ts';

const directory = await mkdtemp(join(tmpdir(), 'nodeport-gate-process-'));
const MAIN = new URL('../../src/main.ts', import.meta.url).pathname;
const LONGEST_MS = 60_000;
const MEGABYTE = 1024 * 1024;
/** Of the heap, in megabytes. */
const HEAP = 1024;

afterAll(async () => {
  await rm(directory, { recursive: true });
});

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a command of the shell, in which `$CHECK` is the program, with bounded memory. */
async function inShell(command: string, uid?: number): Promise<Ended> {
  const child = spawn('bash', ['-c', command], {
    cwd: directory,
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      CHECK: `${process.execPath} --max-old-space-size=${HEAP} ${MAIN} check -p policy.yaml`,
      AUDIT: `${process.execPath} --max-old-space-size=${HEAP} ${MAIN} audit -p policy.yaml`,
    },
    ...(uid !== undefined && { uid }),
    timeout: LONGEST_MS,
    killSignal: 'SIGKILL',
  });
  const written = { out: '', err: '' };
  for (const [name, stream] of [
    ['out', child.stdout],
    ['err', child.stderr],
  ] as const) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      if (written[name].length < MEGABYTE) written[name] += text;
    });
  }
  return new Promise((end) => child.on('close', (code) => end({ code, ...written })));
}

async function checking(name: string, content: string | Uint8Array): Promise<Ended> {
  await writeFile(join(directory, name), content);
  return inShell(`$CHECK -o github ${name}`);
}

await writeFile(join(directory, 'policy.yaml'), POLICY);
await writeFile(join(directory, 'bad.yaml'), numbered('22'));

describe('a real process with a bounded heap', () => {
  const service = (port: string, at: number): string => numbered(port).replace('web', `web${at}`);
  const TOO_MUCH = 'the input is too much YAML from here on; send it as JSON or in parts';
  const TOO_DEEP = 'the input is nested deeper than 100 levels; send a Kubernetes object';
  const REPEATED = 'aliases repeat more than 10000 values; write them out';
  const laughs = (line: (name: string, last: string) => string): string =>
    'abcdefghij'.split('').reduce((text, name, at, all) => `${text}${line(name, all[at - 1] ?? '')}`, '');

  it.each([
    [
      '50 MB of a comment',
      () => `${numbered('22')}# ${'x'.repeat(50 * MEGABYTE)}\n`,
      1,
      'spec.ports[0].nodePort: 22 is outside',
    ],
    ['65 MB', () => new Uint8Array(65 * MEGABYTE), 2, 'this is longer than 64 mebibytes; split it'],
    ['50 MB of NUL', () => new Uint8Array(50 * MEGABYTE), 2, 'U+0000 is no text'],
    ['50 MB of spaces', () => numbered('22') + ' '.repeat(50 * MEGABYTE), 1, 'spec.ports[0].nodePort: 22 is outside'],
    [
      '40 MB of one document',
      () => `${GOOD}x:\n${'  - a long line of text that says nothing\n'.repeat(MEGABYTE)}`,
      2,
      TOO_MUCH,
    ],
    [
      '40 MB of one JSON document',
      () => GOOD_JSON.replace('"web"', `"web","labels":{${'"a":"bbbbbbbb",'.repeat(3 * MEGABYTE)}"b":"c"}`),
      0,
      '1 object: 1 allowed',
    ],
    [
      '100,000 documents',
      () => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\n`.repeat(100_000) + numbered('22'),
      1,
      'spec.ports[0].nodePort: 22 is outside',
    ],
    [
      '20,000 Services in one line',
      () =>
        `{"apiVersion":"v1","kind":"List","items":[${Array.from({ length: 20_000 }, (_, at) => GOOD_JSON.replace('web', `web${at}`)).join(',')}]}`,
      1,
      '20000 objects: 1 allowed, 19999 denied',
    ],
    [
      '5,000 Services that cannot be read',
      () => Array.from({ length: 5000 }, (_, at) => service('"22"', at)).join('---\n'),
      2,
      '"22" is a string',
    ],
    ['a million empty lines', () => '\n'.repeat(1_000_000) + numbered('22'), 2, TOO_MUCH],
    ['five million separators', () => '---\n'.repeat(5_000_000), 0, '0 objects'],
    [
      'a name of 10 MB',
      () => GOOD.replace('web', `"${'x'.repeat(10 * MEGABYTE)}"`),
      1,
      '1 object: 0 allowed, 1 denied',
    ],
    ['a million brackets', () => `${GOOD}x: ${'['.repeat(1_000_000)}\n`, 2, TOO_DEEP],
    ['a million braces', () => `${GOOD}x: ${'{a: '.repeat(1_000_000)}\n`, 2, TOO_DEEP],
    ['a million dashes', () => `${GOOD}x:\n  ${'- '.repeat(1_000_000)}a\n`, 2, TOO_DEEP],
    ['a million brackets in JSON', () => GOOD_JSON.replace('"web"', '['.repeat(1_000_000)), 2, TOO_DEEP],
    [
      '3,000 levels of indentation',
      () => `${GOOD}x:\n${Array.from({ length: 3000 }, (_, at) => `${' '.repeat(at + 1)}a:\n`).join('')}`,
      2,
      TOO_DEEP,
    ],
    [
      'a billion laughs',
      () =>
        GOOD +
        laughs(
          (name, last) =>
            `${name}: &${name} [${last === '' ? 'x' : Array.from({ length: 10 }, () => `*${last}`).join(', ')}]\n`,
        ),
      2,
      REPEATED,
    ],
    [
      'a billion merges',
      () =>
        GOOD +
        laughs(
          (name, last) =>
            `${name}: &${name} {<<: [${last === '' ? '{k: v}' : Array.from({ length: 10 }, () => `*${last}`).join(', ')}]}\n`,
        ),
      2,
      REPEATED,
    ],
    [
      'half a million templates that never end',
      () => numbered('{{') + 'x: {{ a\n'.repeat(500_000),
      2,
      'this is a template that was not rendered',
    ],
  ])(
    '%s',
    async (_, make, code, said) => {
      const ended = await checking('huge.yaml', make());
      expect([ended.code, ended.err]).toEqual([code, '']);
      expect(ended.out).toContain(said);
      // However much is wrong, the log of a CI run is not flooded.
      expect(ended.out.length).toBeLessThan(20_000);
    },
    LONGEST_MS,
  );
});

it(
  'a dump of 55 MB is audited within a bounded heap',
  async () => {
    const container = { name: 'main', image: 'x', env: Array.from({ length: 20 }, (_, at) => ({ name: `E${at}` })) };
    const pods = Array.from({ length: 20_000 }, (_, at) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { namespace: 'shop', name: `web-${at}`, annotations: { notes: 'x'.repeat(200) } },
      spec: { nodeName: 'node-1', containers: [container] },
    }));
    const items = [...pods, JSON.parse(GOOD_JSON) as object];
    // As kubectl lays it out.
    await writeFile(join(directory, 'dump.json'), JSON.stringify({ apiVersion: 'v1', kind: 'List', items }, null, 4));
    const { code, out, err } = await inShell('$AUDIT -o json - < dump.json');
    const { objects, allowed, skipped } = (JSON.parse(out) as VerdictList).summary;
    expect([code, err, objects, allowed, skipped]).toEqual([0, '', 1, 1, 20_000]);
  },
  LONGEST_MS,
);

describe('a pipe', () => {
  it('that closes early changes no verdict, and leaves no trace', async () => {
    await writeFile(join(directory, 'many.yaml'), Array.from({ length: 5000 }, () => numbered('"22"')).join('---\n'));
    const early = await inShell('$CHECK many.yaml | head -1; echo ${PIPESTATUS[0]}');
    const denied = await inShell('$CHECK bad.yaml | true; echo ${PIPESTATUS[0]}');
    expect([early, denied]).toEqual([
      { code: 0, out: 'could not be read\n2\n', err: '' },
      { code: 0, out: '1\n', err: '' },
    ]);
  });

  it('to a full disk is said', async () => {
    const message =
      'standard output: this cannot be written (ENOSPC: no space left on device, write); send it somewhere else\n';
    expect(await inShell('$CHECK bad.yaml > /dev/full')).toEqual({ code: 2, out: '', err: message });
    expect((await inShell('$CHECK -p gone bad.yaml 2> /dev/full')).code).toBe(2);
  });

  it('that is closed from the beginning', async () => {
    expect((await inShell('$CHECK bad.yaml >&-')).code).toBe(1);
    expect((await inShell('$CHECK bad.yaml 2>&-')).code).toBe(1);
    expect((await inShell('$CHECK - <&-')).code).toBe(2);
  });

  it('that never ends', async () => {
    const { code, out } = await inShell('$CHECK - -o github < /dev/zero');
    expect([code, out.split('\n')[0]]).toEqual([
      2,
      '::error file=stdin,title=could not be read::this is longer than 64 mebibytes; split it',
    ]);
  });

  it('from a substituted process', async () => {
    const { code, out } = await inShell('$CHECK --inventory <(cat bad.yaml) <(cat bad.yaml)');
    expect([code, out.split('\n')[0]]).toEqual([1, '/dev/fd/62']);
  });

  it(
    'that is waited for ends with Ctrl-C',
    async () => {
      const { out } = await inShell('timeout -s INT 1 $CHECK - < <(sleep 3); echo $?');
      expect(out).toBe('124\n');
    },
    LONGEST_MS,
  );
});

describe('a file', () => {
  it('that may not be read', async () => {
    await chmod(directory, 0o755);
    await writeFile(join(directory, 'secret.yaml'), GOOD);
    await chmod(join(directory, 'secret.yaml'), 0);
    const nobody = process.getuid?.() === 0 ? 65_534 : undefined;
    const { code, out } = await inShell('$CHECK secret.yaml -o github', nobody);
    expect([code, out.split('\n')[0]]).toEqual([
      2,
      '::error file=secret.yaml,title=could not be read::this may not be read; change its permissions',
    ]);
  });

  it(
    'that comes and goes while it is read',
    async () => {
      const churn = 'for i in 1 2 3 4 5 6 7 8 9; do cp bad.yaml churn/$i.yaml; rm -f churn/$i.yaml; done';
      const { out, err } = await inShell(
        `mkdir churn; (while :; do ${churn}; done) & for i in 1 2 3 4 5 6; do $CHECK churn > /dev/null; echo $?; done; kill %%`,
      );
      expect([out.replaceAll(/[012]\n/g, ''), err]).toEqual(['', '']);
    },
    LONGEST_MS,
  );
});
