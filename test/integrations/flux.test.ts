import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { runAction } from './support/composite-action.ts';
import { BAD, GOOD, makeRepository } from './support/repository.ts';
import { pathWith, ROOT, runProcess } from './support/run-process.ts';

const read = (file: string): string => readFileSync(join(ROOT, 'integrations/flux', file), 'utf8');

const kustomizations = parseAllDocuments(read('kustomizations.yaml')).map((document) =>
  z
    .strictObject({
      apiVersion: z.literal('kustomize.toolkit.fluxcd.io/v1'),
      kind: z.literal('Kustomization'),
      metadata: z.strictObject({ name: z.string(), namespace: z.string() }),
      spec: z.strictObject({
        dependsOn: z.array(z.strictObject({ name: z.string() })).default([]),
        interval: z.string(),
        retryInterval: z.string(),
        timeout: z.string(),
        sourceRef: z.strictObject({ kind: z.literal('GitRepository'), name: z.string() }),
        path: z.string(),
        prune: z.boolean(),
        wait: z.boolean().default(false),
      }),
    })
    .parse(document.toJS()),
);

const step = z.looseObject({ run: z.string() });
const use = z.looseObject({ uses: z.string(), with: z.record(z.string(), z.string()) });
const { steps } = z
  .looseObject({ jobs: z.object({ check: z.looseObject({ steps: z.array(z.unknown()) }) }) })
  .parse(parse(read('check.github-workflow.yaml'))).jobs.check;

const made: string[] = [];
afterAll(() => Promise.all(made.map((directory) => rm(directory, { recursive: true }))));

describe('the example for Flux', () => {
  it('brings up the gate, and waits for it, before what it judges', () => {
    expect(kustomizations.map(({ metadata, spec }) => [metadata.name, spec.dependsOn, spec.wait])).toEqual([
      ['nodeport-gate', [], true],
      ['apps', [{ name: 'nodeport-gate' }], false],
    ]);
  });

  it('renders a cluster and judges it with the policy of that cluster', async () => {
    const cwd = await makeRepository({
      'clusters/staging/nodeport-gate.yaml': 'this one is not read',
      'clusters/production/apps.yaml': '',
      'clusters/production/infrastructure.yaml': '',
      'clusters/production/nodeport-gate.yaml': STRICTER,
      'apps/production/bad.yaml': BAD,
      'apps/staging/bad.yaml': BAD,
      'infrastructure/production/good.yaml': GOOD,
    });
    made.push(cwd);
    const flux = 'test "$1 $2 $4 $5 $7" = "build kustomization --dry-run --path --kustomization-file"; cat "$8" "$6"/*';
    const PATH = await pathWith(cwd, { flux });
    const { run } = step.parse(steps[2]);
    const rendering = await runProcess('bash', ['-e', '-o', 'pipefail', '-c', run], {
      cwd,
      env: { PATH, CLUSTER: 'production' },
    });
    expect(rendering).toEqual({ code: 0, out: '', err: '' });
    const { with: inputs } = use.parse(steps[3]);
    const ofProduction = Object.entries(inputs).map(([name, value]) => [
      name,
      value.replaceAll('${{ matrix.cluster }}', 'production'),
    ]);
    const { code, out } = await runAction(cwd, Object.fromEntries(ofProduction) as Record<string, string>);
    expect({ code, out: out.replace(/; use .*/, '') }).toEqual({
      code: 1,
      out:
        '::error file=rendered/production/apps.yaml,line=9,endLine=9,col=17,endColumn=22,title=node-port-range::' +
        'shop/web: spec.ports[0].nodePort: 29999 is outside 30100-30101\n' +
        'nodeport-gate: 2 objects: 1 allowed, 1 denied; 1 to fix (deny)\n',
    });
  });
});

const STRICTER = `apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPolicy
metadata: {name: production}
spec: {rules: {node-port-range: {ranges: ["30100-30101"]}}}
`;
