import { spawnSync } from 'node:child_process';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runEnvironment } from '../e2e/support/run-environment.ts';
import { startBrowser } from '../support/browser.ts';
import { openPage } from './support/watched-page.ts';
import { PICTURE_POLICY, pictureDump } from './support/picture-dump.ts';

/** The report of a cluster as `audit -o html` writes it, and the pictures of it in the documentation. */
const directory = join(runEnvironment().directory, 'page-pictures');
const report = join(directory, 'ports.html');
const MAIN = join(import.meta.dirname, '../../src/main.ts');
const LARGEST_BYTES = 300_000;

let browser: Browser;

beforeAll(async () => {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'policy.yaml'), PICTURE_POLICY);
  writeFileSync(join(directory, 'cluster.json'), pictureDump());
  const args = ['audit', 'cluster.json', '-p', 'policy.yaml', '-o', 'html', '--output-file', report];
  const { status, stderr } = spawnSync(process.execPath, [MAIN, ...args], { cwd: directory, encoding: 'utf8' });
  if (status !== 1) throw new Error(`audit ended with ${status}, not with 1 for its findings: ${stderr}`);
  browser = await startBrowser();
});

afterAll(() => browser.close());

describe.each([
  ['map-light', '', 'light'],
  ['map-dark', '', 'dark'],
  ['card', '#port=30107', 'light'],
  ['findings', '#tab=findings', 'light'],
  ['search', '#q=shop&show=open-to-world', 'dark'],
  ['pools', '#tab=pools', 'light'],
] as const)('the picture %s', (name, hash, colorScheme) => {
  it('is drawn without trouble, and written with UPDATE_GENERATED=1', async () => {
    const opened = await openPage(browser, pathToFileURL(report).href + hash, { colorScheme, reducedMotion: 'reduce' });
    const picture = await opened.page.screenshot({ type: 'png' });
    await opened.close();
    expect(opened.troubles).toEqual([]);
    expect(picture.length).toBeLessThan(LARGEST_BYTES);
    const path = `docs/images/${name}.png`;
    if (process.env['UPDATE_GENERATED'] === '1') writeFileSync(path, picture);
    expect(statSync(path).size).toBeLessThan(LARGEST_BYTES);
  });
});
