import { afterEach, beforeEach, expect, it } from 'vitest';
import { connect } from '../../src/cluster/api/api-client.ts';
import { listCollection, type Listed } from '../../src/cluster/collection-list.ts';
import { type FakeApiServer, json, startFakeApiServer } from './support/fake-api-server.ts';

const SERVICES = '/api/v1/services';
/** What the annotations of one object may have at most; JSON writes each of these as six bytes. */
const ANNOTATION = '\u0001'.repeat(256 * 1024);
const MOST_OF_ETCD = '\u0001'.repeat(1536 * 1024);

let api: FakeApiServer;

beforeEach(async () => {
  api = await startFakeApiServer();
});

afterEach(async () => {
  await api.close();
});

const names = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
const put = (name: string, annotation = '') =>
  api.putSilently(SERVICES, { metadata: { namespace: 'shop', name, annotations: { a: annotation } } });

async function list(): Promise<Listed<{ readonly name: string }>> {
  const client = await connect({ kubeconfig: api.kubeconfig });
  if (!client.ok) throw new Error(client.problems.join());
  return listCollection(client.value, {
    path: SERVICES,
    pageSize: 50,
    timeoutMs: 20_000,
    signal: new AbortController().signal,
    trim: ({ metadata }) => ({ name: (metadata as { readonly name: string }).name }),
  });
}

/** `50@0`: the limit, and where the page began. */
const asked = () => api.seen.map(({ query }) => `${query['limit']}@${query['continue']?.split(':')[1] ?? 0}`);

it('is listed all the same when somebody makes objects as large as they may be', async () => {
  const all = [...names('large', 30), ...names('small', 100)];
  for (const name of all) put(name, name.startsWith('large') ? ANNOTATION : '');
  const { objects } = await list();
  expect(objects).toEqual(all.map((name) => ({ name })));
  expect(asked().join(' ')).toBe('50@0 25@0 12@0 6@0 6@6 6@12 6@18 12@24 12@36 12@48 12@60 24@72 24@96 24@120');
});

it('reads one object with as much as etcd keeps', async () => {
  for (const name of ['a', 'b', 'c']) put(name, MOST_OF_ETCD);
  expect((await list()).objects).toEqual([{ name: 'a' }, { name: 'b' }, { name: 'c' }]);
});

it('gives up on a page of one object that is too long', async () => {
  put('endless', 'x'.repeat(17 * 1024 * 1024));
  await expect(list()).rejects.toMatchObject({
    name: 'ApiTooLong',
    message: 'the answer is longer than 16777216 bytes',
  });
  expect(asked()).toEqual(['50@0', '25@0', '12@0', '6@0', '3@0', '1@0']);
});

it('goes on with the same page when the API server is busy, but not for ever', async () => {
  const all = names('small', 120);
  for (const name of all) put(name);
  const upTo = (next: number) =>
    json(200, { metadata: { resourceVersion: '220', continue: `220:${next}` }, items: [] });
  const busy = json(429, {}, { 'retry-after': '0' });
  api.once('list', upTo(50));
  api.once('list', busy);
  api.once('list', upTo(60));
  for (let count = 0; count < 5; count += 1) api.once('list', busy);
  await expect(list()).rejects.toMatchObject({ name: 'ApiRefused', status: 429 });
  expect(asked()).toEqual(['50@0', '50@50', '50@50', ...Array.from({ length: 5 }, () => '50@60')]);
});

it.each([
  ['one page', ['a', 'a'], ['50@0', '50@a']],
  ['several pages', ['a', 'b', 'a'], ['50@0', '50@a', '50@b']],
])('stops when a server leads back to %s', async (_, tokens, expected) => {
  for (const token of tokens) {
    api.once('list', json(200, { metadata: { resourceVersion: '1', continue: `1:${token}` }, items: [] }));
  }
  await expect(list()).rejects.toMatchObject({
    name: 'ApiUnreadable',
    message:
      'the pages of /api/v1/services go round in a circle; check the address, and what answers in place of the API server',
  });
  expect(asked()).toEqual(expected);
});
