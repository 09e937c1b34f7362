import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { atlasOf } from '../../src/page/model/atlas.ts';
import { isPortMap } from '../../src/page/model/harmless-map.ts';
import { matchText, search } from '../../src/page/model/search.ts';
import { type GateProcess, startGate } from '../e2e/support/gate-process.ts';
import { runEnvironment } from '../e2e/support/run-environment.ts';
import { expectSoon } from '../support/eventually.ts';
import { startBrowser } from '../support/browser.ts';
import { openPage, type WatchedPage } from './support/watched-page.ts';
import { gateFlags, manyServices } from './support/cluster-dump.ts';

/** A large cluster: more Services than the range has numbers. */
const SERVICES = 5000;
const LONGEST_START_MS = 1000;
const LONGEST_TASK_MS = 100;
/** These figures are of a machine that does nothing else; a task also waits for what it does beside. */
const BUSY_MACHINE = { retry: 3 };
const directory = join(runEnvironment().directory, 'page-scale');

/** When the first cells had been painted, and every task that kept the page from answering for longer than 50 ms. */
const MEASURE = `
  globalThis.tasks = [];
  new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration)))
    .observe({ type: 'longtask', buffered: true });
  new MutationObserver((_, observer) => {
    if (document.querySelector('[role=gridcell]') === null) return;
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(() => { globalThis.interactiveAt = performance.now(); }));
  }).observe(document, { subtree: true, childList: true });`;

let gate: GateProcess;
let browser: Browser;
let opened: WatchedPage;
let page: Page;

beforeAll(async () => {
  mkdirSync(directory, { recursive: true });
  gate = await startGate({ name: 'page-scale', directory, flags: gateFlags(directory, manyServices(SERVICES)) });
  browser = await startBrowser();
  // The gate makes the page when it is first asked for it, and the browser its caches.
  await (await openPage(browser, address())).close();
});

afterAll(async () => {
  await browser.close();
  await gate.stop();
});

beforeEach(async () => {
  opened = await openPage(browser, address(), { script: MEASURE });
  ({ page } = opened);
  await expectSoon(() => page.evaluate(`typeof interactiveAt`), 'number');
});

afterEach(() => opened.close());

function address(): string {
  return `http://127.0.0.1:${gate.doorsPort}/`;
}

/** What the page should say of a search in the map that the gate gives. */
async function foundInMap(query: string): Promise<string> {
  const map: unknown = await (await fetch(`${address()}ports`, { headers: { accept: 'application/json' } })).json();
  if (!isPortMap(map)) throw new Error('the gate gave no map');
  return matchText(search(atlasOf(map), { query }));
}

/** Until all that was begun has been done and drawn; then the tasks since the last time. */
async function longTasks(): Promise<readonly number[]> {
  await page.evaluate(`new Promise((done) =>
    requestAnimationFrame(() => requestAnimationFrame(() => requestIdleCallback(() => setTimeout(done)))))`);
  return page.evaluate('tasks.splice(0)');
}

/** None of them may be too long. */
async function expectShortTasks(): Promise<void> {
  expect((await longTasks()).filter((duration) => duration > LONGEST_TASK_MS)).toEqual([]);
}

it('can be used in less than a second', BUSY_MACHINE, async () => {
  const interactiveAt: number = await page.evaluate('interactiveAt');
  expect(await page.locator('.figure').first().textContent()).toBe('2,768 ports held');
  expect(interactiveAt).toBeLessThan(LONGEST_START_MS);
});

it('scrolls and is searched without waiting', BUSY_MACHINE, async () => {
  await longTasks();
  await page.getByRole('tab', { name: 'Ports' }).click();
  await expectSoon(() => page.locator('table.ports').getAttribute('aria-rowcount'), '5001');
  for (const distance of [300, 300, 3000, 30_000, -600, 100_000]) {
    await page.mouse.wheel(0, distance);
    await expectShortTasks();
  }
  await page.evaluate('scrollTo(0, 0)');
  await page.getByRole('tab', { name: 'Map' }).click();
  for (const distance of [200, 200, 600, -400, 2000, -3000]) {
    await page.mouse.wheel(0, distance);
    await expectShortTasks();
  }
  await page.keyboard.press('/');
  for (const letter of 'shop web-1') {
    await page.keyboard.press(letter === ' ' ? 'Space' : letter);
    await expectShortTasks();
  }
  expect(await page.getByRole('searchbox').inputValue()).toBe('shop web-1');
  await expectSoon(() => page.locator('.count').textContent(), await foundInMap('shop web-1'));
  await page.keyboard.press('Escape');
  await expectShortTasks();
  expect(opened.troubles).toEqual([]);
});
