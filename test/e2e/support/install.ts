import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { Access, ApiServer } from './api-server.ts';
import { waitFor } from './child.ts';
import { type Kubectl, succeed } from './kubectl.ts';
import { create, asExternalName, run } from './steps.ts';

/** An object of a manifest. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly webhooks?: readonly Webhook[];
}

export interface Webhook {
  readonly name: string;
  readonly clientConfig: { readonly service?: { readonly path?: string }; readonly url?: string };
}

const MANIFESTS = join(import.meta.dirname, '../../../manifests');

/** What `kubectl apply -k manifests/DIRECTORY` would apply. */
export async function render(kubectl: Kubectl, directory: string): Promise<readonly Manifest[]> {
  return documentsOf(await succeed(kubectl, ['kustomize', join(MANIFESTS, directory)]));
}

/** The objects of a file below manifests/. */
export async function read(file: string): Promise<readonly Manifest[]> {
  return documentsOf(await readFile(join(MANIFESTS, file), 'utf8'));
}

function documentsOf(text: string): readonly Manifest[] {
  return parseAllDocuments(text).flatMap((document) => {
    const object = document.toJS() as Manifest | null;
    return object === null ? [] : [object];
  });
}

/**
 * The same objects with webhooks that are reached on this machine, because no API server here can reach a Service. Nothing
 * else changes.
 */
export function withWebhooksAt(port: number, objects: readonly Manifest[]): readonly Manifest[] {
  return objects.map((object) => {
    if (object.webhooks === undefined) return object;
    const webhooks = object.webhooks.map((webhook) => {
      const { service, ...rest } = webhook.clientConfig;
      return { ...webhook, clientConfig: { ...rest, url: `https://localhost:${port}${service?.path ?? '/'}` } };
    });
    return { ...object, webhooks };
  });
}

/** Everything of a manifest but the floor: what the gate does by itself. */
export function withoutFloor(objects: readonly Manifest[]): readonly Manifest[] {
  return objects.filter(({ kind }) => !kind.startsWith('ValidatingAdmissionPolicy'));
}

export async function apply(kubectl: Kubectl, objects: readonly Manifest[]): Promise<void> {
  const stdin = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
  await succeed(kubectl, ['apply', '-f', '-'], { stdin });
}

/** Does what the gate does for a certificate of its own, for one that keeps its certificate in files. */
export async function applyCaBundle(kubectl: Kubectl, objects: readonly Manifest[], ca: string): Promise<void> {
  const caBundle = Buffer.from(ca).toString('base64');
  const bundles = objects.flatMap(({ apiVersion, kind, metadata: { name }, webhooks = [] }) => {
    const trusting = webhooks.map((webhook) => ({ name: webhook.name, clientConfig: { caBundle } }));
    return trusting.length === 0 ? [] : [{ apiVersion, kind, metadata: { name }, webhooks: trusting }];
  });
  const stdin = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: bundles });
  // kubectl alone would demand the required fields of each webhook, which another manager owns.
  const flags = ['--server-side', '--field-manager=nodeport-gate-ca', '--validate=false'];
  await succeed(kubectl, ['apply', ...flags, '-f', '-'], { stdin });
}

/** Waits until an API server, which learns of new configurations through its cache, has called both webhooks. */
export async function whenCalled(kubectl: Kubectl): Promise<void> {
  const isCalled = async (): Promise<boolean> => {
    // Assigned nothing, so nothing that /mutate could object to.
    const probe = create('probe', { externalIPs: ['192.0.2.1'] });
    await run(kubectl, 'default', { ...probe, args: [...probe.args, '--dry-run=server'] });
    const calls = await webhookRequests(kubectl);
    return (calls['mutate.nodeport-gate.dev'] ?? 0) > 0 && (calls['validate.nodeport-gate.dev'] ?? 0) > 0;
  };
  await waitFor('webhooks called', isCalled);
}

/** How often an API server has called which webhook: its own count, failed calls included. */
export async function webhookRequests(kubectl: Kubectl): Promise<Readonly<Record<string, number>>> {
  const metrics = await succeed(kubectl, ['get', '--raw', '/metrics']);
  const counts: Record<string, number> = {};
  for (const [, labels = '', value = ''] of metrics.matchAll(
    /^apiserver_admission_webhook_request_total\{(.*)\} (\S+)$/gm,
  )) {
    const name = /name="([^"]*)"/.exec(labels)?.[1] ?? '';
    counts[name] = (counts[name] ?? 0) + Number(value);
  }
  return counts;
}

/** Waits until an API server has compiled the floor. */
export async function whenFloorHolds(kubectl: Kubectl): Promise<void> {
  const probe = create('probe', asExternalName(1));
  const isRefused = async (): Promise<boolean> =>
    (await run(kubectl, 'default', { ...probe, args: [...probe.args, '--dry-run=server'] })).status !== 0;
  await waitFor('floor holds', isRefused);
}

/** A kubeconfig with a token of a ServiceAccount, as its pod has one, valid for an hour. */
export async function serviceAccountAccess(apiServer: ApiServer, namespace: string, name: string): Promise<Access> {
  const token = await succeed(apiServer.kubectl, ['create', 'token', name, '--namespace', namespace]);
  return apiServer.access(`${namespace}-${name}`, { token: token.trim() });
}
