import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BASELINE } from './support/baseline.ts';
import { type ControlPlane, makeNamespace, startControlPlane } from './support/control-plane.ts';
import type { GateProcess } from './support/gate-process.ts';
import { type Installation, install } from './support/installation.ts';
import { openIn } from './support/steps.ts';
import { CERT_SECRET } from './support/rotate.ts';
import { certificateSecret } from './support/certificate-secret.ts';
import { asNodePort, create, run, take } from './support/steps.ts';

/** What the image runs, `dist/nodeport-gate.js`, in place of `src/main.ts`. */
const POLICY = `${BASELINE}---
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPool
metadata: {name: shop}
spec: {ports: ["30100-30129"], namespaces: [shop], contact: shop@example.com}
`;

const ROOT = join(import.meta.dirname, '../..');
const ENTRY = join(ROOT, 'dist/nodeport-gate.js');
const node = async (...args: readonly string[]): Promise<string> =>
  (await promisify(execFile)(process.execPath, args, { cwd: ROOT })).stdout;

let cluster: ControlPlane;
let installed: Installation;
let gate: GateProcess;

beforeAll(async () => {
  await node('node_modules/.bin/rolldown', '-c');
  cluster = await startControlPlane();
  await makeNamespace(cluster.kubectl, 'shop');
  installed = await install(cluster, { replicas: 1, policy: POLICY, entry: ENTRY });
  const [only] = installed.gates;
  if (only === undefined) throw new Error('there is no gate');
  gate = only;
});

afterAll(async () => {
  await installed.stop();
  await cluster.stop();
});

it('is ready', async () => {
  expect((await gate.readyz())?.status).toBe(200);
});

it('assigns a number, and says who holds it', async () => {
  await take(cluster.kubectl, 'shop', create('web', asNodePort()));
  expect(await openIn(cluster.kubectl, 'shop')).toEqual(['web 30122']);
  expect(await run(cluster.kubectl, 'shop', create('other', asNodePort(30_122)))).toEqual({
    status: 1,
    stdout: '',
    stderr:
      'Error from server (Forbidden): error when creating "STDIN": admission webhook "mutate.nodeport-gate.dev" denied ' +
      'the request: spec.ports[0].nodePort: 30122 is held by shop/web (port http), pool shop, contact shop@example.com; ' +
      'use 30127, 30120 or 30123 [node-port-conflict]\n',
  });
});

it('shows the certificate in the Secret', async () => {
  const place = [`--cert-secret=${CERT_SECRET}`, `--kubeconfig=${cluster.apiServer.kubeconfig}`];
  const shown = await node(ENTRY, 'certs', 'show', ...place);
  const { 'tls.crt': leaf = '', 'ca.crt': authority = '' } = await certificateSecret(cluster.kubectl);
  const fingerprints = [...shown.matchAll(/^ {2}fingerprint {2}SHA-256 (.*)$/gm)].map(([, print]) => print);
  expect(fingerprints).toEqual([leaf, authority].map((pem) => new X509Certificate(pem).fingerprint256));
});

it('ends well on SIGTERM', async () => {
  expect(await gate.stop()).toBe(0);
});
