import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BASELINE } from './support/baseline.ts';
import { certificateSecret } from './support/certificate-secret.ts';
import { type ControlPlane, makeNamespace, startControlPlane } from './support/control-plane.ts';
import { type Installation, install } from './support/installation.ts';
import { succeed } from './support/kubectl.ts';
import { asNodePort, create, take } from './support/steps.ts';

/** What the running gates keep in the cluster comes back when somebody takes it away. */
const CONFIGURATIONS = ['mutatingwebhookconfiguration', 'validatingwebhookconfiguration'] as const;
const SECRET = ['secret/nodeport-gate-certs', '-n', 'nodeport-gate'] as const;
const POLL = { timeout: 5000, interval: 50 };

interface Configuration {
  readonly metadata: object;
  readonly webhooks: readonly { readonly clientConfig: { readonly caBundle?: string } }[];
}

let cluster: ControlPlane;
let installed: Installation;
let processes: readonly number[];

const running = (): readonly number[] =>
  installed.gates.flatMap((gate) => (gate.child().isRunning() ? [gate.child().pid] : []));

beforeAll(async () => {
  cluster = await startControlPlane();
  await makeNamespace(cluster.kubectl, 'shop');
  installed = await install(cluster, { replicas: 2, policy: BASELINE });
  processes = running();
});

afterAll(async () => {
  await installed.stop();
  await cluster.stop();
});

async function configuration(kind: string): Promise<Configuration> {
  const text = await succeed(cluster.kubectl, ['get', kind, 'zz-nodeport-gate', '-o', 'json']);
  return JSON.parse(text) as Configuration;
}

async function bundles(): Promise<readonly (string | undefined)[]> {
  const found = await Promise.all(CONFIGURATIONS.map(configuration));
  return found.flatMap(({ webhooks }) => webhooks.map(({ clientConfig }) => clientConfig.caBundle));
}

/** `kubectl replace` with the configuration as the manifests have it: without a caBundle. */
async function removeBundles(kind: string): Promise<void> {
  const { webhooks, ...rest } = await configuration(kind);
  const without = webhooks.map(({ clientConfig: { caBundle: _, ...clientConfig }, ...webhook }) => ({
    ...webhook,
    clientConfig,
  }));
  const metadata = { name: 'zz-nodeport-gate' };
  const stdin = JSON.stringify({ ...rest, metadata, webhooks: without });
  const replaced = await succeed(cluster.kubectl, ['replace', '-f', '-', '-o', 'json'], { stdin });
  const { webhooks: now } = JSON.parse(replaced) as Configuration;
  expect(now.map(({ clientConfig }) => clientConfig.caBundle)).toEqual(webhooks.map(() => undefined));
}

it('caBundle of both configurations', async () => {
  const before = await bundles();
  expect(before).toHaveLength(2);
  expect(before).not.toContain(undefined);
  for (const kind of CONFIGURATIONS) await removeBundles(kind);
  await expect.poll(bundles, POLL).toEqual(before);
  await expect.poll(async () => take(cluster.kubectl, 'shop', create('web', asNodePort())), POLL).toContain('created');
  expect(running()).toEqual(processes);
});

it('the Secret, with the same certificate', async () => {
  const identity = async (): Promise<unknown> => {
    const { 'tls.crt': certificate = '', ...rest } = await certificateSecret(cluster.kubectl);
    return { fingerprint: new X509Certificate(certificate).fingerprint256, rest };
  };
  const uid = (): Promise<string> => succeed(cluster.kubectl, ['get', ...SECRET, '-o', 'jsonpath={.metadata.uid}']);
  const [before, uidBefore] = [await identity(), await uid()];
  await succeed(cluster.kubectl, ['delete', ...SECRET]);
  await expect.poll(identity, POLL).toEqual(before);
  expect(await uid()).not.toBe(uidBefore);
  const trusted = (await certificateSecret(cluster.kubectl))['ca.crt'] ?? '';
  expect(await bundles()).toEqual([0, 1].map(() => Buffer.from(trusted).toString('base64')));
  expect(running()).toEqual(processes);
});
