import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadPage } from '../../src/cli/page-file.ts';
import { isPortMap } from '../../src/page/model/harmless-map.ts';
import { pageWithMap } from '../../src/report/html.ts';
import { type GateProcess, startGate } from '../e2e/support/gate-process.ts';
import { runEnvironment } from '../e2e/support/run-environment.ts';
import { expectSoon } from '../support/eventually.ts';
import { startBrowser } from '../support/browser.ts';
import { openPage, type WatchedPage } from './support/watched-page.ts';
import { type DumpedService, gateFlags } from './support/cluster-dump.ts';
import { MAP } from './support/maps.ts';

/** The page of a real gate in a real browser, used as people use it. */
const SERVICES: readonly DumpedService[] = [
  { namespace: 'shop', name: 'web', nodePort: 30_010 },
  { namespace: 'shop', name: 'open', nodePort: 30_011, annotations: {} },
  { namespace: 'shop', name: 'api', nodePort: 30_012 },
  { namespace: 'team-a', name: 'api', nodePort: 30_012, local: false },
  { namespace: 'games', name: 'lobby', nodePort: 22, port: 'ssh' },
  { namespace: 'games', name: 'alias', nodePort: 30_010, type: 'ExternalName', port: 'x' },
];
const directory = join(runEnvironment().directory, 'page');

let gate: GateProcess;
let browser: Browser;
let address: string;
let opened: WatchedPage;
let page: Page;

beforeAll(async () => {
  mkdirSync(directory, { recursive: true });
  gate = await startGate({ name: 'page', directory, flags: gateFlags(directory, SERVICES) });
  address = `http://127.0.0.1:${gate.doorsPort}/`;
  browser = await startBrowser();
});

afterAll(async () => {
  await browser.close();
  await gate.stop();
});

beforeEach(async () => {
  opened = await openPage(browser, address, { permissions: ['clipboard-read', 'clipboard-write'] });
  ({ page } = opened);
});

afterEach(async () => {
  await expectNoTroubles(opened);
});

async function expectNoTroubles({ close, troubles }: WatchedPage): Promise<void> {
  await close();
  expect(troubles).toEqual([]);
}

/** What the cells and the strip above them say, without those that say `free` or `reserved`. */
function taken(): Promise<readonly string[]> {
  return page.evaluate(`[...document.querySelectorAll('.outside button, [role=gridcell]')]
    .map((cell) => cell.getAttribute('aria-label')).filter((label) => !/^\\d+, (free|reserved)/.test(label))`);
}

/** Of what has the focus, its accessible name or text. */
function focused(): Promise<string> {
  return page.evaluate(`document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent`);
}

function highlighted(): Promise<readonly string[]> {
  return page.evaluate(`[...document.querySelectorAll('[role=gridcell].hit')].map((cell) => cell.dataset.number)`);
}

function hash(): string {
  return new URL(page.url()).hash;
}

/** The rows of the list of ports, without its heads. */
function listed(): Promise<readonly string[]> {
  return page.evaluate(`[...document.querySelectorAll('table.ports tbody tr:not(.gap)')]
    .map((row) => [...row.cells].map((cell) => cell.textContent.trim()).filter(Boolean).join(' | '))`);
}

const TAKEN = [
  '22, held by games/lobby port ssh, outside the range, 2 findings',
  '30010, held by shop/web port http, carried by games/alias port x, pool shop, 1 finding',
  '30011, held by shop/open port http, pool shop, open to the world, 1 finding',
  '30012, held by shop/api port http, held by team-a/api port http, pool shop, shared, 4 findings',
];

describe('the map', () => {
  it('shows what is taken, and by whom', async () => {
    await expectSoon(taken, TAKEN);
    expect(await page.getByRole('grid').getAttribute('aria-label')).toBe('Ports 30000-32767');
    expect(await page.locator('.bands em').allTextContents()).toEqual(['shop', 'team-a', 'rest']);
  });

  it('says how many there are of each', async () => {
    expect(await page.locator('.figure').allTextContents()).toEqual([
      '4 ports held',
      '2,755 free',
      '1 open to the world',
      '1 shared',
      '1 squatted',
      '8 findings7 deny, 1 warn',
    ]);
  });

  it('is searched: `/` begins, words narrow, Escape ends', async () => {
    await page.keyboard.press('/');
    await page.keyboard.type('shop/web 30010');
    await expectSoon(() => page.locator('.count').textContent(), '1 port of 1 holder');
    expect([await highlighted(), hash()]).toEqual([['30010'], '#q=shop%2Fweb+30010']);
    await page.keyboard.press('Escape');
    await expectSoon(hash, '');
    expect([await highlighted(), await page.getByRole('searchbox').inputValue()]).toEqual([[], '']);
  });

  it('is filtered by its legend and by lists, and a link shows the same to others', async () => {
    await page.getByRole('button', { name: /^open to the world/ }).click();
    await page.getByLabel('Level').selectOption('warn');
    await expectSoon(hash, '#show=open-to-world&level=warn');
    const other = await openPage(browser, page.url());
    ({ page } = other);
    await expectSoon(highlighted, ['30011']);
    expect(await listed()).toEqual(['30011 | TCP | shop/open | http | shop | the world | 1 warn']);
    await expectNoTroubles(other);
  });

  it('finds a number that nothing has', async () => {
    await page.getByRole('searchbox').fill('30055');
    await expectSoon(listed, ['30055 | reserved | shop']);
  });
});

describe('a card', () => {
  it('opens on a click, is linked to, and gives the focus back', async () => {
    await page.locator('[data-number="30011"]').click();
    const card = page.getByRole('dialog', { name: '30011' });
    expect(await card.locator('dl').first().innerText()).toBe(
      [
        'Ports\nhttp TCP',
        'Who may connect\nthe world: the Service does not say who may',
        'Type\nNodePort',
        'Traffic policy\nLocal',
        'Answers on\nnodes with a ready pod; which ones is not known',
        'Policies\ndefault',
        'Since\nService created 2026-10-01 08:00:00 UTC',
      ].join('\n'),
    );
    expect(hash()).toBe('#port=30011');
    await page.keyboard.press('Escape');
    await expectSoon(hash, '');
    expect(await focused()).toBe(TAKEN[2]);
  });

  it('of a free port has the line to copy', async () => {
    await page.goto(`${address}#port=30020`);
    await page.getByRole('button', { name: 'Copy line for a manifest' }).click();
    await expectSoon(() => page.evaluate('navigator.clipboard.readText()'), 'nodePort: 30020');
    const said = (): Promise<string | null> => page.getByRole('dialog').locator('.copy span').textContent();
    await expectSoon(said, 'copied');
    await page.evaluate(`location.hash = 'port=30021'`);
    await expectSoon(() => page.getByRole('dialog').locator('.copy code').textContent(), 'nodePort: 30021');
    expect(await said()).toBe('');
  });

  it('of a number outside the range does not call it free', async () => {
    await page.goto(`${address}#port=80`);
    expect(await page.getByRole('dialog').locator('.state').innerHTML()).toBe(' outside the range');
  });

  it('leads from a finding to all of its rule', async () => {
    await page.goto(`${address}#port=22`);
    await page.getByRole('button', { name: 'node-port-range', exact: true }).click();
    await expectSoon(hash, '#tab=findings&rule=node-port-range');
    expect(await page.locator('.found .ref').allTextContents()).toEqual(['games/lobby']);
  });
});

it('needs no mouse', async () => {
  await page.locator('.outside button').first().focus();
  await expectSoon(focused, TAKEN[0]);
  const keys: readonly (readonly [string, string])[] = [
    ['Tab', '30000, free, pool shop'],
    ['ArrowRight', '30001, free, pool shop'],
    ['End', '30099, free, pool shop'],
    ['ArrowDown', '30199, free, pool team-a'],
    ['PageDown', '30699, free'],
    ['Control+End', '32767, free'],
    ['Control+Home', '30000, free, pool shop'],
    ['Enter', 'Close'],
    ['Escape', '30000, free, pool shop'],
  ];
  for (const [key, name] of keys) {
    await page.keyboard.press(key);
    await expectSoon(focused, name);
  }
  await page.getByRole('tab', { name: 'Map' }).focus();
  for (const name of ['Ports', 'Findings', 'Pools', 'Playground', 'Map']) {
    await page.keyboard.press('ArrowRight');
    await expectSoon(() => page.getByRole('tab', { selected: true }).textContent(), name);
  }
});

it('leaves the focus on its port when another one is gone', async () => {
  await page.getByRole('tab', { name: 'Ports' }).click();
  await page.getByRole('button', { name: '30011' }).focus();
  await page.route('**/ports', async (route) => {
    const response = await route.fetch({ headers: { accept: 'application/json' } });
    const map: unknown = await response.json();
    if (!isPortMap(map)) throw new Error('the gate gave no map');
    await route.fulfill({ json: { ...map, ports: map.ports.filter(({ nodePort }) => nodePort !== 22) } });
  });
  await expect.poll(() => page.getByRole('button', { name: '22', exact: true }).count(), { timeout: 20_000 }).toBe(0);
  expect(await focused()).toBe('30011');
});

it('follows the gate: says when it is gone, and shows what has changed when it is back', async () => {
  await expectSoon(taken, TAKEN);
  await gate.stop();
  await expect
    .poll(() => page.locator('.lost').textContent(), { timeout: 20_000 })
    .toMatch(/^connection lost, showing \d\d:\d\d:\d\d UTC$/);
  await gate.start(gateFlags(directory, [{ namespace: 'shop', name: 'new', nodePort: 30_020 }]));
  const now = ['30020, held by shop/new port http, pool shop'];
  await expect.poll(taken, { timeout: 30_000 }).toEqual(now);
  expect(await page.locator('.lost').textContent()).toBe('');
  await gate.stop();
  await gate.start(gateFlags(directory, SERVICES));
});

describe('as a file', () => {
  it('shows its map, asks nobody, and says where a playground is', async () => {
    const file = join(directory, 'report.html');
    const hostile = '</script><img src=x onerror=alert(1)>';
    const services = MAP.services.map((service) => ({ ...service, policies: [hostile, '\u202egnp.exe'] }));
    writeFileSync(file, pageWithMap(await loadPage(), { ...MAP, services }));
    const report = await openPage(browser, `${pathToFileURL(file).href}#port=22`);
    ({ page } = report);
    expect(await page.locator('dialog dl').first().innerText()).toContain(`Policies\n${hostile}, \\u202egnp.exe`);
    await page.keyboard.press('Escape');
    expect(await page.locator('.provenance').innerText()).toBe(
      'Range\n30000-30009\nPolicy\nsha256:3f1c9a7be02d\nAs of\n2026-11-29 00:58:10 UTC',
    );
    await page.getByRole('tab', { name: 'Playground' }).click();
    expect(await page.getByRole('heading', { level: 2 }).textContent()).toBe('The playground needs a gate to ask');
    await report.close();
    expect([report.asked, report.troubles]).toEqual([[pathToFileURL(file).href], []]);
  });
});
