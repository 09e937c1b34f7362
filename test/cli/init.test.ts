import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { POLICY_YAML } from '../../src/wire/yaml-dialects.ts';
import { readYamlDocuments } from '../../src/wire/yaml-documents.ts';
import { type Ran, runCommand } from '../support/command-line.ts';

const root = await mkdtemp(join(tmpdir(), 'nodeport-gate-init-'));
let cwd = '';
let count = 0;

beforeEach(async () => {
  count += 1;
  cwd = join(root, String(count));
  await mkdir(cwd);
});

afterAll(async () => {
  await rm(root, { recursive: true });
});

function run(...args: readonly string[]): Promise<Ran> {
  return runCommand(args, { cwd });
}

const NEXT = `
Next:
  nodeport-gate check .                             # judge the manifests here
  nodeport-gate fix --dry-run .                     # what it would write into them
  nodeport-gate policy show                         # every rule that is on, with its options
  nodeport-gate policy validate nodeport-gate.yaml  # after a change of the policy
`;

describe('init', () => {
  it('writes a policy without problems, warnings or advice, and a schema that accepts it', async () => {
    expect(await run('init')).toEqual({
      code: 0,
      out: `wrote nodeport-gate.yaml and .nodeport-gate.schema.json, with which editors help to write it\n${NEXT}`,
      err: '',
    });
    const text = await readFile(join(cwd, 'nodeport-gate.yaml'), 'utf8');
    const schema = JSON.parse(await readFile(join(cwd, '.nodeport-gate.schema.json'), 'utf8')) as object;
    const validate = new Ajv({ strict: true, strictRequired: false }).compile(schema);
    const { documents } = readYamlDocuments(text, POLICY_YAML);
    const { code, out, err } = await run('policy', 'validate', 'nodeport-gate.yaml');
    expect({ code, err, first: out.split('\n')[0], fits: documents.map(({ value }) => validate(value)) }).toEqual({
      code: 0,
      err: '',
      first: '2 documents are valid',
      fits: [true, true],
    });
    expect(text.match(/^# yaml-language-server: \$schema=.*$/gm)).toEqual(
      documents.map(() => '# yaml-language-server: $schema=.nodeport-gate.schema.json'),
    );
  });

  it('writes examples that are valid once they are no comments', async () => {
    await run('init');
    const text = await readFile(join(cwd, 'nodeport-gate.yaml'), 'utf8');
    const from = text.indexOf('# ---\n');
    await writeFile(join(cwd, 'nodeport-gate.yaml'), text.slice(0, from) + text.slice(from).replaceAll(/^# /gm, ''));
    const { code, out } = await run('policy', 'validate', 'nodeport-gate.yaml');
    expect([code, out.split('\n')[0]]).toEqual([0, '4 documents are valid']);
  });

  it('names the schema of the package where that is installed', async () => {
    const installed = join(cwd, 'node_modules/nodeport-gate/docs');
    await mkdir(installed, { recursive: true });
    await writeFile(join(installed, 'policy.schema.json'), '{}');
    expect(await run('init', '.')).toEqual({ code: 0, out: `wrote nodeport-gate.yaml\n${NEXT}`, err: '' });
    const text = await readFile(join(cwd, 'nodeport-gate.yaml'), 'utf8');
    expect([text.split('\n')[0], (await readdir(cwd)).sort()]).toEqual([
      '# yaml-language-server: $schema=node_modules/nodeport-gate/docs/policy.schema.json',
      ['node_modules', 'nodeport-gate.yaml'],
    ]);
  });

  it('names the policy in the next steps where commands do not look for it', async () => {
    await mkdir(join(cwd, 'my policies'));
    const { out } = await run('init', 'my policies/x.yaml');
    expect(out.split('\n').slice(3, 5)).toEqual([
      "  nodeport-gate check -p 'my policies/x.yaml' .          # judge the manifests here",
      "  nodeport-gate fix -p 'my policies/x.yaml' --dry-run .  # what it would write into them",
    ]);
  });

  it('overwrites nothing', async () => {
    await writeFile(join(cwd, 'nodeport-gate.yaml'), 'mine');
    const err =
      'nodeport-gate.yaml: this is there already and stays as it is; remove it for a new one, or name another file\n';
    expect([await run('init'), await run('init', 'nodeport-gate.yaml')]).toEqual([
      { code: 2, out: '', err },
      { code: 2, out: '', err },
    ]);
    expect([await readFile(join(cwd, 'nodeport-gate.yaml'), 'utf8'), await readdir(cwd)]).toEqual([
      'mine',
      ['nodeport-gate.yaml'],
    ]);
  });

  it('does not follow a link that leads nowhere', async () => {
    await symlink('elsewhere.yaml', join(cwd, 'nodeport-gate.yaml'));
    const { code } = await run('init');
    expect([code, await readdir(cwd)]).toEqual([2, ['nodeport-gate.yaml']]);
  });

  it.each([
    ['none', 'none: this is not there; name a directory, or a file that ends in .yaml\n'],
    ['none/x.yaml', 'none/x.yaml: its directory is not there; make it first\n'],
  ])('refuses %s', async (path, err) => {
    expect(await run('init', path)).toEqual({ code: 2, out: '', err });
  });
});

describe('kubectl nodeport', () => {
  it('calls itself what the user calls it', async () => {
    await symlink(await realpath(resolve('src/main.ts')), join(cwd, 'kubectl-nodeport'));
    const start = (...args: readonly string[]): readonly unknown[] => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [join(cwd, 'kubectl-nodeport'), ...args], {
        cwd,
        encoding: 'utf8',
      });
      return [status, stdout.split('\n')[0], stderr.split('\n').at(-2)];
    };
    expect([start('--help'), start('free', '--help'), start('fre'), start('init')]).toEqual([
      [0, 'Usage: kubectl nodeport [options] [command]', undefined],
      [0, 'Usage: kubectl nodeport free [options]', undefined],
      [2, '', 'Run kubectl nodeport --help for the commands and flags.'],
      [0, 'wrote nodeport-gate.yaml and .nodeport-gate.schema.json, with which editors help to write it', undefined],
    ]);
  });
});
