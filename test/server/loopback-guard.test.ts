import { afterAll, describe, expect, it } from 'vitest';
import { inventoryOf } from '../../src/domain/inventory.ts';
import { makeDoorsApp } from '../../src/server/doors.ts';
import { drain, listen } from '../../src/server/listen.ts';
import { serviceOf } from '../support/manifest.ts';
import { openGate } from '../support/open-gate.ts';
import { policyDocument, policyOf } from '../support/policy.ts';
import { sendRaw } from '../support/raw-http.ts';

const inventory = inventoryOf([
  serviceOf({ metadata: { name: 'secret' }, spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 30100 }] } }),
]);
const app = makeDoorsApp(
  openGate({ policy: policyOf(policyDocument({ 'node-port-range': {} })), inventory }),
  '127.0.0.1',
);
const opened = await listen(app, { host: '127.0.0.1', port: 0, flag: '--doors-port' });
if (!opened.ok) throw new Error(opened.problems.join('\n'));
const port = opened.value;
const HOST = `127.0.0.1:${port}`;

afterAll(() => drain([app], 1000));

interface Short {
  readonly status: number;
  /** `ports` for the map, `page` for the page, else the code of the error. */
  readonly what: string;
}

async function send(lines: readonly string[], body = ''): Promise<Short> {
  const answer = await sendRaw(port, lines, body);
  // Whatever it is, no browser may take it for something else, and no other origin may embed it.
  expect([answer.headers['x-content-type-options'], answer.headers['cross-origin-resource-policy']]).toEqual([
    'nosniff',
    'same-origin',
  ]);
  expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
  if (answer.body.includes('<title>')) return { status: answer.status, what: 'page' };
  if (answer.body.includes('secret')) return { status: answer.status, what: 'ports' };
  const { error } = JSON.parse(answer.body) as { readonly error?: { readonly code: string } };
  return { status: answer.status, what: error?.code ?? answer.body };
}

function get(target: string, host: string, ...headers: readonly string[]): Promise<Short> {
  return send([`GET ${target} HTTP/1.1`, `Host: ${host}`, ...headers]);
}

function postForm(type: string, ...headers: readonly string[]): Promise<Short> {
  const body = 'a=b';
  return send(
    [`POST /dry-run HTTP/1.1`, `Host: ${HOST}`, `Content-Type: ${type}`, `Content-Length: ${body.length}`, ...headers],
    body,
  );
}

const PORTS: Short = { status: 200, what: 'ports' };
const PAGE: Short = { status: 200, what: 'page' };
const FOREIGN_HOST: Short = { status: 403, what: 'forbidden-host' };
const FOREIGN_ORIGIN: Short = { status: 403, what: 'forbidden-origin' };
const NOT_FOUND: Short = { status: 404, what: 'not-found' };

describe('names by which a browser was led here', () => {
  it.each([
    HOST,
    `localhost:${port}`,
    `LOCALHOST:${port}`,
    '127.0.0.1:8443',
    '127.9.9.9',
    `[::1]:${port}`,
    'localhost',
  ])('%s is this machine, through whatever port it was forwarded', async (host) => {
    expect(await get('/ports', host)).toEqual(PORTS);
  });

  it.each([
    'evil.example',
    `evil.example:${port}`,
    'evil.example:80',
    `localhost.evil.example:${port}`,
    `127.0.0.1.evil.example:${port}`,
    `127.0.0.1.nip.io:${port}`,
    `localhost.:${port}`,
    `127.0.0.1.:${port}`,
    `LOCALHOST.EXAMPLE:${port}`,
    `user@localhost:${port}`,
    `localhost:${port}@evil.example`,
    `localhost:${port}/evil.example`,
    'localhost:x',
    'localhost:',
    '10.0.0.1',
    '0.0.0.0',
    '0x7f.1',
    '2130706433',
    `[::2]:${port}`,
    '[::ffff:127.0.0.1]',
    '[::]',
    '::1',
    '127.0.0.1, evil.example',
    '',
  ])('%j is not', async (host) => {
    expect(await get('/ports', host)).toEqual(FOREIGN_HOST);
    expect(await get('/', host)).toEqual(FOREIGN_HOST);
  });

  it('the error says which one it was, and what to use', async () => {
    const { body } = await sendRaw(port, ['GET /ports HTTP/1.1', 'Host: evil.example:9091']);
    expect(JSON.parse(body)).toEqual({
      error: {
        code: 'forbidden-host',
        message: 'evil.example:9091 is not the name of this machine; use localhost or 127.0.0.1',
      },
    });
  });

  it('of two, the first counts', async () => {
    expect(await get('/ports', 'evil.example', `Host: ${HOST}`)).toEqual(FOREIGN_HOST);
  });
});

describe('requests of other origins', () => {
  it.each([
    ['http://evil.example'],
    ['https://evil.example'],
    ['http://localhost:1'],
    [`https://${HOST}`],
    [`http://${HOST}.evil.example`],
    [`http://${HOST}/`],
    ['null'],
    ['file://'],
    ['chrome-extension://abcdefghijklmnop'],
    [''],
  ])('with Origin: %s get nothing, whatever the method', async (origin) => {
    const header = `Origin: ${origin}`;
    expect(await get('/ports', HOST, header)).toEqual(FOREIGN_ORIGIN);
    expect(await get('/', HOST, header)).toEqual(FOREIGN_ORIGIN);
    expect(await postForm('text/plain', header)).toEqual(FOREIGN_ORIGIN);
  });

  it.each([['application/x-www-form-urlencoded'], ['text/plain'], ['multipart/form-data; boundary=x']])(
    'a form of another site that posts %s is refused before it is read',
    async (type) => {
      expect(await postForm(type, 'Origin: https://evil.example', 'Sec-Fetch-Site: cross-site')).toEqual(
        FOREIGN_ORIGIN,
      );
      expect(await postForm(type, 'Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: navigate')).toEqual(FOREIGN_ORIGIN);
      expect(await postForm(type, 'Sec-Fetch-Site: same-site')).toEqual(FOREIGN_ORIGIN);
    },
  );

  it.each([
    ['a script', 'no-cors', 'script'],
    ['an image', 'no-cors', 'image'],
    ['a frame', 'navigate', 'iframe'],
    ['an object', 'navigate', 'object'],
    ['a fetch', 'cors', 'empty'],
    ['a worker', 'same-origin', 'worker'],
  ])('%s of another site is refused, of /ports and of the page', async (_title, mode, dest) => {
    const from = (site: string): readonly string[] => [
      `Sec-Fetch-Site: ${site}`,
      `Sec-Fetch-Mode: ${mode}`,
      `Sec-Fetch-Dest: ${dest}`,
    ];
    for (const site of ['cross-site', 'same-site']) {
      expect(await get('/ports', HOST, ...from(site))).toEqual(FOREIGN_ORIGIN);
      expect(await get('/', HOST, ...from(site))).toEqual(FOREIGN_ORIGIN);
    }
  });

  it('a link of another site may open the page, and nothing else', async () => {
    const link = ['Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: document'];
    expect(await get('/', HOST, ...link)).toEqual(PAGE);
    expect(await get('/ports', HOST, ...link)).toEqual(FOREIGN_ORIGIN);
    expect(await get('/policy', HOST, ...link)).toEqual(FOREIGN_ORIGIN);
    expect(await get('/?x=/ports', HOST, ...link)).toEqual(FOREIGN_ORIGIN);
    expect(await send(['POST / HTTP/1.1', `Host: ${HOST}`, 'Content-Length: 0', ...link])).toEqual({
      status: 405,
      what: 'method-not-allowed',
    });
  });

  it('the error says where it came from', async () => {
    const { body } = await sendRaw(port, ['GET /ports HTTP/1.1', `Host: ${HOST}`, 'Sec-Fetch-Site: cross-site']);
    expect(JSON.parse(body)).toEqual({
      error: {
        code: 'forbidden-origin',
        message: 'cross-site is where this request comes from; open the page itself, or ask without a browser',
      },
    });
  });
});

describe('the page’s own requests', () => {
  it.each(['same-origin', 'none'])('with Sec-Fetch-Site: %s are answered', async (site) => {
    expect(await get('/ports', HOST, `Sec-Fetch-Site: ${site}`, 'Sec-Fetch-Mode: cors')).toEqual(PORTS);
  });

  it('may post', async () => {
    const answer = await postForm('text/plain', `Origin: http://${HOST}`, 'Sec-Fetch-Site: same-origin');
    expect(answer).toEqual({ status: 400, what: 'invalid-manifest' });
  });
});

describe('paths and methods', () => {
  it.each([
    '/../etc/passwd',
    '/../../../../etc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/..%2f..%2fetc%2fpasswd',
    '/..%5c..%5cwindows%5cwin.ini',
    '//etc/passwd',
    '//ports',
    '/ports/',
    '/./ports',
    '/%2fports',
    '/index.html',
    '/page.html',
    '/.git/config',
    '/src/main.ts',
    '/ports%00',
    '/ports;x',
  ])('%s is no route', async (path) => {
    expect(await get(path, HOST)).toEqual(NOT_FOUND);
  });

  it.each(['http://evil.example/ports', 'http://127.0.0.1/ports', `http://${HOST}/`, 'HTTPS://evil.example/ports'])(
    '%s, which is for proxies, is none either',
    async (target) => {
      expect(await get(target, HOST)).toEqual(NOT_FOUND);
    },
  );

  it.each(['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'])('%s is not possible', async (method) => {
    for (const path of ['/', '/ports', '/dry-run']) {
      expect(await send([`${method} ${path} HTTP/1.1`, `Host: ${HOST}`])).toEqual({
        status: 405,
        what: 'method-not-allowed',
      });
    }
  });

  it('answers no preflight of another origin', async () => {
    const { status, headers } = await sendRaw(port, [
      'OPTIONS /dry-run HTTP/1.1',
      `Host: ${HOST}`,
      'Origin: https://evil.example',
      'Access-Control-Request-Method: POST',
      'Access-Control-Request-Headers: content-type',
    ]);
    const allowed = Object.keys(headers).filter((name) => name.startsWith('access-control-'));
    expect([status, allowed]).toEqual([405, []]);
  });
});
