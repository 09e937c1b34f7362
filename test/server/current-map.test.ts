import { describe, expect, it } from 'vitest';
import { auditCluster } from '../../src/audit/audit.ts';
import { fixedView } from '../../src/cluster/cluster-view.ts';
import { inventoryOf, makeHoldings, withCompleteness } from '../../src/domain/inventory.ts';
import type { Service } from '../../src/domain/service.ts';
import type { Policy } from '../../src/engine/policy.ts';
import type { PortMap } from '../../src/report/port-map.ts';
import { type Audited } from '../../src/server/audit-state.ts';
import { makeDoorsApp } from '../../src/server/doors.ts';
import { makeGate } from '../../src/server/gate.ts';
import { service, snapshotOf } from '../audit/cluster.ts';
import { serviceOf } from '../support/manifest.ts';
import { NOW } from '../support/now.ts';
import { gateParts } from '../support/open-gate.ts';
import { policyDocument, policyOf, poolDocument } from '../support/policy.ts';

function holder(name: string, nodePort: number): Service {
  return serviceOf({ metadata: { name }, spec: { type: 'NodePort', ports: [{ port: 80, nodePort }] } });
}

/** A gate of which everything that the map is made of can change. */
function changing() {
  const holdings = makeHoldings();
  let policy: Policy | undefined = policyOf(policyDocument({ 'node-port-range': {} }));
  let audited: Audited | undefined;
  let isComplete = true;
  const gate = makeGate({
    ...gateParts({ policy: undefined }),
    policy: { policy: () => policy, problems: () => [] },
    // As a cluster gives it: another object each time, around the same lists.
    cluster: {
      ...fixedView(inventoryOf([]), new Map()),
      inventory: () => withCompleteness(holdings.inventory, isComplete),
    },
    audit: { last: () => audited, remarks: () => [] },
  });
  const app = makeDoorsApp(gate, '127.0.0.1');
  return {
    holdings,
    use: (next: Policy) => (policy = next),
    audit: (next: Audited) => (audited = next),
    lose: () => (isComplete = false),
    async get(ifNoneMatch?: string, method: 'GET' | 'HEAD' = 'GET') {
      const headers = { host: 'localhost', ...(ifNoneMatch !== undefined && { 'if-none-match': ifNoneMatch }) };
      const { statusCode: status, headers: answered, body } = await app.inject({ method, url: '/ports', headers });
      const { etag, 'cache-control': caching, 'content-type': type } = answered;
      return { status, etag: String(etag), caching, type, body };
    },
  };
}

function portsIn(body: string): readonly string[] {
  const { ports } = JSON.parse(body) as PortMap;
  return ports.map(({ nodePort, name }) => `${nodePort} ${name}`);
}

describe('GET /ports', () => {
  it('has a strong tag that is the same as long as nothing changes, also in another gate', async () => {
    const [one, other] = [changing(), changing()];
    const answers = [await one.get(), await one.get(), await other.get()];
    const [first] = answers;
    expect(first).toEqual({
      status: 200,
      etag: expect.stringMatching(/^"[\w-]{43}"$/),
      caching: 'no-cache',
      type: 'application/json; charset=utf-8',
      body: expect.stringContaining('"kind":"PortMap"'),
    });
    expect(answers).toEqual([first, first, first]);
  });

  it('follows the inventory: a new tag, and the port is on the map', async () => {
    const { holdings, get } = changing();
    const empty = await get();
    holdings.put(holder('web', 30_080));
    const held = await get(empty.etag);
    holdings.put(holder('web', 30_081));
    const moved = await get(held.etag);
    holdings.remove({ namespace: 'shop', name: 'web' });
    const gone = await get(moved.etag);
    expect([held, moved, gone].map(({ status, body }) => [status, portsIn(body)])).toEqual([
      [200, ['30080 web']],
      [200, ['30081 web']],
      [200, []],
    ]);
    expect(new Set([empty, held, moved].map(({ etag }) => etag)).size).toBe(3);
    expect(gone.etag).toBe(empty.etag);
  });

  it('follows the policy, which has the pools', async () => {
    const { use, get } = changing();
    const before = await get();
    const policy = policyOf(policyDocument({ 'node-port-range': {} }), poolDocument('shop', '30100-30104'));
    use(policy);
    const { status, body } = await get(before.etag);
    const { policy: named, pools } = JSON.parse(body) as PortMap;
    expect([status, named, pools.map(({ name }) => name)]).toEqual([200, { hash: policy.hash }, ['shop']]);
  });

  it('follows the audit, which knows more than the inventory, but of less', async () => {
    const { holdings, audit, get } = changing();
    const [web, api] = [service('shop/web', { numbers: [30_080] }), service('shop/api', { numbers: [30_081] })];
    holdings.put(serviceOf(web));
    holdings.put(serviceOf(api));
    const before = await get();
    const { map } = auditCluster(
      snapshotOf([web, service('shop/gone', { numbers: [30_082] })]),
      policyOf(policyDocument({ 'node-port-range': {} })),
      NOW,
    );
    audit({ at: NOW, map, findings: [] });
    const { status, body } = await get(before.etag);
    const [webPort] = map.ports;
    const apiPort = { nodePort: 30_081, protocol: 'TCP', namespace: 'shop', name: 'api', port: 'p0', marks: [] };
    const services = map.services.filter(({ name }) => name === 'web');
    expect(map.ports.map(({ name, marks }) => [name, marks])).toEqual([
      ['web', ['open-to-world']],
      ['gone', ['open-to-world']],
    ]);
    expect([status, JSON.parse(body)]).toEqual([200, { ...map, ports: [webPort, apiPort], services }]);
  });

  it('says that not all Services are known', async () => {
    const { lose, get } = changing();
    const before = await get();
    lose();
    const { status, body } = await get(before.etag);
    expect([status, (JSON.parse(body) as PortMap).notKnown]).toEqual([200, ['services']]);
  });

  it.each([
    ['the tag', (tag: string) => tag, 304],
    ['a weak form of it', (tag: string) => `W/${tag}`, 304],
    ['a list with it', (tag: string) => `"a", W/"b,c" ,${tag}`, 304],
    ['anything', () => ' * ', 304],
    ['another one', () => '"a"', 200],
    ['the tag without quotes', (tag: string) => tag.slice(1, -1), 200],
    ['nothing', () => '', 200],
  ])('answers If-None-Match with %s', async (_title, header, status) => {
    const { get } = changing();
    const { etag, body, type } = await get();
    expect(await get(header(etag))).toEqual({
      status,
      etag,
      caching: 'no-cache',
      type: status === 304 ? undefined : type,
      body: status === 304 ? '' : body,
    });
  });

  it('answers HEAD with the same headers and no body', async () => {
    const { get } = changing();
    const whole = await get();
    expect(await get(undefined, 'HEAD')).toEqual({ ...whole, body: '' });
  });

  it('maps 5,000 Services in a fraction of a second, and asks for nothing when nobody has changed', async () => {
    const { holdings, get } = changing();
    for (let index = 0; index < 5_000; index += 1) holdings.put(holder(`web-${index}`, 20_000 + index));
    const timed = async (etag?: string): Promise<{ ms: number; etag: string; ports: number }> => {
      const startedAt = performance.now();
      const answer = await get(etag);
      const ms = performance.now() - startedAt;
      return { ms, etag: answer.etag, ports: answer.body === '' ? 0 : portsIn(answer.body).length };
    };
    const first = await timed();
    const again = await timed(first.etag);
    expect([first.ports, again.ports, again.etag]).toEqual([5_000, 0, first.etag]);
    expect(first.ms).toBeLessThan(1_000);
    expect(again.ms).toBeLessThan(100);
  });
});
