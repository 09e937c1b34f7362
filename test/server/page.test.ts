import { describe, expect, it } from 'vitest';
import { makeDoorsApp } from '../../src/server/doors.ts';
import { makeWebhookApp } from '../../src/server/webhook.ts';
import { makeAuthority } from '../../src/tls/authority.ts';
import { DEVELOPMENT_NAMES, makeLeaf } from '../../src/tls/leaf.ts';
import { NOW } from '../support/now.ts';
import { openGate, PAGE } from '../support/open-gate.ts';
import { startTlsGate } from './tls-gate.ts';

const TAG = expect.stringMatching(/^"[\w-]{43}"$/);

const HEADERS = {
  etag: TAG,
  'cache-control': 'no-cache',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};

/** Asks a listener with such a page; what differs from one answer to the next is left out. */
function pageOf(page: () => Promise<string>) {
  const app = makeDoorsApp(openGate({ policy: undefined, page }), '127.0.0.1');
  return async (headers: Readonly<Record<string, string>> = {}, url = '/') => {
    const answer = await app.inject({ url, headers: { host: 'localhost', ...headers } });
    const { date: _date, connection: _connection, ...others } = answer.headers;
    return { status: answer.statusCode, headers: others, body: answer.body };
  };
}

describe('GET /', () => {
  it('is the page, with the policy that it names itself and what cannot stand in it', async () => {
    expect(await pageOf(() => Promise.resolve(PAGE))()).toEqual({
      status: 200,
      headers: { ...HEADERS, 'content-type': 'text/html; charset=utf-8', 'content-length': String(PAGE.length) },
      body: PAGE,
    });
  });

  it('is 304 with the same protection for a browser that has it', async () => {
    const get = pageOf(() => Promise.resolve(PAGE));
    const etag = String((await get()).headers['etag']);
    expect(await get({ 'if-none-match': etag })).toEqual({ status: 304, headers: HEADERS, body: '' });
  });

  it('may be asked for with a query, which is the page’s own affair', async () => {
    expect((await pageOf(() => Promise.resolve(PAGE))({}, '/?pool=shop')).status).toBe(200);
  });

  it('is made when somebody asks, once for all who ask at the same time', async () => {
    let made = 0;
    const get = pageOf(async () => {
      made += 1;
      return PAGE;
    });
    const before = made;
    const answers = await Promise.all([get(), get()]);
    expect([before, made, answers.map(({ status }) => status), (await get()).status]).toEqual([0, 1, [200, 200], 200]);
  });

  it('is tried again when it could not be made', async () => {
    let tries = 0;
    const get = pageOf(async () => {
      tries += 1;
      if (tries === 1) throw new Error('the file is locked');
      return PAGE;
    });
    const failed = await get();
    expect([failed.status, JSON.parse(failed.body)]).toEqual([
      500,
      { error: { code: 'internal', message: 'the gate failed unexpectedly; its log has the details' } },
    ]);
    expect((await get()).status).toBe(200);
  });

  it('is not served without a policy of its own: then nothing would keep scripts out', async () => {
    expect((await pageOf(() => Promise.resolve('<!doctype html>'))()).status).toBe(500);
  });
});

describe('the webhook listener', () => {
  it('has the page and the map on loopback, behind the same guard', async () => {
    const running = await startTlsGate(undefined);
    const get = async (path: string, headers: Readonly<Record<string, string>> = {}): Promise<number> =>
      (await running.send(path, '', { method: 'GET', headers, checkServerIdentity: () => undefined })).status;
    const statuses = [
      await get('/'),
      await get('/ports'),
      await get('/ports', { host: 'evil.example' }),
      await get('/ports', { origin: `http://127.0.0.1:${running.port}` }),
      await get('/ports', { origin: `https://127.0.0.1:${running.port}` }),
    ];
    await running.close();
    expect(statuses).toEqual([200, 200, 403, 403, 200]);
  });

  it('has neither where others can reach it', async () => {
    const { cert, key } = await makeLeaf(await makeAuthority(NOW), DEVELOPMENT_NAMES, NOW);
    const app = makeWebhookApp(openGate({ policy: undefined }), '0.0.0.0', {
      material: { cert, key, ca: undefined },
      clientCa: undefined,
    });
    const statuses = ['/', '/ports', '/policy'].map(async (url) => (await app.inject(url)).statusCode);
    expect(await Promise.all(statuses)).toEqual([404, 404, 404]);
  });
});
