import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BASELINE } from './support/baseline.ts';
import { waitFor } from './support/child.ts';
import { type ControlPlane, makeNamespace, startControlPlane } from './support/control-plane.ts';
import { apply, type Manifest, whenFloorHolds } from './support/install.ts';
import { type Installation, install } from './support/installation.ts';
import type { KubectlAnswer } from './support/kubectl.ts';
import { succeed } from './support/kubectl.ts';
import { asExternalName, asNodePort, create, openIn, patch, remove, run, type Step, take } from './support/steps.ts';

/** What goes on without the gate, and what does not: both replicas are stopped before the first test. */
const POLICY = `${BASELINE}---
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPool
metadata: {name: shop}
spec:
  ports: ["30100-30299"]
  namespaces: ["*"]
`;

let cluster: ControlPlane;
let installed: Installation;

beforeAll(async () => {
  cluster = await startControlPlane();
  const { kubectl } = cluster;
  installed = await install(cluster, { replicas: 2, policy: POLICY, floor: true });
  await whenFloorHolds(kubectl);
  await makeNamespace(kubectl, 'shop');
  await makeNamespace(kubectl, 'leaving');
  const made = [
    create('plain', {}),
    create('open', asNodePort()),
    create('stuck', asNodePort(), { finalizers: ['example.com/cleanup'] }),
    create('balanced', { type: 'LoadBalancer' }),
  ];
  for (const step of made) await take(kubectl, 'shop', step);
  await take(kubectl, 'leaving', create('open', asNodePort()));
  await Promise.all(installed.gates.map((gate) => gate.stop()));
});

afterAll(async () => {
  await installed.stop();
  await cluster.stop();
});

function inShop(step: Step): Promise<KubectlAnswer> {
  return run(cluster.kubectl, 'shop', step);
}

/** What kubectl prints when it succeeds. */
function said(text: string): KubectlAnswer {
  return { status: 0, stdout: `${text}\n`, stderr: '' };
}

const LABEL = { metadata: { labels: { 'example.com/changed': 'yes' } } };
const WITHOUT_FINALIZERS = { metadata: { finalizers: null } };

/** Of a write that the API server cannot ask the gate about; the address and the fault of the connection differ. */
function refusal(stderr: string): string {
  return stderr.replace(/localhost:\d+/, 'localhost:PORT').replace(/"(?:: EOF|: read tcp .*|: dial tcp .*)\n$/, '": …');
}

const NOT_ASKED =
  'Internal error occurred: failed calling webhook "validate.nodeport-gate.dev": failed to call webhook: ' +
  'Post "https://localhost:PORT/validate?timeout=5s": …';

describe('while no replica runs', () => {
  it.each(['kube-system', 'nodeport-gate'])('anything may be written in %s', async (namespace) => {
    const steps = [create('own', asNodePort()), patch('own', LABEL), remove('own')];
    const answers: KubectlAnswer[] = [];
    for (const step of steps) answers.push(await run(cluster.kubectl, namespace, step));
    const deleted = 'service "own" deleted';
    expect(answers).toEqual([said('service/own created'), said('service/own patched'), said(deleted)]);
  });

  it('Services without node ports are created, changed and deleted', async () => {
    expect(await inShop(create('new', {}))).toEqual(said('service/new created'));
    expect(await inShop(patch('new', { spec: { selector: { app: 'other' } } }))).toEqual(said('service/new patched'));
    expect(await inShop(patch('plain', LABEL))).toEqual(said('service/plain patched'));
    expect(await inShop(remove('new'))).toEqual(said('service "new" deleted'));
  });

  it('a NodePort Service can be neither created nor changed', async () => {
    const { status, stderr } = await inShop(create('late', asNodePort()));
    expect({ status, stderr: refusal(stderr) }).toEqual({
      status: 1,
      stderr: `Error from server (InternalError): error when creating "STDIN": ${NOT_ASKED}`,
    });
    const changed = await inShop(patch('open', LABEL));
    expect({ status: changed.status, stderr: refusal(changed.stderr) }).toEqual({
      status: 1,
      stderr: `Error from server (InternalError): ${NOT_ASKED}`,
    });
    const opened = await inShop(patch('plain', { spec: { type: 'NodePort' } }));
    expect(refusal(opened.stderr)).toBe(`Error from server (InternalError): ${NOT_ASKED}`);
  });

  it('the status of a Service is written', async () => {
    const status = { status: { loadBalancer: { ingress: [{ ip: '192.0.2.7' }] } } };
    expect(await inShop(patch('balanced', status, '--subresource=status'))).toEqual(said('service/balanced patched'));
  });

  it('a NodePort Service goes, its finalizers too', async () => {
    expect(await inShop(remove('stuck'))).toEqual(said('service "stuck" deleted'));
    expect(await openIn(cluster.kubectl, 'shop')).toContainEqual(expect.stringMatching(/^stuck \d+ \(deleting\)$/));
    expect(await inShop(patch('stuck', WITHOUT_FINALIZERS))).toEqual(said('service/stuck patched'));
    expect(await openIn(cluster.kubectl, 'shop')).not.toContainEqual(expect.stringMatching(/^stuck /));
    expect(await inShop(remove('open'))).toEqual(said('service "open" deleted'));
  });

  it('a namespace goes', async () => {
    const { kubectl } = cluster;
    await succeed(kubectl, ['delete', 'namespace', 'leaving', '--wait=false']);
    // What the controller manager does, which does not run here: deletes the content, then removes its finalizer.
    await succeed(kubectl, ['delete', 'services', '--all', '-n', 'leaving']);
    const namespace = JSON.parse(await succeed(kubectl, ['get', 'namespace', 'leaving', '-o', 'json'])) as object;
    const stdin = JSON.stringify({ ...namespace, spec: { finalizers: [] } });
    await succeed(kubectl, ['replace', '--raw', '/api/v1/namespaces/leaving/finalize', '-f', '-'], { stdin });
    expect((await kubectl(['get', 'namespace', 'leaving'])).stderr).toBe(
      'Error from server (NotFound): namespaces "leaving" not found\n',
    );
  });

  it('the floor still refuses', async () => {
    expect(await inShop(create('decoy', asExternalName(22)))).toEqual({ status: 1, stdout: '', stderr: FLOOR });
  });
});

const FLOOR =
  'Error from server (Forbidden): error when creating "STDIN": services "decoy" is forbidden: ' +
  "ValidatingAdmissionPolicy 'nodeport-gate-floor' with binding 'nodeport-gate-floor' denied request: " +
  'spec.ports: nodePort 22 is not allowed on an ExternalName Service, because nothing reserves it; ' +
  'remove nodePort, and set it when the type becomes NodePort or LoadBalancer\n';

/** In this order: each begins where the one before it ends. */
describe('breaking the glass', () => {
  const configuration = (kind: string): string => `${kind}webhookconfiguration`;
  const hooks = (): readonly Manifest[] => installed.objects.filter(({ webhooks }) => webhooks !== undefined);

  it('softly: what cannot be asked is allowed', async () => {
    const ignore = JSON.stringify([{ op: 'replace', path: '/webhooks/0/failurePolicy', value: 'Ignore' }]);
    const args = ['patch', configuration('validating'), 'zz-nodeport-gate', '--type=json', '--patch', ignore];
    expect(await cluster.kubectl(args)).toEqual(
      said('validatingwebhookconfiguration.admissionregistration.k8s.io/zz-nodeport-gate patched'),
    );
    await waitFor('a write', async () => (await inShop(create('soft', asNodePort()))).status === 0);
    expect(await inShop(remove('soft'))).toEqual(said('service "soft" deleted'));
  });

  it('and back: the manifests make it closed again', async () => {
    await apply(cluster.kubectl, hooks());
    const isRefused = async (): Promise<boolean> =>
      (await inShop({ ...create('soft', asNodePort()), args: ['create', '--dry-run=server', '-f', '-'] })).status === 1;
    await expect.poll(isRefused, { timeout: 10_000 }).toBe(true);
  });

  it('without the validating webhooks, the mutating one hinders nobody', async () => {
    expect(await cluster.kubectl(['delete', configuration('validating'), 'zz-nodeport-gate'])).toEqual(
      said('validatingwebhookconfiguration.admissionregistration.k8s.io "zz-nodeport-gate" deleted'),
    );
    await waitFor('a write', async () => (await inShop(create('free', asNodePort()))).status === 0);
    expect(await inShop(patch('free', LABEL))).toEqual(said('service/free patched'));
  });

  it('without both, only the floor is left', async () => {
    expect(await cluster.kubectl(['delete', configuration('mutating'), 'zz-nodeport-gate'])).toEqual(
      said('mutatingwebhookconfiguration.admissionregistration.k8s.io "zz-nodeport-gate" deleted'),
    );
    expect(await inShop(create('freer', asNodePort()))).toEqual(said('service/freer created'));
    expect(await inShop(create('decoy', asExternalName(22)))).toEqual({ status: 1, stdout: '', stderr: FLOOR });
  });

  it('gates that come back miss their configurations, and the manifests arm them', async () => {
    await Promise.all(installed.gates.map((gate) => gate.start()));
    const remarks = (): Promise<readonly (readonly string[])[]> => Promise.all(installed.gates.map(remarksOf));
    const missing = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'].map(
      (kind) => `${kind} zz-nodeport-gate is not there, so the API server does not ask the gate; apply the manifests`,
    );
    await expect.poll(remarks, { timeout: 10_000 }).toEqual([missing, missing]);
    await apply(cluster.kubectl, hooks());
    const isArmed = async (): Promise<boolean> => {
      const web = create('web', asNodePort());
      const answer = await inShop({ ...web, args: [...web.args, '--dry-run=server', '-o', 'json'] });
      if (answer.status !== 0) return false;
      const { spec } = JSON.parse(answer.stdout) as {
        readonly spec: { readonly ports: readonly { nodePort: number }[] };
      };
      return (spec.ports[0]?.nodePort ?? 0) < 30_300;
    };
    await waitFor('a port of the pool', isArmed);
    await expect.poll(remarks, { timeout: 10_000 }).toEqual([[], []]);
    expect(await inShop(create('taken', asNodePort(30_300)))).toEqual({
      status: 1,
      stdout: '',
      stderr:
        'Error from server (Forbidden): error when creating "STDIN": ' +
        'admission webhook "validate.nodeport-gate.dev" denied the request: ' +
        'spec.ports[0].nodePort: 30300 is outside 30100-30299 (pool shop); use 30159, 30175 or 30269 [node-port-pool]\n',
    });
  });
});

async function remarksOf({ readyz }: Installation['gates'][number]): Promise<readonly string[]> {
  const answer = await readyz();
  const { remarks = [] } = (answer?.body ?? {}) as { readonly remarks?: readonly string[] };
  return remarks;
}
