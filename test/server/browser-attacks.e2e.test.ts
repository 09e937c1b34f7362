import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { inventoryOf } from '../../src/domain/inventory.ts';
import { makeDoorsApp } from '../../src/server/doors.ts';
import { drain, listen } from '../../src/server/listen.ts';
import { startBrowser } from '../support/browser.ts';
import { expectSoon } from '../support/eventually.ts';
import { serviceOf } from '../support/manifest.ts';
import { openGate } from '../support/open-gate.ts';
import { policyDocument, policyOf } from '../support/policy.ts';

/**
 * A page of another origin, in a real Chromium on the machine of the doors, tries to read the port map and to post a
 * manifest. What the attacker's scripts got is asked of the browser, what the doors answered of the doors.
 */
const WEB =
  '{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {type: NodePort, ports: [{port: 80}]}}';
const OWN_PAGE = `<!doctype html>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; connect-src 'self'">
<title>the page</title>`;

const inventory = inventoryOf([
  serviceOf({ metadata: { name: 'secret' }, spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 30100 }] } }),
]);

let app: FastifyInstance;
let doors = '';
let port = 0;
let attacker: Server;
let attackerPort = 0;
let browser: Browser;
let page: Page;
/** What the attacker's server gives for any path. */
let attack = '';
/** `GET /ports 403`, in the order of the answers. */
const answers: string[] = [];

beforeAll(async () => {
  const policy = policyOf(policyDocument({ 'node-port-range': {} }));
  app = makeDoorsApp(openGate({ policy, inventory, page: () => Promise.resolve(OWN_PAGE) }), '127.0.0.1');
  app.addHook('onResponse', (request, reply, done) => {
    // Chromium asks for an icon of every page it shows.
    if (request.url !== '/favicon.ico') answers.push(`${request.method} ${request.url} ${reply.statusCode}`);
    done();
  });
  const opened = await listen(app, { host: '127.0.0.1', port: 0, flag: '--doors-port' });
  if (!opened.ok) throw new Error(opened.problems.join('\n'));
  port = opened.value;
  doors = `http://127.0.0.1:${port}`;
  attacker = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end(attack);
  });
  await new Promise<void>((resolve) => attacker.listen(0, '127.0.0.1', resolve));
  attackerPort = (attacker.address() as AddressInfo).port;
  // Chromium keeps pages of the internet away from this machine by itself. Other browsers do not.
  browser = await startBrowser(['evil.example'], ['--disable-features=LocalNetworkAccessChecks']);
});

afterEach(async () => {
  await page.close();
  answers.length = 0;
});

afterAll(async () => {
  await browser.close();
  attacker.close();
  await drain([app], 1000);
});

/** Opens a page that the attacker wrote. */
async function lure(html: string, origin = `http://evil.example:${attackerPort}`): Promise<void> {
  attack = `<!doctype html><title>kittens</title>${html}`;
  page = await browser.newPage();
  await page.goto(`${origin}/`);
}

interface Asked {
  readonly method?: 'POST';
  readonly mode?: 'no-cors';
  readonly body?: string;
  readonly headers?: Record<string, string>;
}

/** What a script of the page that is open gets of the doors: status and text, or that it gets nothing. */
function fetched(path: string, init: Asked = {}): Promise<string> {
  return page.evaluate(
    async ([url, options]) =>
      fetch(url, options).then(
        async (answer) => `${answer.status} ${answer.type} ${(await answer.text()).slice(0, 60)}`,
        () => 'nothing',
      ),
    [`${doors}${path}`, init] as const,
  );
}

const POST: Asked = { method: 'POST', body: WEB };

describe('a page of another site', () => {
  it('reads nothing, and what it posts is judged by nobody', async () => {
    await lure('');
    const got = [
      await fetched('/ports'),
      await fetched('/dry-run', POST),
      await fetched('/dry-run', { ...POST, headers: { 'content-type': 'application/json' } }),
    ];
    // Without CORS a script may send, and sees neither status nor text.
    const blind = [
      await fetched('/ports', { mode: 'no-cors' }),
      await fetched('/dry-run', { ...POST, mode: 'no-cors' }),
    ];
    expect(got).toEqual(['nothing', 'nothing', 'nothing']);
    // Cross-Origin-Resource-Policy: not even the opaque answer.
    expect(blind).toEqual(['nothing', 'nothing']);
    expect(answers).toEqual([
      'GET /ports 403',
      'POST /dry-run 403',
      'OPTIONS /dry-run 405',
      'GET /ports 403',
      'POST /dry-run 403',
    ]);
  });

  it.each(['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain'])(
    'posts no form of %s',
    async (type) => {
      await lure(`<form method=post enctype="${type}" action="${doors}/dry-run"><input name=a value=b></form>`);
      await Promise.all([page.waitForURL(`${doors}/dry-run`), page.evaluate('document.forms[0].submit()')]);
      expect([answers, await page.textContent('body')]).toEqual([
        ['POST /dry-run 403'],
        expect.stringContaining('"code":"forbidden-origin"'),
      ]);
    },
  );

  it.each([
    ['script', `<script src="DOORS/ports"></script>`, '/ports'],
    ['image', `<img src="DOORS/ports">`, '/ports'],
    ['style sheet', `<link rel=stylesheet href="DOORS/ports">`, '/ports'],
    ['object', `<object data="DOORS/ports"></object>`, '/ports'],
    ['frame of the map', `<iframe src="DOORS/ports"></iframe>`, '/ports'],
    ['frame of the page', `<iframe src="DOORS/"></iframe>`, '/'],
    ['frame without an origin', `<iframe sandbox="allow-scripts" src="DOORS/"></iframe>`, '/'],
  ])('embeds no %s', async (_title, html, path) => {
    await lure(html.replaceAll('DOORS', doors));
    await expectSoon(() => [...answers], [`GET ${path} 403`]);
  });

  it('may link to the page, but reads nothing in the tab that it opens', async () => {
    await lure(
      `<a href="${doors}/" target=tab onclick="event.preventDefault(); opened = window.open(this.href)">ports</a>`,
    );
    const [tab] = await Promise.all([page.waitForEvent('popup'), page.click('a')]);
    await tab.waitForURL(`${doors}/`);
    await expectSoon(() => tab.title(), 'the page');
    const seen = await page.evaluate<unknown>('[opened.closed, opened.length]');
    // Cross-Origin-Opener-Policy cuts the tie: to the attacker the tab looks closed.
    expect([seen, await tab.evaluate<unknown>('opener === null'), answers]).toEqual([[true, 0], true, ['GET / 200']]);
    await tab.close();
  });
});

describe('another program of this machine', () => {
  it('that serves a page on another port is another origin, too', async () => {
    await lure(`<script src="${doors}/ports"></script>`, `http://127.0.0.1:${attackerPort}`);
    expect([await fetched('/ports'), await fetched('/dry-run', POST)]).toEqual(['nothing', 'nothing']);
    expect(answers).toEqual(['GET /ports 403', 'GET /ports 403', 'POST /dry-run 403']);
  });
});

describe('a name that leads here (DNS rebinding)', () => {
  it('gets nothing, although to the browser it is one origin', async () => {
    const rebound = `http://evil.example:${port}`;
    page = await browser.newPage();
    // The first answer came from the attacker's machine, under the name that now means this one.
    await page.route(`${rebound}/`, (route) =>
      route.fulfill({ contentType: 'text/html', body: '<title>kittens</title>' }),
    );
    await page.goto(`${rebound}/`);
    const got = await page.evaluate(
      async (manifest) =>
        Promise.all(
          ['/ports', '/policy', '/dry-run'].map(async (path) => {
            const init = path === '/dry-run' ? { method: 'POST', body: manifest } : {};
            const answer = await fetch(path, init);
            const { error } = (await answer.json()) as { readonly error?: { readonly code: string } };
            return `${path} ${answer.status} ${error?.code}`;
          }),
        ),
      WEB,
    );
    expect(got).toEqual(['/ports', '/policy', '/dry-run'].map((path) => `${path} 403 forbidden-host`));
    expect(answers.toSorted()).toEqual(['GET /policy 403', 'GET /ports 403', 'POST /dry-run 403']);
  });
});

describe('the page itself', () => {
  it.each(['127.0.0.1', 'localhost'])('reads and posts, under the name %s', async (name) => {
    page = await browser.newPage();
    doors = `http://${name}:${port}`;
    await page.goto(`${doors}/`);
    expect([await fetched('/ports'), await fetched('/dry-run', POST)]).toEqual([
      expect.stringMatching(/^200 basic \{"apiVersion"/),
      expect.stringMatching(/^200 basic shop\/web: allowed/),
    ]);
    doors = `http://127.0.0.1:${port}`;
  });
});
