import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBalancer } from './support/balancer.ts';
import { waitFor } from './support/child.ts';
import { type ControlPlane, makeNamespace, startControlPlane } from './support/control-plane.ts';
import { startGate } from './support/gate-process.ts';
import { apply, render, serviceAccountAccess, withWebhooksAt } from './support/install.ts';
import { succeed } from './support/kubectl.ts';

/** That the parts which other tests are made of do what those tests take for granted. */
let cluster: ControlPlane;

beforeAll(async () => {
  cluster = await startControlPlane();
});

afterAll(() => cluster.stop());

describe('control planes', () => {
  it('share objects between API servers of one etcd, and nothing with another', async () => {
    const [second, other] = await Promise.all([cluster.addApiServer(), startControlPlane()]);
    await makeNamespace(cluster.kubectl, 'shared');
    const answers = await Promise.all(
      [second, other].map(async ({ kubectl }) => (await kubectl(['get', 'namespace', 'shared', '-o', 'name'])).stdout),
    );
    await other.stop();
    expect(answers).toEqual(['namespace/shared\n', '']);
  });

  it('keep address and objects over a restart of the API server', async () => {
    await makeNamespace(cluster.kubectl, 'kept');
    await cluster.apiServer.kill('SIGKILL');
    expect((await cluster.kubectl(['get', 'namespace', 'kept'])).status).toBe(1);
    await cluster.apiServer.start();
    expect(await succeed(cluster.kubectl, ['get', 'namespace', 'kept', '-o', 'name'])).toBe('namespace/kept\n');
  });
});

describe('installing', () => {
  it('changes nothing but where webhooks are reached', async () => {
    const objects = await render(cluster.kubectl, 'base');
    const changed = withWebhooksAt(1234, objects);
    const urls = changed.flatMap(({ webhooks = [] }) => webhooks.map(({ clientConfig }) => clientConfig));
    expect(urls).toEqual([{ url: 'https://localhost:1234/mutate' }, { url: 'https://localhost:1234/validate' }]);
    const withoutClientConfig = (key: string, value: unknown): unknown => (key === 'clientConfig' ? null : value);
    expect(JSON.stringify(changed, withoutClientConfig)).toBe(JSON.stringify(objects, withoutClientConfig));
  });

  it('gives the rights of a ServiceAccount, and no others', async () => {
    await apply(cluster.kubectl, withWebhooksAt(1, await render(cluster.kubectl, 'base')));
    const { kubectl } = await serviceAccountAccess(cluster.apiServer, 'nodeport-gate', 'nodeport-gate');
    const can = async (...question: readonly string[]): Promise<string> =>
      (await kubectl(['auth', 'can-i', ...question])).stdout.trim();
    expect([await can('list', 'services', '--all-namespaces'), await can('delete', 'services')]).toEqual(['yes', 'no']);
  });
});

describe('gates behind a balancer', () => {
  it('come and go', async () => {
    const flags = ['--log-level=warn'];
    const [first, second] = await Promise.all(
      ['first', 'second'].map((name) => startGate({ name, directory: cluster.directory, flags })),
    );
    if (first === undefined || second === undefined) throw new Error('two gates were asked for');
    const balancer = await startBalancer([first, second]);
    const rotation = (names: readonly string[]) => (): boolean => balancer.inRotation().join() === names.join();
    await visit(balancer.port);
    await visit(balancer.port);
    expect(balancer.connections()).toEqual({ first: 1, second: 1 });

    first.kill('SIGKILL');
    expect(await first.child().ended).toBe('SIGKILL');
    await visit(balancer.port);
    await visit(balancer.port);
    expect(balancer.connections()).toEqual({ first: 1, second: 3 });
    await waitFor('one backend', rotation(['second']));

    await first.start();
    await waitFor('both backends', rotation(['first', 'second']));
    expect(await second.stop()).toBe(0);
    await waitFor('the other backend', rotation(['first']));
    await first.stop();
    await waitFor('no backend', rotation([]));
    await visit(balancer.port);
    expect(balancer.refused()).toBe(1);
    await balancer.stop();
  });
});

/** Connects, and waits until the other side has accepted or closed the connection. */
async function visit(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  // No TLS record: a gate answers by closing the connection.
  socket.end('GET / HTTP/1.1\r\n\r\n');
  socket.resume().on('error', () => {});
  await once(socket, 'close');
}
