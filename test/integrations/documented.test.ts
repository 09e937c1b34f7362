import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { runCommand } from '../support/command-line.ts';
import { action } from './support/composite-action.ts';
import { BAD, GOOD, makeRepository } from './support/repository.ts';
import { GATE_SCRIPT, pathWith, ROOT, runProcess } from './support/run-process.ts';

const page = readFileSync(join(ROOT, 'docs/ci.md'), 'utf8');

/** The contents of the fenced blocks of a language, without the indentation of the fence. */
function blocks(language: string): readonly string[] {
  const fences = page.matchAll(/^( *)```(\w*)\n([\s\S]*?)^\1```$/gm);
  return [...fences].flatMap(([, indent = '', tag, text = '']) =>
    tag === language ? [text.replaceAll(new RegExp(`^${indent}`, 'gm'), '')] : [],
  );
}

const made: string[] = [];
afterAll(() => Promise.all(made.map((directory) => rm(directory, { recursive: true }))));

describe('docs/ci.md', () => {
  it.each(blocks('sh').map((block) => [block]))('says how to run\n%s', async (block) => {
    const cwd = await makeRepository({
      'manifests/good.yaml': GOOD,
      'nodeport-gate.baseline.json': '{"apiVersion":"nodeport-gate.dev/v1alpha1","kind":"Baseline","findings":[]}',
      'clusters/production/nodeport-gate.yaml': POLICY,
    });
    made.push(cwd);
    const printing = `cat '${cwd}/manifests/good.yaml'`;
    const kubectl = `echo '{"apiVersion":"v1","kind":"List","items":[]}'`;
    const PATH = await pathWith(cwd, {
      'nodeport-gate': GATE_SCRIPT,
      helm: printing,
      kustomize: printing,
      flux: printing,
      kubectl,
    });
    const { code, err } = await runProcess('bash', ['-e', '-o', 'pipefail', '-c', block], { cwd, env: { PATH } });
    expect({ code, err: err.replaceAll(/^.* written; use it with --baseline\n/gm, '') }).toEqual({
      code: 0,
      err: block.includes('nodeport-gate fix') ? '0 changes would be made\n0 changes made\n' : '',
    });
  });

  it('shows what a finding looks like', async () => {
    const cwd = await makeRepository({ 'bad.yaml': BAD });
    made.push(cwd);
    const { out } = await runCommand(['check', '.'], { cwd });
    // The last line has the hash of the policy.
    expect(blocks('text')).toEqual([out.replace(/.*\n$/, '')]);
  });

  it('uses hooks that there are', () => {
    const [config] = yamlWith('repos:');
    const used = z.object({ repos: z.array(z.object({ hooks: z.array(z.object({ id: z.string() })) })) }).parse(config);
    const ids = idsOf(parse(readFileSync(join(ROOT, '.pre-commit-hooks.yaml'), 'utf8')));
    expect(used.repos.flatMap(({ hooks }) => hooks.map(({ id }) => id)).filter((id) => !ids.includes(id))).toEqual([]);
    expect(ids.filter((id) => !page.includes(`- \`${id}\` `))).toEqual([]);
  });

  it('uses inputs and outputs of the action that there are, and lists them all', () => {
    const [workflow] = yamlWith('jobs:');
    const steps = z
      .object({ jobs: z.object({ check: z.object({ steps: z.array(z.record(z.string(), z.unknown())) }) }) })
      .parse(workflow).jobs.check.steps;
    const given = steps.find(({ uses }) => String(uses).startsWith('OWNER/nodeport-gate@'))?.['with'];
    expect(Object.keys(Object(given)).filter((name) => !(name in action.inputs))).toEqual([]);
    const outputs = [...JSON.stringify(steps).matchAll(/steps\.gate\.outputs\.([\w-]+)/g)].map(([, name = '']) => name);
    expect(outputs.filter((name) => !(name in action.outputs))).toEqual([]);
    expect(rowsBelow('input')).toEqual(Object.keys(action.inputs));
    expect(rowsBelow('output')).toEqual(Object.keys(action.outputs));
  });

  it('uses variables of the GitLab job that there are', () => {
    const [pipeline] = yamlWith('include:');
    const schema = z.object({ 'nodeport-gate': z.object({ variables: z.record(z.string(), z.string()) }) });
    const used = Object.keys(schema.parse(pipeline)['nodeport-gate'].variables);
    const job = schema.parse(
      parse(readFileSync(join(ROOT, 'integrations/gitlab/nodeport-gate.gitlab-ci.yml'), 'utf8')),
    );
    expect(used.filter((name) => !(name in job['nodeport-gate'].variables))).toEqual([]);
  });
});

const POLICY = `apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPolicy
metadata: {name: production}
spec: {preset: baseline}
`;

function yamlWith(text: string): readonly unknown[] {
  return blocks('yaml')
    .filter((block) => block.includes(text))
    .map((block) => parse(block) as unknown);
}

function idsOf(hooks: unknown): readonly string[] {
  return z
    .array(z.object({ id: z.string() }))
    .parse(hooks)
    .map(({ id }) => id);
}

/** The first cells, in backquotes, of the table with that heading. */
function rowsBelow(heading: string): readonly string[] {
  const [, rows = ''] = new RegExp(`^\\| ${heading} .*\\n\\|[- |]*\\n((?:\\|.*\\n)*)`, 'm').exec(page) ?? [];
  return [...rows.matchAll(/^\| `([\w-]+)`/gm)].map(([, cell = '']) => cell);
}
