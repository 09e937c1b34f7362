import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GateProcess, startGate } from '../e2e/support/gate-process.ts';
import { runEnvironment } from '../e2e/support/run-environment.ts';
import { expectSoon } from '../support/eventually.ts';
import { startBrowser } from '../support/browser.ts';
import { openPage, type WatchedPage } from './support/watched-page.ts';
import { gateFlags, manyServices } from './support/cluster-dump.ts';

/** How the page looks to people with other eyes, screens, settings and paper, and to those who attack it. */
const directory = join(runEnvironment().directory, 'page-looks');
const HOSTILE = `"><img src=x onerror="alert(1)"><script>alert(2)</script>\u202e\u0000`;
const VIEWS = [
  '',
  '#q=web',
  '#tab=ports',
  '#tab=findings',
  '#tab=pools',
  '#tab=playground',
  '#port=30000',
  '#port=30050',
];

let gate: GateProcess;
let browser: Browser;
let address: string;

beforeAll(async () => {
  mkdirSync(directory, { recursive: true });
  const services = [
    ...manyServices(180).map((service, index) => ({ ...service, nodePort: 30_000 + index * 15 })),
    { namespace: 'games', name: 'lobby', nodePort: 22, port: HOSTILE, annotations: { [HOSTILE]: HOSTILE } },
    { namespace: HOSTILE, name: HOSTILE, nodePort: 30_007 },
    {
      namespace: 'shop',
      name: 'evil',
      nodePort: 30_008,
      annotations: { 'nodeport-gate.dev/source-cidrs': HOSTILE, 'nodeport-gate.dev/pool': HOSTILE },
    },
  ];
  gate = await startGate({ name: 'page-looks', directory, flags: gateFlags(directory, services) });
  address = `http://127.0.0.1:${gate.doorsPort}/`;
  browser = await startBrowser();
});

afterAll(async () => {
  await browser.close();
  await gate.stop();
});

/** Opens a view, does something there, and demands that nothing bad has happened. */
async function visit(
  hash: string,
  options: Parameters<typeof openPage>[2],
  look: (page: Page) => Promise<void>,
): Promise<void> {
  const opened: WatchedPage = await openPage(browser, address + hash, options);
  await look(opened.page);
  await opened.close();
  expect(opened.troubles).toEqual([]);
}

describe.each(['light', 'dark'] as const)('in %s colours', (colorScheme) => {
  // Its rules are put into the page, which the page would not allow.
  it.each(VIEWS)('axe finds nothing at %j', async (hash) => {
    await visit(hash, { colorScheme, bypassCSP: true, reducedMotion: 'reduce' }, async (page) => {
      if (hash.endsWith('playground')) await page.locator('.cm-content').waitFor();
      await page.evaluate(axe.source);
      const violations = await page.evaluate(`axe.run().then(({ violations }) => violations.map(
        ({ id, nodes }) => id + ': ' + nodes.slice(0, 3).map(({ html }) => html).join('\\n')))`);
      expect(violations).toEqual([]);
    });
  });

  it('can be changed to the other ones', async () => {
    const other = colorScheme === 'light' ? 'dark' : 'light';
    await visit('', { colorScheme }, async (page) => {
      const paper = (): Promise<string> => page.evaluate('getComputedStyle(document.body).backgroundColor');
      const before = await paper();
      await page.getByRole('button', { name: `Switch to ${other} colours` }).click();
      await page.getByRole('button', { name: `Switch to ${colorScheme} colours` }).waitFor();
      expect([before, await paper()].toSorted()).toEqual(['rgb(14, 18, 23)', 'rgb(255, 255, 255)']);
    });
  });
});

it.each(VIEWS)('runs nothing that somebody wrote into a Service, at %j', async (hash) => {
  await visit(hash, {}, async (page) => {
    await page.locator('[role=tabpanel]:not([hidden]) > *').first().waitFor();
    expect(await page.evaluate('document.querySelectorAll("img, main script, iframe").length')).toBe(0);
  });
});

it('shows a hostile name harmlessly', async () => {
  await visit('#port=30007', {}, async (page) => {
    const shown = String.raw`"><img src=x onerror="alert(1)"><script>alert(2)</script>\u202e\u0000`;
    expect(await page.getByRole('dialog').locator('h4').textContent()).toBe(`${shown}/${shown}`);
  });
});

describe.each([
  ['360 px wide', { viewport: { width: 360, height: 740 } }],
  ['at 200 %', { viewport: { width: 640, height: 450 }, deviceScaleFactor: 2 }],
])('%s', (_, options) => {
  it.each(VIEWS)('nothing is cut off at %j', async (hash) => {
    await visit(hash, options, async (page) => {
      await page.locator('[role=tabpanel]:not([hidden]) > *').first().waitFor();
      expect(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBe(
        0,
      );
    });
  });
});

it('prints the whole map and what was searched for, in light colours and without controls', async () => {
  await visit('#q=web-1', { colorScheme: 'dark' }, async (page) => {
    await page.emulateMedia({ media: 'print' });
    const seen = (): Promise<unknown> =>
      page.evaluate(`({
        paper: getComputedStyle(document.body).backgroundColor,
        controls: [...document.querySelectorAll('.scheme, .bar, .filters')].filter((one) => one.checkVisibility()).length,
        rows: document.querySelectorAll('.map .row').length,
        listed: document.querySelectorAll('table.ports tbody tr').length,
      })`);
    // web-100, web-104 and so on up to web-176, and web-12 and web-16.
    await expectSoon(seen, { paper: 'rgb(255, 255, 255)', controls: 0, rows: 28, listed: 22 });
  });
});
