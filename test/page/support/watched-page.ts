import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

/** A page, and everything that it must never cause. */
export interface WatchedPage {
  readonly page: Page;
  /** Exceptions, dialogs, breaches of its policy, requests to others: each as a sentence. */
  readonly troubles: readonly string[];
  /** Whatever was asked for, itself first; not what is in the page as data. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

/** `browser` code is given as text: the tests know no DOM. */
const TELL_OF_BREACHES = `addEventListener('securitypolicyviolation', (event) =>
  console.error('breach of ' + event.violatedDirective + ' by ' + event.blockedURI + ' ' + event.sample));`;

/** Opens an address; what is asked for later must have the same origin, or be in the page itself. */
export async function openPage(
  browser: Browser,
  address: string,
  { script = '', ...options }: BrowserContextOptions & { readonly script?: string } = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1360, height: 900 }, ...options });
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on('pageerror', (error) => troubles.push(String(error)));
  page.on('dialog', (dialog) => {
    troubles.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('console', (message) => {
    // That a gate does not answer is said by the browser, too.
    const isFault = message.type() === 'error' && !message.text().startsWith('Failed to load resource');
    if (isFault) troubles.push(message.text());
  });
  const asked: string[] = [];
  page.on('request', (request) => {
    const url = request.url();
    if (url.startsWith('data:')) return;
    asked.push(url);
    if (placeOf(url) !== placeOf(address)) troubles.push(`request: ${url}`);
  });
  await page.addInitScript(TELL_OF_BREACHES + script);
  await page.goto(address);
  await page.getByRole('tablist').waitFor();
  return { page, troubles, asked, close: () => context.close() };
}

/** Its origin; a file has none but itself. */
function placeOf(address: string): string {
  const { protocol, origin, href } = new URL(address);
  return protocol === 'file:' ? href.replace(/#.*$/, '') : origin;
}
