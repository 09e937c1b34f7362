import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isJsonObject, type JsonObject } from '../../src/domain/json.ts';
import { makeKubectl, succeed } from '../e2e/support/kubectl.ts';
import { runEnvironment } from '../e2e/support/run-environment.ts';
import { CHART, type Helm, obtainHelm } from './support/helm.ts';
import { MANIFESTS, objectsOf, titleOf } from './support/objects.ts';

/** What Helm adds to every object, and kustomize has no use for. */
const HELM_LABELS = new Set([
  'helm.sh/chart',
  'app.kubernetes.io/instance',
  'app.kubernetes.io/version',
  'app.kubernetes.io/managed-by',
]);

const RELEASE = ['nodeport-gate', CHART, '--namespace', 'nodeport-gate'];
const MONITORING = ['serviceMonitor', 'prometheusRule', 'grafana'].flatMap((name) => ['--set', `${name}.enabled=true`]);

/** By title, in the order of titles. */
function byTitle(objects: readonly JsonObject[]): Readonly<Record<string, JsonObject>> {
  return Object.fromEntries(
    objects.map((object) => [titleOf(object), object] as const).toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function withoutHelmLabels(object: JsonObject): JsonObject {
  const { metadata } = object;
  if (!isJsonObject(metadata) || !isJsonObject(metadata['labels'])) return object;
  const labels = Object.entries(metadata['labels']).filter(([name]) => !HELM_LABELS.has(name));
  return { ...object, metadata: { ...metadata, labels: Object.fromEntries(labels) } };
}

let helm: Helm;
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ helm, remove } = await obtainHelm());
}, 600_000);

afterAll(() => remove());

async function chart(...flags: readonly string[]): Promise<readonly JsonObject[]> {
  const { status, stdout, stderr } = await helm('template', ...RELEASE, ...flags);
  expect([status, stderr]).toEqual([0, '']);
  return objectsOf(stdout);
}

async function kustomized(directory: string): Promise<readonly JsonObject[]> {
  const { directory: home } = runEnvironment();
  return objectsOf(await succeed(makeKubectl(join(home, 'none'), home), ['kustomize', join(MANIFESTS, directory)]));
}

describe('the chart', () => {
  it.each([
    ['selfSigned', 'overlays/self-signed'],
    ['certManager', 'overlays/cert-manager'],
  ])('in mode %s is %s, but for the namespace, which helm makes by a flag', async (mode, overlay) => {
    const { 'Namespace nodeport-gate': namespace, ...rest } = byTitle(await kustomized(overlay));
    expect(namespace).toBeDefined();
    expect(byTitle((await chart('--set', `tls.mode=${mode}`)).map(withoutHelmLabels))).toEqual(rest);
  });

  it('has the monitoring of the kustomize component', async () => {
    const added = Object.keys(byTitle(await chart(...MONITORING))).filter((title) =>
      /Monitor|Rule|dashboard/.test(title),
    );
    expect(added).toEqual([
      'ConfigMap nodeport-gate-dashboard',
      'PrometheusRule nodeport-gate',
      'ServiceMonitor nodeport-gate',
    ]);
    const objects = byTitle((await chart(...MONITORING)).map(withoutHelmLabels));
    const component = byTitle(await kustomized('components/monitoring'));
    expect(Object.fromEntries(added.map((title) => [title, withoutPartOf(objects[title])]))).toEqual(component);
  });

  it('uses the words of the release in every name, and leaves out what is switched off', async () => {
    const flags = ['floor', 'podDisruptionBudget', 'networkPolicy'].flatMap((name) => [
      '--set',
      `${name}.enabled=false`,
    ]);
    const { stdout } = await helm('template', 'edge', CHART, '--namespace=gates', '--set=rbac.create=false', ...flags);
    const objects = objectsOf(stdout);
    expect(objects.map(titleOf).toSorted()).toEqual([
      'ConfigMap edge-nodeport-gate-policy',
      'Deployment edge-nodeport-gate',
      'MutatingWebhookConfiguration zz-edge-nodeport-gate',
      'PriorityClass edge-nodeport-gate',
      'Service edge-nodeport-gate',
      'Service edge-nodeport-gate-operations',
      'ServiceAccount edge-nodeport-gate',
      'ValidatingWebhookConfiguration zz-edge-nodeport-gate',
    ]);
    expect(stdout).toContain('--cert-secret=gates/edge-nodeport-gate-certs');
    expect(stdout).toContain('--webhook-configuration=zz-edge-nodeport-gate');
    expect(stdout).not.toMatch(/namespace: nodeport-gate$/m);
  });

  it('trusts a certificate that somebody else made', async () => {
    const ca = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
    const objects = await chart('--set=tls.mode=secret,tls.secretName=mine', `--set-string=tls.caBundle=${ca}`);
    const caBundle = Buffer.from(ca).toString('base64');
    expect(JSON.stringify(objects).split(`"caBundle":"${caBundle}"`)).toHaveLength(3);
    expect(JSON.stringify(objects)).toContain('"secretName":"mine"');
    expect(objects.map(titleOf)).not.toContain('Role nodeport-gate');
  });

  it('without audits may list nothing for them', async () => {
    const { 'ClusterRole nodeport-gate': role, 'Deployment nodeport-gate': deployment } = byTitle(
      await chart('--set=audit.interval=0', '--set=tls.mode=certManager'),
    );
    expect(role?.['rules']).toEqual([
      { apiGroups: [''], resources: ['services', 'namespaces'], verbs: ['get', 'list', 'watch'] },
    ]);
    expect(JSON.stringify(deployment)).toContain('"--audit-interval=0"');
  });

  it.each([
    ['audit.interval=10x', "at '/audit/interval': '10x' does not match pattern '^(0|[0-9]+[smhd])$'"],
    ['tls.mode=none', "at '/tls/mode': value must be one of 'selfSigned', 'certManager', 'secret'"],
    ['tls.mode=secret', "at '/tls/secretName': minLength: got 0, want 1"],
    ['tls.caBundle=x', "at '/tls/caBundle': value must be ''"],
    ['replicas=3', "at '': additional properties 'replicas' not allowed"],
    ['replicaCount=0', "at '/replicaCount': minimum: got 0, want 1"],
    ['webhook.validating.timeoutSeconds=31', "at '/webhook/validating/timeoutSeconds': maximum: got 31, want 30"],
  ])('refuses %s', async (value, reason) => {
    const { status, stderr } = await helm('template', ...RELEASE, '--set', value);
    expect(status).toBe(1);
    expect(stderr).toContain(reason);
  });

  it('has nothing that helm would complain about', async () => {
    const { status, stdout } = await helm('lint', CHART, '--strict');
    expect([status, stdout.includes('WARNING'), stdout.includes('ERROR')]).toEqual([0, false, false]);
  });

  it('says in its notes how to ask the gate, and how to get past it', async () => {
    const { stdout } = await helm('install', ...RELEASE, '--dry-run=client');
    const [, notes = ''] = stdout.split('NOTES:');
    expect(notes).toContain('kubectl -n nodeport-gate port-forward deployment/nodeport-gate 9091 &');
    expect(notes).toContain("curl --data-binary @service.yaml 'http://127.0.0.1:9091/dry-run?namespace=shop'");
    expect(notes.split('kubectl delete validatingwebhookconfiguration zz-nodeport-gate')).toHaveLength(3);
  });
});

function withoutPartOf(object: JsonObject | undefined): unknown {
  if (object === undefined) return undefined;
  const { metadata, ...rest } = object;
  const { labels = {}, ...others } = metadata as { readonly labels?: JsonObject };
  const own = Object.entries(labels).filter(
    ([name]) => !['app.kubernetes.io/name', 'app.kubernetes.io/part-of'].includes(name),
  );
  return { ...rest, metadata: own.length === 0 ? others : { ...others, labels: Object.fromEntries(own) } };
}
