import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ran, runCommand } from '../support/command-line.ts';

const directory = await mkdtemp(join(tmpdir(), 'nodeport-gate-baseline-'));

afterAll(async () => {
  await rm(directory, { recursive: true });
});

const POLICY = `apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPolicy
metadata: {name: default}
spec:
  rules:
    external-traffic-policy: {}
    node-port-range: {}
    node-port-conflict: {}
    protocols: {allowed: [TCP], enforcement: warn}
`;

function service(name: string, port: string): string {
  return `---
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: shop}
spec:
  type: NodePort
  externalTrafficPolicy: Local
  ports:
    - ${port}
`;
}

const OLD = service('old', '{port: 80, nodePort: 29999}');

async function check(text: string, ...flags: readonly string[]): Promise<Ran> {
  await writeFile(join(directory, 'web.yaml'), text);
  return runCommand(['check', '-p', 'policy.yaml', ...flags, 'web.yaml'], { cwd: directory });
}

function summaryOf({ out }: Ran): unknown {
  return (JSON.parse(out) as { summary: unknown }).summary;
}

beforeAll(async () => {
  await writeFile(join(directory, 'policy.yaml'), POLICY);
});

describe('a baseline', () => {
  it('is one finding a line, without places', async () => {
    const made = await check(OLD, '--create-baseline', 'baseline.json');
    expect([made.code, made.err]).toEqual([0, 'baseline.json: 1 finding written; use it with --baseline\n']);
    expect(JSON.parse(await readFile(join(directory, 'baseline.json'), 'utf8'))).toEqual({
      apiVersion: 'nodeport-gate.dev/v1alpha1',
      kind: 'Baseline',
      findings: ['node-port-range Service shop/old spec.ports[].nodePort 29999'],
    });
  });

  it('knows all that the next run with it finds: conflicts behind what denies, and Services without a name', async () => {
    const texts = [
      OLD,
      service('other', '{port: 80, nodePort: 29999}'),
      OLD.replace('name: old', 'generateName: old-'),
    ];
    await check(texts.join(''), '--create-baseline', 'all.json');
    const ran = await check(texts.join(''), '--baseline', 'all.json', '-o', 'json');
    expect([ran.code, summaryOf(ran)]).toEqual([
      0,
      {
        objects: 3,
        allowed: 3,
        denied: 0,
        findings: { deny: 0, warn: 0, audit: 5 },
        excused: 0,
        suppressed: 0,
        baselined: 5,
        skipped: 0,
      },
    ]);
  });

  it('lets pass what it knows, wherever that moved, and counts it', async () => {
    const ran = await check(
      `# moved\n\n${service('new', '{port: 80, nodePort: 30080}')}${OLD}`,
      '--baseline',
      'baseline.json',
      '-o',
      'json',
    );
    expect([ran.code, summaryOf(ran)]).toEqual([
      0,
      {
        objects: 2,
        allowed: 2,
        denied: 0,
        findings: { deny: 0, warn: 0, audit: 1 },
        excused: 0,
        suppressed: 0,
        baselined: 1,
        skipped: 0,
      },
    ]);
  });

  it('denies the same mistake elsewhere, and another one in the same place', async () => {
    const ran = await check(
      `${service('new', '{port: 80, nodePort: 29999}')}${OLD}`,
      '--baseline',
      'baseline.json',
      '-o',
      'json',
    );
    expect([ran.code, summaryOf(ran)]).toEqual([
      1,
      {
        objects: 2,
        allowed: 1,
        denied: 1,
        findings: { deny: 1, warn: 0, audit: 1 },
        excused: 0,
        suppressed: 0,
        baselined: 1,
        skipped: 0,
      },
    ]);
    const changed = await check(OLD.replace('29999', '29998'), '--baseline', 'baseline.json');
    expect(changed.code).toBe(1);
  });

  it('is not made of what could not be read', async () => {
    const ran = await check('kind: Service\napiVersion: v1\nspec: {type: NodePort', '--create-baseline', 'other.json');
    expect([ran.code, ran.err]).toEqual([2, 'other.json: not written, because not everything could be read\n']);
    await expect(readFile(join(directory, 'other.json'))).rejects.toThrow('ENOENT');
  });

  it.each([
    ['no JSON', 'findings:', 'this is not JSON; make it again with --create-baseline'],
    ['another document', '{"kind": "List"}', 'this is no Baseline; make it again with --create-baseline'],
    [
      'another version',
      '{"kind": "Baseline", "apiVersion": "v2"}',
      'this is no Baseline of nodeport-gate.dev/v1alpha1; make it again with --create-baseline',
    ],
    [
      'no list',
      '{"kind": "Baseline", "apiVersion": "nodeport-gate.dev/v1alpha1", "findings": [1]}',
      'findings: this is no list of texts; make it again with --create-baseline',
    ],
  ])('is refused: %s', async (_, text, message) => {
    await writeFile(join(directory, 'bad.json'), text);
    const ran = await check(OLD, '--baseline', 'bad.json');
    expect([ran.code, ran.out, ran.err]).toEqual([2, '', `bad.json: ${message}\n`]);
  });

  it('is refused when it is not there, or made and used at once', async () => {
    const absent = await check(OLD, '--baseline', 'absent.json');
    expect([absent.code, absent.err]).toEqual([2, 'absent.json: this is not there; check the path\n']);
    const both = await check(OLD, '--baseline', 'baseline.json', '--create-baseline', 'baseline.json');
    expect([both.code, both.err]).toEqual([
      2,
      '--create-baseline: it cannot be made and used at once; leave out --baseline\n',
    ]);
  });
});
