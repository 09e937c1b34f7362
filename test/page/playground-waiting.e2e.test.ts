import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type GateProcess, startGate } from '../e2e/support/gate-process.ts';
import { runEnvironment } from '../e2e/support/run-environment.ts';
import { startBrowser } from '../support/browser.ts';
import { aWhile, expectSoon } from '../support/eventually.ts';
import { GOOD_MANIFEST, type OpenPlayground, openPlayground } from './playground/open-playground.ts';

/** The playground of a real gate whose answers take long, or do not come, in a real browser. */
let gate: GateProcess;
let browser: Browser;
let playground: OpenPlayground;

beforeAll(async () => {
  gate = await startGate({ name: 'playground-waiting', directory: runEnvironment().directory, flags: [] });
  browser = await startBrowser();
});

afterAll(async () => {
  await browser.close();
  await gate.stop();
});

beforeEach(async () => {
  playground = await openPlayground(browser, `http://127.0.0.1:${gate.doorsPort}/`);
});

afterEach(async () => {
  const { troubles } = playground;
  await playground.close();
  if (troubles.length > 0) throw new Error(troubles.join('\n'));
});

/** One whose answer takes long, and denies. */
const SLOW = `apiVersion: v1
kind: Service
metadata:
  name: slow
spec:
  type: NodePort
  ports:
  - port: 80
`;

/** A gate that can be reached or not, and that answers SLOW when it is let; and a page whose clock can be wound on. */
async function slowGate() {
  const { page } = playground;
  const asked: string[] = [];
  const letGo = Promise.withResolvers<void>();
  let isReachable = true;
  // What the page begins with is answered.
  await expectSoon(async () => (await playground.summary()) !== 'Asking the gate …', true);
  await page.clock.install();
  await page.route('**/dry-run*', async (route) => {
    const text = route.request().postData() ?? '';
    asked.push(text);
    if (!isReachable) return route.abort();
    if (text === SLOW) await letGo.promise;
    // The page may have given it up by now.
    return route.continue().catch(() => {});
  });
  return {
    asked,
    answer: () => letGo.resolve(),
    reach: (isNow: boolean) => {
      isReachable = isNow;
    },
  };
}

const SILENT = '? The gate does not answer: it cannot be reached';

/** Longer than the page waits before it sends a question. */
const SENT_BY_MS = 1000;

describe('while the newest question is not answered', () => {
  it('the last verdict looks old, and asking is announced once', async () => {
    const { page } = playground;
    await playground.replaceText(GOOD_MANIFEST);
    await expectSoon(playground.summary, '✓ Allowed: 80 is port 31032');
    const { asked, answer } = await slowGate();
    await page.evaluate(`{
      globalThis.said = [];
      const status = document.querySelector('.summary');
      new MutationObserver(() => said.push(status.textContent)).observe(status, { subtree: true, characterData: true, childList: true });
    }`);
    await playground.replaceText(SLOW);
    await expectSoon(playground.summary, 'Asking the gate …');
    expect(await page.locator('.verdicts.old .found h3').allTextContents()).toEqual(['✓ alloweddefault/web']);
    expect(await page.getByRole('button', { name: 'Write this into the text' }).count()).toBe(0);
    answer();
    await expectSoon(playground.summary, '✕ Denied: 2 to fix');
    expect(await page.locator('.verdicts:not(.old) .found h3').allTextContents()).toEqual(['✕ denieddefault/slow']);
    expect({ asked, said: await page.evaluate('said') }).toEqual({
      asked: [SLOW],
      said: ['Asking the gate …', '✕ Denied: 2 to fix'],
    });
  });

  it('no older one is asked again in its place', async () => {
    const { page } = playground;
    const { asked, answer, reach } = await slowGate();
    reach(false);
    await playground.replaceText(GOOD_MANIFEST);
    await expectSoon(playground.summary, SILENT);
    reach(true);
    await playground.replaceText(SLOW);
    await expectSoon(() => asked.at(-1), SLOW);
    await page.clock.runFor(10_000);
    await aWhile(SENT_BY_MS);
    answer();
    await expectSoon(playground.summary, '✕ Denied: 2 to fix');
    expect(asked).toEqual([GOOD_MANIFEST, SLOW]);
  });
});

describe('while nobody looks', () => {
  const setHidden = (isHidden: boolean): Promise<unknown> =>
    playground.page.evaluate(`
      Object.defineProperty(document, 'hidden', { value: ${isHidden}, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    `);

  it.each([
    {
      name: 'another tab of the page is open',
      leave: () => playground.page.getByRole('tab', { name: 'Pools' }).click(),
      comeBack: () => playground.page.getByRole('tab', { name: 'Playground' }).click(),
    },
    { name: 'the page is hidden', leave: () => setHidden(true), comeBack: () => setHidden(false) },
  ])('a gate that does not answer is left alone: $name', async ({ leave, comeBack }) => {
    const { asked, reach } = await slowGate();
    reach(false);
    await playground.replaceText(GOOD_MANIFEST);
    await expectSoon(playground.summary, SILENT);
    await leave();
    await playground.page.clock.runFor(120_000);
    await aWhile(SENT_BY_MS);
    expect(asked).toEqual([GOOD_MANIFEST]);
    reach(true);
    await comeBack();
    await expectSoon(playground.summary, '✓ Allowed: 80 is port 31032');
    expect(asked).toEqual([GOOD_MANIFEST, GOOD_MANIFEST]);
  });
});
