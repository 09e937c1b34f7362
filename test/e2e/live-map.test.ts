import { afterAll, beforeAll, expect, it } from 'vitest';
import type { PortMap } from '../../src/report/port-map.ts';
import { publish } from '../support/mounted.ts';
import { type ControlPlane, makeNamespace, startControlPlane } from './support/control-plane.ts';
import { type Installation, install } from './support/installation.ts';
import { asNodePort, create, remove, take } from './support/steps.ts';

/**
 * `GET /ports` of an installed gate follows the cluster by itself: holders at once, findings with the next audit. The
 * interval of the manifests, ten minutes, is longer than the test: only the first audit and those by a new policy take place.
 */
const POLICY = `
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPolicy
metadata: {name: default}
spec: {preset: none}
`;

let cluster: ControlPlane;
let installed: Installation;

beforeAll(async () => {
  cluster = await startControlPlane();
  await makeNamespace(cluster.kubectl, 'shop');
  await take(cluster.kubectl, 'shop', create('web', asNodePort(30_010)));
  installed = await install(cluster, { replicas: 1, policy: POLICY });
});

afterAll(async () => {
  await installed.stop();
  await cluster.stop();
});

const POLL = { timeout: 30_000 };

async function ports(ifNoneMatch = ''): Promise<Response> {
  const [gate] = installed.gates;
  return fetch(`http://127.0.0.1:${gate?.doorsPort}/ports`, { headers: { 'if-none-match': ifNoneMatch } });
}

async function map(): Promise<PortMap> {
  return (await (await ports()).json()) as PortMap;
}

/** Of shop: `30010 web open-to-world`. */
async function mapped(): Promise<readonly string[]> {
  const all = (await map()).ports.filter(({ namespace }) => namespace === 'shop');
  return all.map(({ nodePort, name, marks }) => [nodePort, name, ...marks].join(' '));
}

it('has the holders with what the first audit found, and the same tag while nothing changes', async () => {
  await expect.poll(mapped, POLL).toEqual(['30010 web open-to-world']);
  const { notKnown, services } = await map();
  expect([notKnown, services.map(({ name, allowed, findings }) => [name, allowed, findings])]).toEqual([
    [],
    [['web', true, []]],
  ]);
  const first = await ports();
  const again = await ports(first.headers.get('etag') ?? '');
  expect([first.status, again.status, await again.text()]).toEqual([200, 304, '']);
});

it('shows a new Service at once, without what only an audit knows', async () => {
  const { auditedAt } = await map();
  const before = (await ports()).headers.get('etag') ?? '';
  await take(cluster.kubectl, 'shop', create('api', asNodePort(30_011)));
  await expect.poll(async () => (await ports(before)).status, POLL).toBe(200);
  const now = await map();
  expect([await mapped(), now.services.map(({ name }) => name), now.auditedAt]).toEqual([
    ['30010 web open-to-world', '30011 api'],
    ['web'],
    auditedAt,
  ]);
});

it('is audited by a new policy without waiting for the interval, and then that knows of both', async () => {
  await publish(installed.policyDirectory, { 'policy.yaml': POLICY.replace('none', 'restricted') });
  const rules = async (): Promise<readonly string[]> =>
    (await map()).services.flatMap(({ name, findings }) => findings.map(({ rule }) => `${name} ${rule}`));
  await expect
    .poll(rules, POLL)
    .toEqual(['api external-traffic-policy', 'api source-cidrs', 'web external-traffic-policy', 'web source-cidrs']);
  expect(await mapped()).toEqual(['30010 web open-to-world', '30011 api open-to-world']);
});

it('forgets a Service that is gone, and what an audit said of it', async () => {
  await take(cluster.kubectl, 'shop', remove('api'));
  await expect.poll(mapped, POLL).toEqual(['30010 web open-to-world']);
  expect((await map()).services.map(({ name }) => name)).toEqual(['web']);
});
