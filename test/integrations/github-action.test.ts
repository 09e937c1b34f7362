import { existsSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runCommand } from '../support/command-line.ts';
import { action, type ActionEnded, runAction } from './support/composite-action.ts';
import { BAD, BAD_MESSAGE, GOOD, makeRepository, service } from './support/repository.ts';

const made: string[] = [];
afterAll(() => Promise.all(made.map((directory) => rm(directory, { recursive: true }))));

async function inRepository(
  files: Readonly<Record<string, string>>,
  inputs: Readonly<Record<string, string>> = {},
): Promise<ActionEnded & { readonly cwd: string }> {
  const cwd = await makeRepository(files);
  made.push(cwd);
  return { ...(await runAction(cwd, inputs)), cwd };
}

const annotation = (file: string): string =>
  `::error file=${file},line=9,endLine=9,col=17,endColumn=22,title=node-port-range::shop/web: ${BAD_MESSAGE}`;

describe('the GitHub action', () => {
  it('puts no input, nor anything else, into a script', () => {
    expect(action.runs.steps.filter(({ run }) => run.includes('${{'))).toEqual([]);
  });

  it('hands every input to its script', () => {
    const handed = action.runs.steps.flatMap(({ env }) => Object.values(env));
    expect(handed).toEqual(Object.keys(action.inputs).map((name) => `\${{ inputs.${name} }}`));
  });

  it('annotates what is denied, fails, and says so in outputs and summary', async () => {
    const { cwd, ...ended } = await inRepository({ 'bad.yaml': BAD, 'good.yaml': GOOD });
    expect(ended).toEqual({
      code: 1,
      out: `${annotation('bad.yaml')}\nnodeport-gate: 2 objects: 1 allowed, 1 denied; 2 documents skipped; 1 to fix (deny)\n`,
      err: '',
      outputs: { 'exit-code': '1', findings: '1', 'sarif-file': '' },
      summary: expect.stringMatching(/^### nodeport-gate: denied\n/) as unknown,
    });
    expect((await readdir(cwd)).sort()).toEqual(['bad.yaml', 'good.yaml', 'nodeport-gate.yaml']);
  });

  it('is content with what is allowed', async () => {
    expect(await inRepository({ 'good.yaml': GOOD })).toMatchObject({
      code: 0,
      out: 'nodeport-gate: 1 object: 1 allowed, 0 denied; 2 documents skipped\n',
      outputs: { 'exit-code': '0', findings: '0', 'sarif-file': '' },
    });
  });

  it('writes SARIF where it is told', async () => {
    const { cwd, outputs } = await inRepository({ 'bad.yaml': BAD }, { 'sarif-file': 'node ports.sarif' });
    expect(outputs).toEqual({ 'exit-code': '1', findings: '1', 'sarif-file': 'node ports.sarif' });
    expect(JSON.parse(await readFile(join(cwd, 'node ports.sarif'), 'utf8'))).toMatchObject({
      version: '2.1.0',
      runs: [{ results: [{ ruleId: 'node-port-range', locations: [{}] }] }],
    });
  });

  it('takes lists a line each, with whatever is in the names', async () => {
    const ended = await inRepository(
      {
        'my policies/a.yaml': policy('NodePortPolicy', 'a', '{preset: baseline}'),
        'b.yaml': policy('NodePortPool', 'b', '{ports: ["30100-30199"], namespaces: [shop]}'),
        'held.json': JSON.stringify({ kind: 'List', apiVersion: 'v1', items: [held('first', 30_111)] }),
        'more.json': JSON.stringify({ kind: 'List', apiVersion: 'v1', items: [held('second', 30_112)] }),
        'one dir/x.yaml': service('front', '30111'),
        '-y.yaml': service('back', '30112'),
        '$(touch pwned).yaml': service('odd', '30113'),
        'skipped/bad.yaml': BAD,
      },
      {
        paths: 'one dir\r\n\n-y.yaml\n$(touch pwned).yaml\nskipped\n',
        policy: 'my policies\nb.yaml',
        inventory: 'held.json\nmore.json\n',
        exclude: 'skipped/*\n',
      },
    );
    expect(ended.out.match(/(?<=::shop\/)\w+: \S+ \d+ is held by \S+/g)).toEqual([
      'front: spec.ports[0].nodePort: 30111 is held by other/first',
      'back: spec.ports[0].nodePort: 30112 is held by other/second',
    ]);
    expect(ended).toMatchObject({ code: 1, outputs: { findings: '2' } });
    expect(existsSync(join(ended.cwd, 'pwned'))).toBe(false);
  });

  it.each<[input: string, value: string, err: string]>([
    ['fail-on', 'nothing', '--fail-on: nothing is no level; use deny or warn\n'],
    ['namespace', '$(touch pwned)', ''],
    ['namespace', '`touch pwned`"; touch pwned #', ''],
    ['policy', '$(touch pwned)\n"; touch pwned; "', ''],
    ['baseline', '--exit-zero', '--exit-zero: this is not there; check the path\n'],
    ['fail-on', '-o json', '--fail-on: -o json is no level; use deny or warn\n'],
  ])('runs nothing that stands in %s: %j', async (input, value, err) => {
    const { cwd, ...ended } = await inRepository({ 'bad.yaml': BAD }, { [input]: value });
    expect(ended).toMatchObject({ code: 2, out: '', outputs: { 'exit-code': '2', findings: '', 'sarif-file': '' } });
    expect(ended.err).toContain(err);
    expect((await readdir(cwd)).sort()).toEqual(['bad.yaml', 'nodeport-gate.yaml']);
  });

  it('lets no file name make an output of its own', async () => {
    const { outputs } = await inRepository({ 'good.yaml': GOOD }, { 'sarif-file': 'a.sarif\nexit-code=7' });
    expect(outputs).toEqual({ 'exit-code': '0', findings: '0', 'sarif-file': 'a.sarifexit-code=7' });
  });

  it('says what could not be read', async () => {
    expect(await inRepository({ 'bad.yaml': BAD, 'broken.yaml': 'kind: Service\n\tx' })).toMatchObject({
      code: 2,
      outputs: { 'exit-code': '2', findings: '1' },
      out: expect.stringContaining('::error file=broken.yaml,line=2,') as unknown,
    });
  });

  it('does not count what the baseline knows', async () => {
    const cwd = await makeRepository({ 'bad.yaml': BAD });
    made.push(cwd);
    await runCommand(['check', '--create-baseline', 'known.json'], { cwd });
    expect(await runAction(cwd, { baseline: 'known.json' })).toMatchObject({ code: 0, outputs: { findings: '0' } });
  });
});

function policy(kind: string, name: string, spec: string): string {
  return `apiVersion: nodeport-gate.dev/v1alpha1\nkind: ${kind}\nmetadata: {name: ${name}}\nspec: ${spec}\n`;
}

function held(name: string, nodePort: number): object {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'other' },
    spec: { type: 'NodePort', ports: [{ port: 80, nodePort, protocol: 'TCP' }] },
  };
}
