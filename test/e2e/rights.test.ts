import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from './support/child.ts';
import { type ControlPlane, makeNamespace, startControlPlane } from './support/control-plane.ts';
import type { GateProcess } from './support/gate-process.ts';
import { grantsOf, type Role, rolesOf, titleOf, without } from './support/grants.ts';
import { apply } from './support/install.ts';
import { type Installation, install } from './support/installation.ts';
import { succeed } from './support/kubectl.ts';
import { rotate } from './support/rotate.ts';
import { servedCertificate } from './support/served-certificate.ts';
import { asNodePort, create, remove, run, take } from './support/steps.ts';

/**
 * The manifests grant what the gate needs, which the other tests show, and nothing else: whichever right is taken away,
 * something is missing.
 */
const POLICY = `
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPolicy
metadata: {name: default}
spec: {preset: baseline}
---
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPolicy
metadata: {name: closed}
spec:
  match: {namespaceSelector: {matchLabels: {closed: "yes"}}}
  rules: {service-type: {allowed: [ClusterIP]}}
`;

const SUBJECT = 'system:serviceaccount:nodeport-gate:nodeport-gate';
const HOOKS = ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'] as const;

let cluster: ControlPlane;
let installed: Installation;
let roles: readonly Role[];
let withdrawn: readonly string[] = [];

beforeAll(async () => {
  cluster = await startControlPlane();
  installed = await install(cluster, { replicas: 1, policy: POLICY });
  roles = rolesOf(installed.objects);
  await makeNamespace(cluster.kubectl, 'holding');
  await makeNamespace(cluster.kubectl, 'wanting');
  await take(cluster.kubectl, 'holding', create('web', asNodePort(30_010)));
});

afterAll(async () => {
  await installed.stop();
  await cluster.stop();
});

function theGate(): GateProcess {
  const [gate] = installed.gates;
  if (gate === undefined) throw new Error('nothing is installed');
  return gate;
}

type Prepare = () => Promise<unknown>;

/** Starts the gate without these rights in a cluster that it has never been in: no Secret, no caBundle. */
async function startWithout(titles: readonly string[], prepare: Prepare = async () => {}): Promise<void> {
  const { kubectl } = cluster;
  await theGate().stop();
  await apply(
    kubectl,
    roles.map((role) => without(role, titles)),
  );
  for (const title of new Set([...withdrawn, ...titles])) await whenPermitted(title, !titles.includes(title));
  withdrawn = titles;
  const trustNobody = JSON.stringify([{ op: 'replace', path: '/webhooks/0/clientConfig/caBundle', value: '' }]);
  for (const kind of HOOKS)
    await succeed(kubectl, ['patch', kind, 'zz-nodeport-gate', '--type=json', '-p', trustNobody]);
  await succeed(kubectl, ['delete', 'secrets', '--all', '-n', 'nodeport-gate']);
  await prepare();
  theGate().launch();
}

function whenPermitted(title: string, isPermitted: boolean): Promise<void> {
  const args = ['auth', 'can-i', ...title.split(' '), '-n', 'nodeport-gate', '--as', SUBJECT];
  const answer = isPermitted ? 'yes' : 'no';
  return waitFor(`${title}: ${answer}`, async () => (await cluster.kubectl(args)).stdout.trim() === answer);
}

/** Whether the gate is ready, and of what it says those parts that are about rights and certificates. */
async function said(): Promise<unknown> {
  const answer = await theGate().readyz();
  const { reasons = [], remarks = [] } = (answer?.body ?? {}) as {
    readonly reasons?: readonly string[];
    readonly remarks?: readonly string[];
  };
  return { status: answer?.status, said: [...reasons, ...remarks].filter((line) => /forbidden|waits/.test(line)) };
}

const POLL = { timeout: 20_000 };
const WELL = { status: 200, said: [] };

/** `whose`: of the Secret or configuration that it is about. */
function forbidden(title: string, { whose = '', group = '', where = 'at the cluster scope' } = {}): string {
  const [verb = '', target = ''] = title.split(' ');
  const [resource = '', name] = target.split('/');
  const full = group === '' ? resource : `${resource}.${group}`;
  const object = name === undefined ? full : `${full} "${name}"`;
  return (
    `${whose}${verb} ${full} is forbidden (403: ${object} is forbidden: User "${SUBJECT}" ` +
    `cannot ${verb} resource "${resource}" in API group "${group}" ${where}); grant the verb ${verb} on ${full} by RBAC`
  );
}

const KINDS = { [HOOKS[0]]: 'MutatingWebhookConfiguration', [HOOKS[1]]: 'ValidatingWebhookConfiguration' } as const;
const ofHook = (verb: string, hook: (typeof HOOKS)[number]): [string, string] => {
  const title = `${verb} ${hook}/zz-nodeport-gate`;
  const whose = `${KINDS[hook]} zz-nodeport-gate: `;
  return [title, forbidden(title, { whose, group: 'admissionregistration.k8s.io' })];
};
const ofSecret = (title: string): [string, string] => {
  const details = { whose: 'Secret nodeport-gate/nodeport-gate-certs: ', where: 'in the namespace "nodeport-gate"' };
  return [title, forbidden(title, details)];
};
const resourceOf = (title: string): string => title.split(' ')[1]?.split('/')[0] ?? '';
const ofInventory = (title: string): [string, string] => [
  title,
  forbidden(title, { whose: `the inventory is not synced yet, ${resourceOf(title)}: ` }),
];
const ofWatch = (title: string): [string, string] => [
  title,
  forbidden(title, { whose: `${resourceOf(title)} cannot be followed: ` }),
];

const NOT_READY: readonly (readonly [string, string])[] = [
  ofInventory('list services'),
  ofInventory('list namespaces'),
  ofSecret('create secrets'),
  ofSecret('get secrets/nodeport-gate-certs'),
  ofSecret('update secrets/nodeport-gate-certs'),
];
const REMARKS = HOOKS.flatMap((hook) => [ofHook('list', hook), ofHook('patch', hook)]);
const SERVICES_WATCH = ofWatch('watch services');
const NAMESPACES_WATCH = ofWatch('watch namespaces');
const INVENTORY_WATCHES = [SERVICES_WATCH, NAMESPACES_WATCH];
const HOOK_WATCHES = HOOKS.map((hook) => ofHook('watch', hook));
const SECRET_WATCH = ['list', 'watch'].map((verb) => ofSecret(`${verb} secrets/nodeport-gate-certs`));
const OF_AUDITS = [
  ['list nodes', forbidden('list nodes')],
  ['list pods', forbidden('list pods')],
  ['list endpointslices', forbidden('list endpointslices', { group: 'discovery.k8s.io' })],
] as const;
const CONFIRMATION = 'get services';
const NEW_NAMESPACE = 'get namespaces';

const makeEmptySecret: Prepare = () => {
  const metadata = { name: 'nodeport-gate-certs', namespace: 'nodeport-gate' };
  const secret = { apiVersion: 'v1', kind: 'Secret', type: 'kubernetes.io/tls', metadata };
  const stdin = JSON.stringify({ ...secret, data: { 'tls.crt': '', 'tls.key': '' } });
  return succeed(cluster.kubectl, ['create', '-f', '-'], { stdin });
};

it('every right of the manifests is looked at here', () => {
  const told = [...NOT_READY, ...REMARKS, ...INVENTORY_WATCHES, ...HOOK_WATCHES, ...SECRET_WATCH, ...OF_AUDITS];
  const looked = [...told.map(([title]) => title), CONFIRMATION, NEW_NAMESPACE];
  expect(looked.toSorted()).toEqual(roles.flatMap(({ rules }) => grantsOf(rules).map(titleOf)).toSorted());
});

describe('with all rights', () => {
  it.each<[string, Prepare]>([
    ['no Secret', async () => {}],
    ['an empty Secret', makeEmptySecret],
  ])('nothing is missing, beginning with %s', async (_title, prepare) => {
    await startWithout([], prepare);
    await expect.poll(said, POLL).toEqual(WELL);
    const metrics = (): Promise<string> => theGate().metrics();
    await expect.poll(metrics, POLL).toContain('nodeport_gate_audit_runs_total{result="complete"} 1');
    expect(await metrics()).not.toMatch(/reason="refused"|result="(?:partial|failed)"} [1-9]/);
  });
});

describe('without the right to', () => {
  it.each(NOT_READY)('%s, the gate is not ready', async (title, sentence) => {
    await startWithout([title], title.startsWith('update ') ? makeEmptySecret : undefined);
    await expect.poll(said, POLL).toEqual({ status: 503, said: [sentence] });
  });

  it.each(REMARKS)('%s, a webhook does not trust the gate, which says so', async (title, sentence) => {
    await startWithout([title]);
    await expect.poll(said, POLL).toEqual({ status: 200, said: [sentence] });
  });

  it.each([...INVENTORY_WATCHES, ...HOOK_WATCHES, ...SECRET_WATCH])(
    '%s, it says and counts it',
    async (title, sentence) => {
      await startWithout([title]);
      await expect.poll(said, POLL).toEqual({ status: 200, said: [sentence] });
      const line = `nodeport_gate_informer_restarts_total{resource="${resourceOf(title)}",reason="refused"} `;
      await expect
        .poll(
          () =>
            theGate()
              .metrics()
              .catch(() => ''),
          POLL,
        )
        .toContain(line);
    },
  );

  it.each(OF_AUDITS)('%s, an audit does not know them, says it and counts it', async (title, sentence) => {
    await startWithout([title]);
    await expect.poll(said, POLL).toEqual({ status: 200, said: [sentence] });
    expect(await theGate().metrics()).toContain('nodeport_gate_audit_runs_total{result="partial"} 1');
    const answer = await fetch(`http://127.0.0.1:${theGate().doorsPort}/ports`);
    expect(await answer.json()).toMatchObject({ kind: 'PortMap', notKnown: [resourceOf(title)] });
  });

  it.each(HOOK_WATCHES)(
    '%s, the gate does not know when it is trusted, and a rotation waits',
    async (title, sentence) => {
      await startWithout([title]);
      await expect.poll(said, POLL).toEqual({ status: 200, said: [sentence] });
      await rotate(cluster, '--ca', '--overlap=5s');
      const waits =
        'Secret nodeport-gate/nodeport-gate-certs: the rotation waits, ' +
        'because a webhook configuration does not have the next authority in its caBundle';
      await expect.poll(said, POLL).toEqual({ status: 200, said: [waits, sentence] });
    },
  );
});

describe('a certificate from another replica', () => {
  const served = async (): Promise<string> => (await servedCertificate(theGate().webhookPort)).fingerprint256;

  /** Whether a certificate that another one puts into the Secret is served before so much time has passed. */
  async function isTakenWithin(limitMs: number): Promise<boolean> {
    const before = await served();
    await rotate(cluster);
    const isNew = async (): Promise<boolean> => (await served()) !== before;
    return waitFor('another certificate', isNew, { limitMs }).then(
      () => true,
      () => false,
    );
  }

  it('is served at once', async () => {
    await startWithout([]);
    await expect.poll(said, POLL).toEqual(WELL);
    expect([await isTakenWithin(5000), await isTakenWithin(5000)]).toEqual([true, true]);
  });

  // The list that is tried again now and then may come just in time, but ever more seldom.
  it.each(SECRET_WATCH)('without the right to %s, some time later', async (title, sentence) => {
    await startWithout([title]);
    await expect.poll(said, POLL).toEqual({ status: 200, said: [sentence] });
    await expect.poll(() => isTakenWithin(1000), POLL).toBe(false);
  });
});

describe('what is asked during a review', () => {
  async function refusal(namespace: string, number?: number): Promise<string> {
    const step = create('other', asNodePort(number));
    const { stderr } = await run(cluster.kubectl, namespace, { ...step, args: [...step.args, '--dry-run=server'] });
    return stderr.replace(/^.*denied the request: /, '').trimEnd();
  }

  const HELD =
    'spec.ports[0].nodePort: 30010 is held by holding/web (port http); use 32418, 32193 or 32449 [node-port-conflict]';

  /** Of a number whose holder has just gone, by a gate that has not heard of it. */
  async function refusalAfterHolder(): Promise<string> {
    await expect.poll(() => refusal('wanting', 30_010), { timeout: 60_000 }).toBe(HELD);
    await take(cluster.kubectl, 'holding', remove('web'));
    const answer = await refusal('wanting', 30_010);
    await take(cluster.kubectl, 'holding', create('web', asNodePort(30_010)));
    return answer;
  }

  it.each([
    ['with the right to get services, a holder that is gone is in nobody’s way', [], ''],
    ['without it, what is known of the holder counts', [CONFIRMATION], HELD],
  ])('%s', async (_title, titles, expected) => {
    const [watch, sentence] = SERVICES_WATCH;
    await startWithout([watch, ...titles]);
    await expect.poll(said, POLL).toEqual({ status: 200, said: [sentence] });
    expect(await refusalAfterHolder()).toBe(expected);
  });

  let made = 0;
  /** In a namespace that no watch has told of. */
  async function refusalInNewNamespace(): Promise<string> {
    made += 1;
    await makeNamespace(cluster.kubectl, `new-${made}`, { closed: 'yes' });
    return refusal(`new-${made}`);
  }

  it.each([
    [
      'with the right to get namespaces, the labels of a new one are known',
      [],
      /^spec\.type: NodePort is not allowed; use ClusterIP \[service-type\]$/,
    ],
    [
      'without it, they are not',
      [NEW_NAMESPACE],
      /^Warning: cannot be judged: the labels of namespace new-\d+ are not known; /,
    ],
  ])('%s', async (_title, titles, expected) => {
    const [watch, sentence] = NAMESPACES_WATCH;
    await startWithout([watch, ...titles]);
    await expect.poll(said, POLL).toEqual({ status: 200, said: [sentence] });
    await expect.poll(refusalInNewNamespace, POLL).toMatch(expected);
  });
});
