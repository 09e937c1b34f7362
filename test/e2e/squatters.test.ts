import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ControlPlane, makeNamespace, startControlPlane } from './support/control-plane.ts';
import { type Installation, install } from './support/installation.ts';
import { asExternalName, asNodePort, create, http, openIn, patch, run, take } from './support/steps.ts';

/** shop/web wants 30103 most of these four, then 30100. */
const POLICY = `
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPolicy
metadata: {name: default}
spec: {preset: baseline}
---
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPool
metadata: {name: shop}
spec: {ports: ["30100-30103"], namespaces: [shop]}
`;

let cluster: ControlPlane;
let installed: Installation;

beforeAll(async () => {
  cluster = await startControlPlane();
  for (const namespace of ['attic', 'shop']) await makeNamespace(cluster.kubectl, namespace);
  await take(cluster.kubectl, 'attic', create('old', asExternalName(30_103)));
  // What the API server does every three minutes it does at its start, too: it marks all numbers that it finds.
  await cluster.apiServer.kill('SIGKILL');
  await cluster.apiServer.start();
  installed = await install(cluster, { replicas: 1, policy: POLICY });
});

afterAll(async () => {
  await installed.stop();
  await cluster.stop();
});

async function remarks(): Promise<unknown> {
  const answer = await installed.gates[0]?.readyz();
  return (answer?.body as { readonly remarks?: readonly string[] } | undefined)?.remarks;
}

describe('a number that an ExternalName carries since before the gate', () => {
  it('cannot be had from the API server, which names nobody, and is remarked', async () => {
    const { stderr } = await run(cluster.kubectl, 'shop', create('other', asNodePort(30_103)));
    expect(stderr).toBe(
      'The Service "other" is invalid: spec.ports[0].nodePort: Invalid value: 30103: provided port is already allocated\n',
    );
    expect(await remarks()).toEqual([
      '1 number is carried by ExternalName Services (attic/old), which Kubernetes counts as taken; set it to 0',
    ]);
  });

  it('is not assigned to the Service that wants it most', async () => {
    await take(cluster.kubectl, 'shop', create('web', asNodePort()));
    expect(await openIn(cluster.kubectl, 'shop')).toEqual(['web 30100']);
  });

  it('can be taken away, and then nothing is remarked', async () => {
    await take(cluster.kubectl, 'attic', patch('old', { spec: { ports: [http(0)] } }));
    await expect.poll(remarks, { timeout: 10_000 }).toBe(undefined);
  });
});
