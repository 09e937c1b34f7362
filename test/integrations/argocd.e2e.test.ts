import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { runEnvironment } from '../e2e/support/run-environment.ts';
import { makeRepository } from './support/repository.ts';
import { ROOT, runProcess } from './support/run-process.ts';

/** As far as Argo CD's own manifest matters here. */
const REPO_SERVER = `apiVersion: apps/v1
kind: Deployment
metadata: {name: argocd-repo-server}
spec:
  template:
    spec:
      containers: [{name: argocd-repo-server, image: argocd}]
      volumes: [{name: var-files, emptyDir: {}}, {name: plugins, emptyDir: {}}]
`;

const podSchema = z.object({
  containers: z.array(
    z.looseObject({ name: z.string(), volumeMounts: z.array(z.looseObject({ name: z.string() })).default([]) }),
  ),
  volumes: z.array(z.looseObject({ name: z.string(), configMap: z.object({ name: z.string() }).optional() })),
});

let cwd = '';
afterAll(() => rm(cwd, { recursive: true }));

it('the component for Argo CD adds the sidecar beside the repo server, with all that it mounts', async () => {
  cwd = await makeRepository({
    'repo-server.yaml': REPO_SERVER,
    'kustomization.yaml': 'resources: [repo-server.yaml]\ncomponents: [nodeport-gate]\n',
  });
  await mkdir(join(cwd, 'nodeport-gate'));
  await cp(join(ROOT, 'integrations/argocd'), join(cwd, 'nodeport-gate'), { recursive: true });
  await writeFile(join(cwd, 'nodeport-gate/policy.yaml'), 'kind: mine\n');
  const { code, out, err } = await runProcess(runEnvironment().binaries.kubectl, ['kustomize', '.'], { cwd });
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const documents = parseAllDocuments(out).map((document) => document.toJS() as unknown);
  const maps = documents.flatMap((document) => {
    const map = z
      .object({ metadata: z.object({ name: z.string() }), data: z.record(z.string(), z.string()) })
      .safeParse(document);
    return map.success ? [map.data] : [];
  });
  const [pod] = documents.flatMap((document) => {
    const deployment = z.object({ spec: z.object({ template: z.object({ spec: podSchema }) }) }).safeParse(document);
    return deployment.success ? [deployment.data.spec.template.spec] : [];
  });
  expect(pod?.containers.map(({ name }) => name).sort()).toEqual(['argocd-repo-server', 'nodeport-gate']);
  const mounted = pod?.containers.flatMap(({ volumeMounts }) => volumeMounts.map(({ name }) => name));
  const volumes = pod?.volumes.map(({ name }) => name);
  expect(mounted?.toSorted()).toEqual(volumes?.toSorted());
  expect(pod?.volumes.flatMap(({ configMap }) => configMap?.name ?? []).toSorted()).toEqual(
    maps.map(({ metadata }) => metadata.name).toSorted(),
  );
  expect(maps.map(({ data }) => Object.keys(data))).toEqual([['plugin.yaml'], ['policy.yaml']]);
  expect(maps[1]?.data['policy.yaml']).toBe('kind: mine\n');
});
