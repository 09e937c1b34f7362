import { describe, expect, it } from 'vitest';
import type { ClusterView } from '../../src/cluster/cluster-view.ts';
import { type Inventory, inventoryOf } from '../../src/domain/inventory.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import type { Labels } from '../../src/domain/selection.ts';
import { valueAt } from '../../src/domain/path.ts';
import { formatRef, type Service } from '../../src/domain/service.ts';
import { doorsOf, post } from '../support/doors.ts';
import { reviewOf } from '../support/gate.ts';
import { manifest, serviceOf } from '../support/manifest.ts';
import { policyDocument, policyOf, poolDocument } from '../support/policy.ts';

const policy = policyOf(policyDocument({ 'node-port-conflict': {} }), poolDocument('shop', '30100-30109'));
const held = holding('db', 30_105);
const taken = [manifest(spec(30_105))] as const;
const HELD = 'spec.ports[0].nodePort: 30105 is held by shop/db (port http), pool shop; use 30103, 30106 or 30100';

function spec(nodePort: number): JsonObject {
  return { spec: { type: 'NodePort', ports: [{ name: 'http', port: 80, protocol: 'TCP', nodePort }] } };
}

function holding(name: string, number: number): Service {
  return serviceOf({ metadata: { name }, ...spec(number) });
}

interface Script {
  readonly known: Inventory;
  /** What the API server says when it is asked, `none` when it does not answer; absent: it must not be asked. */
  readonly answer?: Inventory | 'none';
  readonly labels?: Labels;
}

/** A cluster that writes down what it was asked. */
function clusterOf({ known, answer, labels }: Script): ClusterView & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    inventory: () => known,
    labelsOf: () => undefined,
    confirm: (services) => {
      asked.push(...services.map(formatRef));
      if (answer === undefined) return Promise.reject(new Error('nobody may ask'));
      return Promise.resolve(
        answer === 'none' ? { inventory: known, unanswered: services } : { inventory: answer, unanswered: [] },
      );
    },
    fetchLabels: (namespace) => {
      asked.push(namespace);
      return Promise.resolve(labels);
    },
    notReady: () => [],
    remarks: () => [],
  };
}

/** `allowed`, or the message. */
async function ask(script: Script, url: string, body: JsonObject): Promise<readonly [string, readonly string[]]> {
  const cluster = clusterOf(script);
  const { response } = (await post(doorsOf(policy, { cluster }), url, reviewOf(body))) as {
    response: { allowed: boolean; status?: { message: string }; warnings?: readonly string[] };
  };
  return [
    response.allowed ? ['allowed', ...(response.warnings ?? [])].join(': ') : (response.status?.message ?? ''),
    cluster.asked,
  ];
}

describe.each(['/mutate', '/validate'])('%s', (url) => {
  it('never asks the API server for an allowance', async () => {
    expect(await ask({ known: inventoryOf([held]) }, url, manifest(spec(30_106)))).toEqual(['allowed', []]);
  });

  it('asks once about the holder and denies when it is still there', async () => {
    const known = inventoryOf([held]);
    const expected = [`${HELD} [node-port-conflict]`, ['shop/db']];
    expect(await ask({ known, answer: known }, url, ...taken)).toEqual(expected);
    expect(await ask({ known, answer: inventoryOf([held]) }, url, ...taken)).toEqual(expected);
  });

  it('allows when the holder is gone, or has another number by now', async () => {
    const known = inventoryOf([held]);
    expect(await ask({ known, answer: inventoryOf([]) }, url, ...taken)).toEqual(['allowed', ['shop/db']]);
    const moved = inventoryOf([holding('db', 30_107)]);
    expect(await ask({ known, answer: moved }, url, ...taken)).toEqual(['allowed', ['shop/db']]);
  });

  it('names the holder as it is now', async () => {
    const known = inventoryOf([holding('old', 30_105)]);
    expect(await ask({ known, answer: inventoryOf([held]) }, url, ...taken)).toEqual([
      `${HELD} [node-port-conflict]`,
      ['shop/old'],
    ]);
  });

  it('asks about every holder of the number, ten at most', async () => {
    const known = inventoryOf(Array.from({ length: 12 }, (_, index) => holding(`db-${10 + index}`, 30_105)));
    const [, asked] = await ask({ known, answer: known }, url, ...taken);
    expect(asked).toEqual(Array.from({ length: 10 }, (_, index) => `shop/db-${10 + index}`));
  });
});

describe('an API server that does not answer', () => {
  it.each(['/mutate', '/validate'])('about the holder makes no allowance of a known conflict at %s', async (url) => {
    const script = { known: inventoryOf([held]), answer: 'none' } as const;
    expect(await ask(script, url, ...taken)).toEqual([`${HELD} [node-port-conflict]`, ['shop/db']]);
  });

  it.each<[string, Inventory | 'none', boolean]>([
    ['about a Service that is created again does not keep its number from it', 'none', true],
    ['is not one that says that it is gone: it gets its number again', inventoryOf([]), true],
    [
      'is not one that says that it is there: that must be refused for its name',
      inventoryOf([holding('web', 30_105)]),
      false,
    ],
  ])('%s', async (_case, answer, isAssigned) => {
    const cluster = clusterOf({ known: inventoryOf([holding('web', 30_105)]), answer });
    const body = manifest({ metadata: { name: 'web' }, spec: { type: 'NodePort', ports: [{ port: 80 }] } });
    const { response } = (await post(doorsOf(policy, { cluster }), '/mutate', reviewOf(body))) as {
      response: { allowed: boolean; patch?: string };
    };
    expect([response.allowed, response.patch !== undefined, cluster.asked]).toEqual([true, isAssigned, ['shop/web']]);
  });
});

describe('/dry-run', () => {
  async function dryRun(script: Script, ...objects: readonly JsonObject[]): Promise<readonly unknown[]> {
    const cluster = clusterOf(script);
    const body = { apiVersion: 'v1', kind: 'List', items: objects };
    const list = (await post(doorsOf(policy, { cluster }), '/dry-run', body)) as {
      items: readonly { allowed: boolean; findings: readonly { message: string }[] }[];
    };
    const verdicts = list.items.map(({ allowed, findings }) => (allowed ? 'allowed' : findings[0]?.message));
    return [verdicts, cluster.asked];
  }

  it('asks about the holder as the webhook does', async () => {
    const known = inventoryOf([held]);
    expect(await dryRun({ known, answer: known }, ...taken)).toEqual([[HELD], ['shop/db']]);
    expect(await dryRun({ known, answer: inventoryOf([]) }, ...taken)).toEqual([['allowed'], ['shop/db']]);
    expect(await dryRun({ known, answer: 'none' }, ...taken)).toEqual([[HELD], ['shop/db']]);
  });

  it('asks about each holder once in a batch, and about a hundred at most', async () => {
    const known = inventoryOf([held]);
    expect(await dryRun({ known, answer: known }, ...taken, ...taken)).toEqual([[HELD, HELD], ['shop/db']]);
    const many = Array.from({ length: 102 }, (_, index) => 30_105 + index);
    const holders = inventoryOf(many.map((number) => holding(`db-${number}`, number)));
    const [, asked] = await dryRun(
      { known: holders, answer: holders },
      ...many.map((number) => manifest({ metadata: { name: `web-${number}` }, ...spec(number) })),
    );
    expect(asked).toEqual(many.slice(0, 100).map((number) => `shop/db-${number}`));
  });

  it('does not ask about a holder that is in the batch itself', async () => {
    const first = manifest({ metadata: { name: 'first' }, ...spec(30_105) });
    expect(await dryRun({ known: inventoryOf([]) }, first, ...taken)).toEqual([
      ['allowed', HELD.replace('shop/db', 'shop/first')],
      [],
    ]);
  });
});

describe('a namespace that nobody has heard of yet', () => {
  const selective = policyOf(policyDocument({ 'node-port-pool': { unowned: 'deny' } }), {
    kind: 'NodePortPool',
    metadata: { name: 'web' },
    spec: { ports: ['30100-30109'], namespaceSelector: { matchLabels: { team: 'web' } } },
  });
  const cluster = (labels: Labels | undefined): ReturnType<typeof clusterOf> =>
    clusterOf({ known: inventoryOf([]), ...(labels !== undefined && { labels }) });

  it.each(['/mutate', '/validate', '/dry-run'])('is fetched once by %s, and its labels count', async (url) => {
    const view = cluster({ team: 'web' });
    const body = url === '/dry-run' ? manifest(spec(30_105)) : reviewOf(manifest(spec(30_105)));
    const answer = await post(doorsOf(selective, { cluster: view }), url, body);
    expect([view.asked, JSON.stringify(answer).includes('"allowed":true')]).toEqual([['shop'], true]);
  });

  it('is not fetched for a policy that reads no labels', async () => {
    const view = cluster({ team: 'web' });
    await post(doorsOf(policy, { cluster: view }), '/mutate', reviewOf(manifest(spec(30_105))));
    expect(view.asked).toEqual([]);
  });

  it('leaves the rule undetermined when the API server does not know it either', async () => {
    const view = cluster(undefined);
    const answer = await post(doorsOf(selective, { cluster: view }), '/dry-run', manifest(spec(30_105)));
    const undetermined = valueAt(answer, ['items', 0, 'undetermined']) as readonly JsonObject[];
    expect([view.asked, undetermined.map(({ rule, needs }) => [rule, needs])]).toEqual([
      ['shop'],
      [['node-port-pool', 'namespace']],
    ]);
  });
});
