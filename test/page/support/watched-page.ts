import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

/** A page, and everything that it must never cause. */
export interface WatchedPage {
  readonly page: Page;
  /** Exceptions, dialogs, breaches of its policy, requests to others: each as a sentence. */
  readonly troubles: readonly string[];
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
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol !== 'data:' && origin !== new URL(address).origin) troubles.push(`request: ${request.url()}`);
  });
  await page.addInitScript(TELL_OF_BREACHES + script);
  await page.goto(address);
  await page.getByRole('tablist').waitFor();
  return { page, troubles, close: () => context.close() };
}
