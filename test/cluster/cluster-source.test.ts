import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { connect } from '../../src/cluster/api/api-client.ts';
import { type ClusterSource, watchCluster } from '../../src/cluster/cluster-source.ts';
import type { Confirmed } from '../../src/cluster/cluster-view.ts';
import type { Pace } from '../../src/cluster/pace.ts';
import type { Inventory } from '../../src/domain/inventory.ts';
import { type FakeApiServer, json, startFakeApiServer } from './support/fake-api-server.ts';
import { QUICK_PACE } from './support/quick-pace.ts';

const SERVICES = '/api/v1/services';
const NAMESPACES = '/api/v1/namespaces';
const PATIENT = { timeout: 5_000, interval: 5 };

let api: FakeApiServer;
let source: ClusterSource | undefined;
let told: string[];

beforeEach(async () => {
  api = await startFakeApiServer();
  told = [];
});

afterEach(async () => {
  source?.stop();
  source = undefined;
  await api.close();
});

function service(name: string, nodePort: number, type = 'NodePort') {
  return { metadata: { namespace: 'shop', name }, spec: { type, ports: [{ port: 80, nodePort }] } };
}

const namespace = (name: string, team: string) => ({ metadata: { name, labels: { team } } });
const ref = (name: string) => ({ namespace: 'shop', name });
const brief = ({ held, complete }: Inventory) => [
  ...held.map(({ name, nodePort }) => `${name} ${nodePort}`),
  complete ? 'complete' : 'incomplete',
];
/** What became of a confirmation. */
const confirmedBy = ({ inventory, unanswered }: Confirmed) => [
  ...brief(inventory),
  ...unanswered.map(({ name }) => `nothing of ${name}`),
];
const gets = () => api.seen.filter(({ kind }) => kind === 'get').map(({ path }) => path);

async function follow(pace: Partial<Pace> = {}): Promise<ClusterSource> {
  const client = await connect({ kubeconfig: api.kubeconfig });
  if (!client.ok) throw new Error(client.problems.join());
  source = watchCluster(client.value, {
    pace: { ...QUICK_PACE, ...pace },
    onListed: (resource, count) => told.push(`${resource} ${count}`),
    onRestart: (resource, reason) => told.push(`${resource} ${reason}`),
    onUnread: (message) => told.push(message),
  });
  return source;
}

async function followed(pace: Partial<Pace> = {}): Promise<ClusterSource> {
  const started = await follow(pace);
  await vi.waitFor(() => expect([started.notReady(), api.watches.size]).toEqual([[], 2]), PATIENT);
  return started;
}

describe('following a cluster', () => {
  it('is not ready before both lists are there, and says why', async () => {
    api.putSilently(SERVICES, service('a', 30_001));
    api.always('list', json(403, { message: 'no' }));
    const started = await follow();
    expect(started.notReady()).toEqual([
      'the inventory is not synced yet, services and namespaces: the first list is under way',
    ]);
    await vi.waitFor(
      () =>
        expect(started.notReady()).toEqual([
          'the inventory is not synced yet, services: list services is forbidden (403: no); grant the verb list on services by RBAC',
          'the inventory is not synced yet, namespaces: list namespaces is forbidden (403: no); grant the verb list on namespaces by RBAC',
        ]),
      PATIENT,
    );
    expect(brief(started.inventory())).toEqual(['incomplete']);
    expect(started.remarks()).toEqual([]);
    api.always('list', undefined);
    await vi.waitFor(() => expect(started.notReady()).toEqual([]), PATIENT);
    expect(brief(started.inventory())).toEqual(['a 30001', 'complete']);
  });

  it('follows Services of all types and namespaces, squatters included', async () => {
    api.putSilently(SERVICES, service('a', 30_001));
    api.putSilently(SERVICES, { ...service('dns', 30_053), metadata: { namespace: 'kube-system', name: 'dns' } });
    api.putSilently(SERVICES, service('squatter', 30_002, 'ExternalName'));
    const started = await followed();
    api.put(SERVICES, service('b', 30_003));
    api.remove(SERVICES, 'shop', 'a');
    api.put(SERVICES, service('b', 30_004));
    await vi.waitFor(() => expect(brief(started.inventory())).toEqual(['b 30004', 'dns 30053', 'complete']), PATIENT);
    expect(started.inventory().squatters.map(({ name, nodePort }) => `${name} ${nodePort}`)).toEqual([
      'squatter 30002',
    ]);
  });

  it('tells of an object that it cannot read, and takes the others', async () => {
    api.putSilently(SERVICES, { metadata: { namespace: 'shop', name: 'odd' }, spec: { ports: 'none' } });
    api.putSilently(SERVICES, service('a', 30_001));
    const started = await followed();
    expect(told.toSorted()).toEqual([
      'Service shop/odd cannot be read: spec.ports: "none" is a string; write a list of ports',
      'namespaces 0',
      'services 2',
    ]);
    expect(brief(started.inventory())).toEqual(['a 30001', 'complete']);
    expect(started.remarks()).toEqual(['1 Service cannot be read, so what they hold is not known']);
    api.put(SERVICES, service('odd', 30_009));
    await vi.waitFor(() => expect(started.remarks()).toEqual([]), PATIENT);
    expect(brief(started.inventory())).toEqual(['a 30001', 'odd 30009', 'complete']);
  });

  it('knows how old its knowledge is', async () => {
    let nowMs = 1_000_000;
    api.putSilently(SERVICES, service('a', 30_001));
    const started = await followed({ now: () => nowMs });
    nowMs += 119_000;
    expect([started.remarks(), brief(started.inventory())]).toEqual([[], ['a 30001', 'complete']]);
    nowMs += 60_000;
    expect(started.remarks()).toEqual([
      'nothing was heard of services for 3 min',
      'nothing was heard of namespaces for 3 min',
    ]);
    expect(brief(started.inventory())).toEqual(['a 30001', 'complete']);
    nowMs += 1_000;
    expect(brief(started.inventory())).toEqual(['a 30001', 'incomplete']);
    expect(started.notReady()).toEqual([]);
    api.put(SERVICES, service('b', 30_002));
    await vi.waitFor(() => expect(started.remarks()).toEqual(['nothing was heard of namespaces for 3 min']), PATIENT);
    expect(brief(started.inventory())).toEqual(['a 30001', 'b 30002', 'incomplete']);
    api.put(NAMESPACES, namespace('shop', 'a'));
    await vi.waitFor(() => expect(brief(started.inventory())).toEqual(['a 30001', 'b 30002', 'complete']), PATIENT);
  });
});

describe('an API server that nobody reaches', () => {
  it('is one reason, not one for each resource', async () => {
    await api.stop();
    const started = await follow();
    const why = `${api.url} is unreachable (connect ECONNREFUSED ${api.url.slice(7)}); check the address and the network`;
    const line = `the inventory is not synced yet, services and namespaces: ${why}`;
    await vi.waitFor(() => expect(started.notReady()).toEqual([line]), PATIENT);
  });
});

describe('a watch that is refused', () => {
  it('becomes a remark, although lists succeed in between, until one works again', async () => {
    const started = await follow();
    api.always('watch', json(403, { message: 'no' }));
    const remarks = ['services', 'namespaces'].map(
      (resource) =>
        `${resource} cannot be followed: watch ${resource} is forbidden (403: no); grant the verb watch on ${resource} by RBAC`,
    );
    const lists = (): number => told.filter((line) => line === 'services 0').length;
    await vi.waitFor(() => expect([started.remarks(), lists() > 2]).toEqual([remarks, true]), PATIENT);
    expect(brief(started.inventory())).toEqual(['complete']);
    api.always('watch', undefined);
    await vi.waitFor(() => expect(api.watches.size).toBe(2), PATIENT);
    for (const watch of api.watches.keys()) watch.end();
    await vi.waitFor(() => expect(started.remarks()).toEqual([]), PATIENT);
  });
});

describe('confirm', () => {
  it('sees what the watch has not told of yet: gone, changed, as it was', async () => {
    for (const [index, name] of ['gone', 'moved', 'same', 'other'].entries()) {
      api.putSilently(SERVICES, service(name, 30_001 + index));
    }
    const started = await followed();
    api.always('get', undefined);
    api.once('get', json(404, {}));
    api.once('get', json(200, service('moved', 30_777)));
    const confirmed = await started.confirm([ref('gone')]);
    const both = await started.confirm([ref('moved'), ref('same'), ref('moved')]);
    expect(confirmedBy(confirmed)).toEqual(['moved 30002', 'same 30003', 'other 30004', 'complete']);
    expect(confirmedBy(both)).toEqual(['gone 30001', 'same 30003', 'other 30004', 'moved 30777', 'complete']);
    expect(brief(started.inventory())).toEqual(['gone 30001', 'moved 30002', 'same 30003', 'other 30004', 'complete']);
    expect(gets()).toEqual(['gone', 'moved', 'same'].map((name) => `/api/v1/namespaces/shop/services/${name}`));
  });

  it.each([
    ['no answer', () => undefined],
    ['500', json(500, {})],
    ['403', json(403, {})],
    ['no Service', json(200, { spec: 7 })],
  ])('without an answer (%s) leaves the Service as it was known', async (_case, answer) => {
    api.putSilently(SERVICES, service('a', 30_001));
    api.putSilently(SERVICES, service('b', 30_002));
    const started = await followed();
    api.once('get', answer);
    const beganAt = performance.now();
    expect(confirmedBy(await started.confirm([ref('a')]))).toEqual(['a 30001', 'b 30002', 'complete', 'nothing of a']);
    expect(performance.now() - beganAt).toBeLessThan(1_500);
    expect(confirmedBy(await started.confirm([ref('a')]))).toEqual(['a 30001', 'b 30002', 'complete']);
  });

  it('asks for ten Services at most; the others stay as they were known', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `s${String(index).padStart(2, '0')}`);
    for (const [index, name] of names.entries()) api.putSilently(SERVICES, service(name, 30_001 + index));
    const started = await followed();
    api.always('get', json(404, {}));
    expect(confirmedBy(await started.confirm(names.map(ref)))).toEqual([
      's10 30011',
      's11 30012',
      'complete',
      'nothing of s10',
      'nothing of s11',
    ]);
    expect(gets().length).toBe(10);
  });

  it('shares GETs, but never one that began before the question', async () => {
    api.putSilently(SERVICES, service('a', 30_001));
    const started = await followed();
    let answerFirst = (): void => undefined;
    api.once('get', (response) => {
      answerFirst = (): void => json(200, service('a', 30_001))(response);
    });
    const first = started.confirm([ref('a')]);
    await vi.waitFor(() => expect(gets().length).toBe(1), PATIENT);
    api.forgetAll();
    const later = Promise.all(Array.from({ length: 20 }, () => started.confirm([ref('a')])));
    answerFirst();
    expect(confirmedBy(await first)).toEqual(['a 30001', 'complete']);
    expect((await later).map(confirmedBy)).toEqual(Array.from({ length: 20 }, () => ['complete']));
    expect(gets().length).toBe(2);
  });

  it('uses one connection for one after another', async () => {
    api.putSilently(SERVICES, service('a', 30_001));
    const started = await followed();
    for (let count = 0; count < 5; count += 1) await started.confirm([ref('a')]);
    expect(new Set(api.seen.filter(({ kind }) => kind === 'get').map(({ clientPort }) => clientPort)).size).toBe(1);
  });
});

describe('labels of a namespace', () => {
  it('come from the watch', async () => {
    api.putSilently(NAMESPACES, namespace('shop', 'a'));
    const started = await followed();
    expect([started.labelsOf('shop'), started.labelsOf('new')]).toEqual([{ team: 'a' }, undefined]);
    api.put(NAMESPACES, namespace('shop', 'b'));
    await vi.waitFor(() => expect(started.labelsOf('shop')).toEqual({ team: 'b' }), PATIENT);
    expect(await started.fetchLabels('shop')).toEqual({ team: 'b' });
    api.remove(NAMESPACES, '', 'shop');
    await vi.waitFor(() => expect(started.labelsOf('shop')).toBeUndefined(), PATIENT);
    expect(gets()).toEqual([]);
  });

  it('are fetched once where the watch is late, and kept until it knows better', async () => {
    const started = await followed();
    api.putSilently(NAMESPACES, namespace('new', 'a'));
    const fetched = await Promise.all([started.fetchLabels('new'), started.fetchLabels('new')]);
    expect([...fetched, await started.fetchLabels('new'), started.labelsOf('new')]).toEqual(
      Array.from({ length: 4 }, () => ({ team: 'a' })),
    );
    expect(gets()).toEqual(['/api/v1/namespaces/new']);
    api.put(NAMESPACES, namespace('new', 'b'));
    await vi.waitFor(() => expect(started.labelsOf('new')).toEqual({ team: 'b' }), PATIENT);
    api.remove(NAMESPACES, '', 'new');
    await vi.waitFor(() => expect(started.labelsOf('new')).toBeUndefined(), PATIENT);
  });

  it('that could not be fetched are not asked for again at once', async () => {
    const started = await followed();
    api.once('get', () => undefined);
    expect([await started.fetchLabels('slow'), await started.fetchLabels('slow')]).toEqual([undefined, undefined]);
    expect([await started.fetchLabels('none'), await started.fetchLabels('none')]).toEqual([undefined, undefined]);
    expect(gets()).toEqual(['/api/v1/namespaces/slow', '/api/v1/namespaces/none']);
    api.putSilently(NAMESPACES, namespace('none', 'a'));
    await vi.waitFor(async () => expect(await started.fetchLabels('none')).toEqual({ team: 'a' }), PATIENT);
  });

  it('are kept of a thousand fetched namespaces', async () => {
    const started = await followed();
    api.always('get', (response, { path }) => json(200, namespace(path, 'x'))(response));
    for (let index = 0; index < 1_001; index += 1) await started.fetchLabels(`n${index}`);
    expect([started.labelsOf('n0'), started.labelsOf('n1'), started.labelsOf('n1000')]).toEqual([
      undefined,
      { team: 'x' },
      { team: 'x' },
    ]);
  });
});
