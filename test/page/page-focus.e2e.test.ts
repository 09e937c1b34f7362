import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Frame, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadPage } from '../../src/cli/page-file.ts';
import { pageWithMap } from '../../src/report/html.ts';
import type { PortMap } from '../../src/report/port-map.ts';
import { runEnvironment } from '../e2e/support/run-environment.ts';
import { startBrowser } from '../support/browser.ts';
import { expectSoon } from '../support/eventually.ts';
import { EMPTY_MAP, MAP } from './support/maps.ts';
import { openPage, type WatchedPage } from './support/watched-page.ts';

/** Where the focus, the history and what is in view are after each thing that somebody does. */
const directory = join(runEnvironment().directory, 'page-focus');
const file = join(directory, 'report.html');
const COUNT = 120;
/** In which little of the map is in view. */
const LOW = { width: 1360, height: 420 };

function manyPorts(): PortMap {
  const [port] = MAP.ports;
  const [service] = MAP.services;
  if (port === undefined || service === undefined) throw new Error('the map has neither ports nor services');
  const names = Array.from({ length: COUNT }, (_, index) => `web-${String(index).padStart(3, '0')}`);
  const [edge] = MAP.pools;
  return {
    ...EMPTY_MAP,
    policy: { hash: 'sha256:3f1c9a7be02d4c55' },
    auditedAt: '2026-11-29T00:58:10.250Z',
    ports: names.map((name, index) => ({ ...port, namespace: 'shop', name, nodePort: 30_000 + index, marks: [] })),
    services: names.map((name) => ({
      ...service,
      namespace: 'shop',
      name,
      findings: [{ rule: 'source-cidrs', enforcement: 'warn', message: 'x: it is open' }],
    })),
    pools: edge === undefined ? [] : [{ ...edge, ports: '30000-30199', reserved: '' }],
  };
}

let browser: Browser;
let address: string;
let opened: WatchedPage;
let page: Page;

beforeAll(async () => {
  mkdirSync(directory, { recursive: true });
  writeFileSync(file, pageWithMap(await loadPage(), manyPorts()));
  address = pathToFileURL(file).href;
  browser = await startBrowser();
});

afterAll(() => browser.close());

beforeEach(async () => {
  opened = await openPage(browser, address, { reducedMotion: 'reduce' });
  ({ page } = opened);
});

afterEach(() => expectNoTroubles(opened));

async function expectNoTroubles({ close, troubles }: WatchedPage): Promise<void> {
  await close();
  expect(troubles).toEqual([]);
}

function cell(number: number): ReturnType<Page['locator']> {
  return page.locator(`[data-number="${number}"]`);
}

/** The number of the focused cell, or the name or text of what has the focus. */
function focused(): Promise<string> {
  return page.evaluate(`(({ activeElement: one }) =>
    one.dataset.number ?? one.getAttribute('placeholder') ?? one.textContent.trim().slice(0, 60))(document)`);
}

async function openCard(number: number): Promise<void> {
  await cell(number).click();
  await page.getByRole('dialog', { name: String(number) }).waitFor();
}

const SEARCH = 'Search namespace, name, number, pool, contact, finding';

describe('the map', () => {
  it('scrolls to its end after a card has given the focus back', async () => {
    await page.setViewportSize(LOW);
    await cell(30_001).scrollIntoViewIfNeeded();
    await openCard(30_001);
    await page.keyboard.press('Escape');
    await expectSoon(focused, '30001');
    const end = 'Math.round(document.documentElement.scrollHeight - innerHeight)';
    for (let top: number = await page.evaluate('scrollY'); top < (await page.evaluate<number>(end)); top += 100) {
      await page.mouse.wheel(0, 100);
      await expectSoon(() => page.evaluate(`scrollY >= Math.min(${top + 100}, ${end}) - 1`), true);
    }
    await expectSoon(() => cell(32_767).isVisible(), true);
  });

  it('shows the whole of a cell that keys lead to, and what it says', async () => {
    await page.setViewportSize(LOW);
    await cell(30_001).scrollIntoViewIfNeeded();
    await openCard(30_001);
    await page.keyboard.press('Escape');
    const isClear = `document.activeElement.getBoundingClientRect().top >=
      document.querySelector('.filters').getBoundingClientRect().bottom`;
    await page.keyboard.press('Control+End');
    await expectSoon(focused, '32767');
    for (let number = 32_667; number >= 30_967; number -= 100) {
      await page.keyboard.press('ArrowUp');
      await expectSoon(focused, String(number));
      await expectSoon(() => page.evaluate(isClear), true);
      await expectSoon(() => page.locator('.tip').textContent(), `${number}, free`);
    }
    await page.getByRole('searchbox').focus();
    await expectSoon(() => page.locator('.tip').isHidden(), true);
  });

  it('rings the cell with the focus in two tones', async () => {
    await openCard(30_150);
    await page.keyboard.press('Escape');
    await page.keyboard.press('ArrowRight');
    await expectSoon(focused, '30151');
    const ring = `(({ outlineColor, boxShadow }) => [outlineColor, boxShadow])(getComputedStyle(document.activeElement))`;
    expect(await page.evaluate(ring)).toEqual(['rgb(23, 27, 33)', 'rgb(255, 255, 255) 0px 0px 0px 2px']);
  });

  it('is drawn to the lower edge when what is above it goes away', async () => {
    await page.goto(`${address}#q=web`);
    await page.reload();
    await page.locator('.matches').waitFor();
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.locator('.matches').waitFor({ state: 'detached' });
    const drawn = `Math.max(...[...document.querySelectorAll('.map .row')].map((row) => row.getBoundingClientRect().bottom))
      >= Math.min(innerHeight, document.querySelector('.map').getBoundingClientRect().bottom)`;
    await expectSoon(() => page.evaluate(drawn), true);
  });
});

describe('the focus goes', () => {
  it('from a rule in a card to the tab of findings', async () => {
    await openCard(30_001);
    await page.getByRole('dialog').getByRole('button', { name: 'source-cidrs' }).click();
    await expectSoon(focused, 'Findings');
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  it('from a cleared filter to the search', async () => {
    await page.getByRole('searchbox').fill('web');
    await page.getByRole('button', { name: 'Clear' }).click();
    await expectSoon(focused, SEARCH);
  });

  it('from a pool to the map', async () => {
    await page.goto(`${address}#tab=pools`);
    await page.getByRole('button', { name: 'edge' }).click();
    await expectSoon(focused, 'Map');
  });

  it('back to the cell when the browser goes back', async () => {
    await openCard(30_002);
    await page.goBack();
    await expectSoon(() => page.getByRole('dialog').count(), 0);
    expect(await focused()).toBe('30002');
  });

  it('from the rest of what was found to the tab of ports', async () => {
    await page.getByRole('searchbox').fill('web');
    await page.getByRole('button', { name: '115 more in Ports' }).click();
    await expectSoon(focused, 'Ports');
  });

  it('to the first of those that are shown as well', async () => {
    await page.goto(`${address}#tab=findings`);
    for (const first of ['shop/web-050', 'shop/web-100']) {
      await page.getByRole('button', { name: /^Show \d+ more of/ }).click();
      await expectSoon(async () => (await focused()).startsWith(first), true);
    }
    expect(await page.locator('.found').count()).toBe(COUNT);
  });
});

it('closing a card takes the step back that opened it', async () => {
  await page.getByRole('tab', { name: 'Ports' }).click();
  for (const close of ['Escape', 'Enter']) {
    await page.getByRole('button', { name: '30003' }).click();
    await page.getByRole('dialog', { name: '30003' }).waitFor();
    await page.getByRole('button', { name: 'Close' }).focus();
    await page.keyboard.press(close);
    await expectSoon(() => new URL(page.url()).hash, '#tab=ports');
  }
  await page.goBack();
  await expectSoon(() => new URL(page.url()).hash, '');
});

it('closing a card that a link has opened stays on the page', async () => {
  await page.goto(`${address}#port=30003`);
  await page.getByRole('button', { name: 'Close' }).click();
  await expectSoon(() => new URL(page.url()).hash, '');
});

it('Escape shows all again, from wherever', async () => {
  await page.getByRole('searchbox').fill('web');
  await cell(30_001).focus();
  await page.keyboard.press('Escape');
  await expectSoon(() => page.getByRole('searchbox').inputValue(), '');
  expect(await focused()).toBe('30001');
});

it('announces on the tab of findings what is found there', async () => {
  await page.goto(`${address}#tab=findings&q=web-00`);
  await expectSoon(() => page.locator('.count').textContent(), '10 objects with findings');
});

it('prints all findings, and what was asked for', async () => {
  await page.goto(`${address}#tab=findings&q=web`);
  await page.emulateMedia({ media: 'print' });
  await expectSoon(() => page.locator('.found').count(), COUNT);
  expect(await page.locator('.asked').innerText()).toBe('Only: search web');
});

describe('where the address cannot be changed, a card opens and closes', () => {
  async function useCard(place: Page | Frame): Promise<void> {
    await place.locator('[data-number="30001"]').click();
    const card = place.getByRole('dialog', { name: '30001' });
    await card.waitFor();
    await card.getByRole('button', { name: 'Close' }).click();
    await expectSoon(() => card.count(), 0);
  }

  it('in a blob', async () => {
    const html = readFileSync(file, 'utf8');
    const context = await browser.newContext();
    const blob = await context.newPage();
    await blob.evaluate(
      `void setTimeout((html) => { location.href = URL.createObjectURL(new Blob([html], { type: 'text/html' })) }, 0, ${JSON.stringify(html)})`,
    );
    await blob.getByRole('tablist').waitFor();
    expect(blob.url()).toMatch(/^blob:/);
    await useCard(blob);
    await context.close();
  });

  it('in a frame of another page', async () => {
    const html = readFileSync(file, 'utf8');
    const context = await browser.newContext();
    const outer = await context.newPage();
    await outer.setContent('<iframe width="1200" height="700" sandbox="allow-scripts"></iframe>');
    await outer.evaluate(`void (document.querySelector('iframe').srcdoc = ${JSON.stringify(html)})`);
    await expectSoon(() => outer.frames().length, 2);
    const frame = outer.frames()[1];
    if (frame === undefined) throw new Error('there is no frame');
    await useCard(frame);
    await context.close();
  });
});
