import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ControlPlane, makeNamespace, startControlPlane } from './support/control-plane.ts';
import { webhookRequests } from './support/install.ts';
import { type Installation, install } from './support/installation.ts';
import { succeed } from './support/kubectl.ts';
import { asExternalName, asNodePort, create, http, manifest, patch, remove, run, type Step } from './support/steps.ts';

/** Which writes cost a question to the gate, counted by the API server. The policy denies nothing that is written here. */
const POLICY = `
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPolicy
metadata: {name: default}
spec:
  preset: baseline
  maxEnforcement: audit
`;

const IN = 'reach';

let cluster: ControlPlane;
let installed: Installation;

beforeAll(async () => {
  cluster = await startControlPlane();
  installed = await install(cluster, { replicas: 1, policy: POLICY });
  await makeNamespace(cluster.kubectl, IN);
});

afterAll(async () => {
  await installed.stop();
  await cluster.stop();
});

interface Reached {
  readonly mutate: number;
  readonly validate: number;
}

async function counts(): Promise<Reached> {
  const requests = await webhookRequests(cluster.kubectl);
  return {
    mutate: requests['mutate.nodeport-gate.dev'] ?? 0,
    validate: requests['validate.nodeport-gate.dev'] ?? 0,
  };
}

/** How often the conditions of each webhook kept a request from it, by the API server's count. */
async function excluded(): Promise<Reached> {
  const metrics = await succeed(cluster.kubectl, ['get', '--raw', '/metrics']);
  const of = (hook: string): number =>
    [...metrics.matchAll(/^apiserver_admission_match_condition_exclusions_total\{(.*)\} (\S+)$/gm)]
      .filter(([, labels = '']) => labels.includes(`name="${hook}"`))
      .reduce((sum, [, , value]) => sum + Number(value), 0);
  return { mutate: of('mutate.nodeport-gate.dev'), validate: of('validate.nodeport-gate.dev') };
}

function dryRun(step: Step): Step {
  return { ...step, args: [...step.args, '--dry-run=server'] };
}

/** How often each webhook was called while these steps were taken, each of which has to succeed. */
async function reached(steps: readonly Step[], namespace = IN): Promise<Reached> {
  const before = await counts();
  for (const step of steps) {
    const { status, stderr } = await run(cluster.kubectl, namespace, step);
    expect({ step: step.args, status, stderr: ofTheGate(stderr) }).toEqual({ step: step.args, status: 0, stderr: '' });
  }
  return difference(before, await counts());
}

/** Without what Kubernetes itself says of external addresses, from 1.36 on. */
function ofTheGate(stderr: string): string {
  return stderr.replace(/^Warning: spec\.externalIPs is deprecated .*\n/m, '');
}

function difference(before: Reached, after: Reached): Reached {
  return { mutate: after.mutate - before.mutate, validate: after.validate - before.validate };
}

const NEVER: Reached = { mutate: 0, validate: 0 };
const ONCE: Reached = { mutate: 1, validate: 1 };
/** The mutating webhook is not for the status. */
const JUDGED: Reached = { mutate: 0, validate: 1 };

const LABEL = { metadata: { labels: { 'example.com/changed': 'yes' } } };
const FINALIZER = { metadata: { finalizers: ['example.com/cleanup'] } };
const STATUS = { status: { loadBalancer: { ingress: [{ ip: '192.0.2.7' }] } } };
const SEEN = { type: 'Seen', status: 'True', reason: 'Test', message: '', lastTransitionTime: '2026-01-01T00:00:00Z' };
const CONDITION = { status: { conditions: [SEEN] } };

describe('Services without node ports', () => {
  it.each([
    ['ClusterIP', { type: 'ClusterIP' }],
    ['headless', { clusterIP: 'None' }],
    ['ExternalName', { type: 'ExternalName', externalName: 'example.com' }],
    ['ExternalName without ports', { type: 'ExternalName', externalName: 'example.com', ports: [] }],
    ['nodePort 0', { ports: [http(0)] }],
  ])('%s: ten writes, no question', async (_title, spec) => {
    const name = 'quiet';
    const steps = [
      create(name, spec),
      patch(name, LABEL),
      patch(name, { metadata: { annotations: { 'example.com/changed': 'yes' } } }),
      patch(name, FINALIZER),
      patch(name, { spec: { selector: { app: 'other' } } }),
      { args: ['replace', '-f', '-'], stdin: manifest(name, spec) },
      { args: ['apply', '--server-side', '--force-conflicts', '-f', '-'], stdin: manifest(name, spec, LABEL.metadata) },
      patch(name, CONDITION, '--subresource=status'),
      patch(name, { metadata: { finalizers: null } }),
      remove(name),
    ];
    const excludedBefore = await excluded();
    expect(await reached(steps)).toEqual(NEVER);
    // Each write was one that the webhooks' rules name, but for the delete, and the status in case of the mutating one.
    expect(difference(excludedBefore, await excluded())).toEqual({ mutate: 8, validate: 9 });
  });
});

describe('Services with node ports', () => {
  const local = { type: 'LoadBalancer', externalTrafficPolicy: 'Local' };

  it.each<[string, readonly Step[], Step, Reached]>([
    ['a NodePort Service', [], create('one', asNodePort()), ONCE],
    ['a LoadBalancer Service', [], create('one', { type: 'LoadBalancer' }), ONCE],
    ['one without node ports', [], create('one', { type: 'LoadBalancer', allocateLoadBalancerNodePorts: false }), ONCE],
    ['a health check port', [], create('one', local), ONCE],
    ['external addresses', [], create('one', { externalIPs: ['192.0.2.9'] }), ONCE],
    ['opened', [create('one', {})], patch('one', { spec: { type: 'NodePort' } }), ONCE],
    ['closed', [create('one', asNodePort())], patch('one', { spec: { type: 'ClusterIP' } }), ONCE],
    ['a label', [create('one', asNodePort())], patch('one', LABEL), ONCE],
    ['an annotation', [create('one', asNodePort())], patch('one', { metadata: { annotations: { a: 'b' } } }), ONCE],
    ['a label through the status', [create('one', asNodePort())], patch('one', LABEL, '--subresource=status'), JUDGED],
    ['the status', [create('one', { type: 'LoadBalancer' })], patch('one', STATUS, '--subresource=status'), NEVER],
    ['a finalizer', [create('one', asNodePort())], patch('one', FINALIZER), NEVER],
    ['a delete', [create('one', asNodePort())], remove('one'), NEVER],
    ['a dry run', [], dryRun(create('one', asNodePort())), ONCE],
  ])('%s', async (_title, before, step, expected) => {
    for (const one of before) expect(ofTheGate((await run(cluster.kubectl, IN, one)).stderr)).toBe('');
    expect(await reached([step])).toEqual(expected);
    await run(cluster.kubectl, IN, patch('one', { metadata: { finalizers: null } }));
    await run(cluster.kubectl, IN, remove('one'));
  });

  it('a number on an ExternalName Service, which is refused whatever the policy', async () => {
    const before = await counts();
    expect((await run(cluster.kubectl, IN, create('decoy', asExternalName(30_001)))).status).toBe(1);
    expect(difference(before, await counts())).toEqual(ONCE);
  });

  it.each(['kube-system', 'nodeport-gate'])('none of %s', async (namespace) => {
    const steps = [create('one', asNodePort()), patch('one', LABEL), remove('one')];
    expect(await reached(steps, namespace)).toEqual(NEVER);
  });
});

describe('default/kubernetes', () => {
  const type = (name: string): Step => patch('kubernetes', { spec: { type: name } });

  it('is left to the API server', async () => {
    const before = await counts();
    for (const name of ['NodePort', 'ClusterIP']) {
      const answer = await run(cluster.kubectl, 'default', type(name), {
        as: 'system:apiserver',
        asGroups: ['system:masters'],
      });
      expect(answer).toEqual({ status: 0, stdout: 'service/kubernetes patched\n', stderr: '' });
    }
    expect(await counts()).toEqual(before);
  });

  it('and to nobody else', async () => {
    expect(await reached([type('NodePort'), type('ClusterIP')], 'default')).toEqual({ mutate: 2, validate: 2 });
  });
});
