import { type Browser, chromium } from 'playwright-core';

/** A Chromium that finds nobody outside this machine. `names`: those that it takes for this one; `flags`: more of them. */
export function startBrowser(names: readonly string[] = [], flags: readonly string[] = []): Promise<Browser> {
  const known = names.map((name) => `MAP ${name} 127.0.0.1, `).join('');
  return chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      `--host-resolver-rules=${known}MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost`,
      ...flags,
    ],
  });
}
