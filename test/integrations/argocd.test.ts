import { readFileSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { runCommand } from '../support/command-line.ts';
import { BAD, badInWords, GOOD, makeRepository, service } from './support/repository.ts';
import { type Ended, GATE_SCRIPT, pathWith, ROOT, runProcess } from './support/run-process.ts';

const plugin = z
  .strictObject({
    apiVersion: z.literal('argoproj.io/v1alpha1'),
    kind: z.literal('ConfigManagementPlugin'),
    metadata: z.strictObject({ name: z.string() }),
    spec: z.strictObject({ generate: z.strictObject({ command: z.array(z.string()), args: z.array(z.string()) }) }),
  })
  .parse(parse(readFileSync(join(ROOT, 'integrations/argocd/plugin.yaml'), 'utf8')));

const made: string[] = [];
afterAll(() => Promise.all(made.map((directory) => rm(directory, { recursive: true }))));

/** What Argo CD does in the directory of an application, with that policy of the cluster. */
async function generate(
  files: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const cluster = await makeRepository({});
  const source = await makeRepository({ 'nodeport-gate.yaml': LENIENT, ...files });
  made.push(cluster, source);
  // A PATH of the sidecar: the tools say what they are asked, and print what is in `rendered`.
  const tool = (name: string): string => `echo "${name} $*" >&2; cat rendered`;
  const PATH = await pathWith(cluster, {
    helm: tool('helm'),
    kustomize: tool('kustomize'),
    'nodeport-gate': GATE_SCRIPT,
  });
  await mkdir(join(cluster, 'tmp'));
  const [command = '', ...args] = [...plugin.spec.generate.command, ...plugin.spec.generate.args].map((word) =>
    // Where the sidecar mounts it.
    word.replace('--policy /policy ', `--policy '${cluster}/nodeport-gate.yaml' `),
  );
  const ended = await runProcess(command, args, {
    cwd: source,
    env: { ARGOCD_APP_NAME: 'shop', ARGOCD_APP_NAMESPACE: 'shop', PATH, TMPDIR: join(cluster, 'tmp'), ...env },
  });
  expect(await readdir(join(cluster, 'tmp'))).toEqual([]);
  return ended;
}

/** What the author of the application would rather have. */
const LENIENT = `apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPolicy
metadata: {name: mine}
spec: {preset: none}
`;
const KUSTOMIZATION = 'resources: [good.yaml]\n';
const ALLOWED = '1 object: 1 allowed, 0 denied\n';

describe('the plugin for Argo CD', () => {
  it.each<[kind: string, files: Readonly<Record<string, string>>, asked: string]>([
    ['kustomization', { 'kustomization.yaml': KUSTOMIZATION, rendered: GOOD }, 'kustomize build .\n'],
    ['kustomization.yml', { 'kustomization.yml': KUSTOMIZATION, rendered: GOOD }, 'kustomize build .\n'],
    ['Kustomization', { Kustomization: KUSTOMIZATION, rendered: GOOD }, 'kustomize build .\n'],
    ['chart', { 'Chart.yaml': '', rendered: GOOD }, 'helm template shop . --namespace shop --include-crds\n'],
  ])('passes on what a %s gives, byte for byte, and nothing else', async (_kind, files, asked) => {
    const { code, out, err } = await generate(files);
    expect({ code, out }).toEqual({ code: 0, out: GOOD });
    expect(err.startsWith(`${asked}${ALLOWED}`)).toBe(true);
  });

  it('renders a chart as Argo CD does: for this cluster, by the name of the application, with its dependencies', async () => {
    const { code, out, err } = await generate(
      { 'Chart.yaml': '', 'Chart.lock': '', rendered: GOOD },
      { ARGOCD_APP_NAME: 'team_shop', KUBE_VERSION: '1.35', KUBE_API_VERSIONS: 'v1,apps/v1' },
    );
    expect({ code, out }).toEqual({ code: 0, out: GOOD });
    expect(err).toContain('helm dependency build\n');
    expect(err).toContain(
      'helm template shop . --namespace shop --include-crds --kube-version 1.35 --api-versions v1,apps/v1\n',
    );
  });

  it('passes on plain manifests as one stream', async () => {
    const second = service('second', '30101').trimEnd();
    const third = JSON.stringify(parse(service('third', '30102')));
    const { code, out } = await generate({ 'a b.yaml': GOOD, 'b.yml': second, 'c.json': third, 'sub/bad.yaml': BAD });
    expect({ code, documents: out.split(/^---$/m).flatMap((text) => nameIn(parse(text))) }).toEqual({
      code: 0,
      documents: ['api', 'mine', 'second', 'third'],
    });
  });

  it('gives no manifests when something is denied, and the findings as the reason', async () => {
    const { code, out, err } = await generate({ 'kustomization.yaml': KUSTOMIZATION, rendered: BAD });
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(badInWords('shop'));
  });

  it('gives no manifests when they cannot be rendered', async () => {
    const { code, out, err } = await generate({ 'kustomization.yaml': KUSTOMIZATION });
    expect({ code, out, err }).toEqual({
      code: 1,
      out: '',
      err: expect.stringMatching(/^kustomize build \.\ncat: /) as unknown,
    });
  });

  it('gives no manifests when they cannot be read', async () => {
    const { code, out } = await generate({ 'kustomization.yaml': KUSTOMIZATION, rendered: 'kind: Service\n\tx' });
    expect({ code, out }).toEqual({ code: 2, out: '' });
  });

  it('comes with a policy that is valid', async () => {
    const { code, err } = await runCommand(['policy', 'validate', 'policy.yaml'], {
      cwd: join(ROOT, 'integrations/argocd'),
    });
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });

  it('knows the namespace of the application', async () => {
    const bare = GOOD.replace(', namespace: shop', '').replace('30100', '29999');
    const { err } = await generate({ 'kustomization.yaml': '', rendered: bare }, { ARGOCD_APP_NAMESPACE: 'shop' });
    expect(err).toContain('  shop/api: denied\n');
  });

  it('judges an application without a namespace in default', async () => {
    const bare = GOOD.replace(', namespace: shop', '').replace('30100', '29999');
    const { err } = await generate({ 'kustomization.yaml': '', rendered: bare }, { ARGOCD_APP_NAMESPACE: '' });
    expect(err).toContain('  default/api: denied\n');
  });
});

function nameIn(document: unknown): readonly string[] {
  const parsed = z.object({ metadata: z.object({ name: z.string() }) }).safeParse(document);
  return parsed.success ? [parsed.data.metadata.name] : [];
}
