import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Request } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type GateProcess, startGate } from '../e2e/support/gate-process.ts';
import { runEnvironment } from '../e2e/support/run-environment.ts';
import { aWhile, expectSoon } from '../support/eventually.ts';
import { GOOD_MANIFEST, type OpenPlayground, openPlayground } from './playground/open-playground.ts';
import { startBrowser } from '../support/browser.ts';

/** The playground of a real gate with the policy that `serve` begins with, in a real browser. */
let gate: GateProcess;
let browser: Browser;
let url: string;
let playground: OpenPlayground;

beforeAll(async () => {
  gate = await startGate({ name: 'playground', directory: runEnvironment().directory, flags: [] });
  url = `http://127.0.0.1:${gate.doorsPort}/`;
  browser = await startBrowser();
});

afterAll(async () => {
  await browser.close();
  await gate.stop();
});

beforeEach(async () => {
  playground = await openPlayground(browser, url, { permissions: ['clipboard-read', 'clipboard-write'] });
});

afterEach(async () => {
  const { troubles } = playground;
  await playground.close();
  if (troubles.length > 0) throw new Error(troubles.join('\n'));
});

/** So that nobody takes what opens under his fingers, CodeMirror's list takes no key for 75 ms. */
const LIST_IS_DEAF_MS = 150;

const BARE = `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: NodePort
  ports:
  - port: 80
`;

describe('as one types', () => {
  it('shows the verdict with its findings, the port and the patch', async () => {
    const { page } = playground;
    await playground.replaceText(BARE);
    await expectSoon(playground.summary, '✕ Denied: 2 to fix');
    await expectSoon(
      () => page.locator('.findings li').allTextContents(),
      [
        ' denyspec.externalTrafficPolicy: "Cluster" is not allowed; set it to Local external-traffic-policy',
        ' denymetadata.annotations[nodeport-gate.dev/source-cidrs]: missing; ' +
          'list the networks that may connect, such as "10.0.0.0/8" source-cidrs',
      ],
    );
    expect(await page.locator('.assigned li').allTextContents()).toEqual([
      '80/TCP 31032 from pool rest (chosen by the hash of its name: the same again, as long as it is free)',
    ]);
    await page.getByText('JSON Patch (1)').click();
    expect(await page.locator('.found pre').textContent()).toBe(
      '{"op":"add","path":"/spec/ports/0/nodePort","value":31032}',
    );
  });

  it('marks what is wrong in its line, and lets go of it when it is fixed as told', async () => {
    const { page } = playground;
    await playground.replaceText(BARE);
    await expectSoon(playground.underlined, ['3: metadata', '5: spec']);
    await page.getByRole('button', { name: /^spec\.externalTrafficPolicy: "Cluster"/ }).click();
    await page.keyboard.press('End');
    await page.keyboard.insertText('\n  externalTrafficPolicy: Local');
    await expectSoon(playground.underlined, ['3: metadata']);
    await page.getByRole('button', { name: /source-cidrs\]: missing/ }).click();
    await page.keyboard.press('End');
    await page.keyboard.insertText('\n  annotations:\n    nodeport-gate.dev/source-cidrs: 10.0.0.0/8');
    await expectSoon(playground.summary, '✓ Allowed: 80 is port 31032');
    await expectSoon(playground.underlined, []);
  });

  it('writes what the gate fills in into the text', async () => {
    await playground.replaceText(GOOD_MANIFEST);
    await playground.page.getByRole('button', { name: 'Write this into the text' }).click();
    await expectSoon(playground.text, `${GOOD_MANIFEST}    nodePort: 31032\n`);
    await expectSoon(
      () => playground.page.locator('.assigned li').allTextContents(),
      ['80/TCP 31032 in pool rest (as the manifest says)'],
    );
  });

  it('judges several objects, in another namespace, as an update', async () => {
    const { page } = playground;
    await playground.replaceText(
      `${GOOD_MANIFEST}---\n${GOOD_MANIFEST.replace('web', 'api').replace('port: 80', 'port: 80\n    nodePort: 22')}`,
    );
    await page.getByLabel('Namespace, if none is written').fill('shop');
    await page.getByLabel('Operation').selectOption('UPDATE');
    await expectSoon(playground.summary, '✕ 1 allowed, 1 denied: 2 to fix');
    expect(await page.locator('.found h3').allTextContents()).toEqual(['✓ allowedshop/web', '✕ deniedshop/api']);
    await expectSoon(playground.underlined, ['24: 22']);
  });

  it('says what the gate says of a text that is no YAML, where it is', async () => {
    await playground.replaceText('kind: Service\n  spec: {}\n');
    await expectSoon(playground.summary, '! This cannot be judged');
    expect(await playground.page.locator('.answer > .message').textContent()).toMatch(
      /^line 1, column 7: this is not YAML: Nested mappings are not allowed/,
    );
    await expectSoon(playground.underlined, ['1: Service']);
  });

  it('asks the newest only, and never two at a time', async () => {
    const { page } = playground;
    await expectSoon(playground.summary, '✕ Denied: 2 to fix');
    const underWay = new Set<Request>();
    let most = 0;
    await page.route('**/dry-run', async (route) => {
      underWay.add(route.request());
      most = Math.max(most, underWay.size);
      await aWhile(400);
      // The page may have given it up by now.
      await route.continue().catch(() => {});
    });
    page.on('requestfailed', (request) => underWay.delete(request));
    page.on('requestfinished', (request) => underWay.delete(request));
    await playground.replaceText('');
    for (const letter of 'kind: Service') {
      await page.keyboard.type(letter);
      await aWhile(letter === ' ' ? 350 : 10);
    }
    await expectSoon(
      () => page.locator('.answer > .message').textContent(),
      'apiVersion: this is missing; write it, as in apiVersion: v1',
    );
    expect(most).toBe(1);
  });
});

describe('a gate that does not answer', () => {
  it('is named and asked again, and the last verdict stays but looks old', async () => {
    const { page } = playground;
    await playground.replaceText(GOOD_MANIFEST);
    await expectSoon(playground.summary, '✓ Allowed: 80 is port 31032');
    await gate.stop();
    await page.keyboard.press('ControlOrMeta+End');
    await page.keyboard.type('# more');
    await expectSoon(playground.summary, '? The gate does not answer: it cannot be reached');
    expect(await page.locator('.verdicts.old .found h3').allTextContents()).toEqual(['✓ alloweddefault/web']);
    await gate.start();
    await expectSoon(playground.summary, '✓ Allowed: 80 is port 31032');
    expect(await page.locator('.verdicts.old').count()).toBe(0);
  });
});

describe('the keyboard', () => {
  it('completes a key, and then its value', async () => {
    const { page } = playground;
    await playground.replaceText('kind: Service\nspec:\n  type: NodePort');
    await page.keyboard.press('Enter');
    await page.keyboard.type('extern');
    await expectSoon(playground.offered, ['externalIPs', 'externalName', 'externalTrafficPolicy']);
    await page.keyboard.type('alTr');
    await expectSoon(playground.offered, ['externalTrafficPolicy']);
    await aWhile(LIST_IS_DEAF_MS);
    await page.keyboard.press('Enter');
    await expectSoon(playground.offered, ['Cluster', 'Local']);
    await aWhile(LIST_IS_DEAF_MS);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expectSoon(playground.text, 'kind: Service\nspec:\n  type: NodePort\n  externalTrafficPolicy: Local');
  });

  it('offers every value in the place of one', async () => {
    const { page } = playground;
    await playground.replaceText(GOOD_MANIFEST.replace('Local', 'Cluster'));
    await page.getByRole('button', { name: /^spec\.externalTrafficPolicy: "Cluster"/ }).click();
    await page.keyboard.press('Control+Space');
    await expectSoon(playground.offered, ['Cluster', 'Local']);
    await aWhile(LIST_IS_DEAF_MS);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expectSoon(playground.text, GOOD_MANIFEST);
    await expectSoon(playground.summary, '✓ Allowed: 80 is port 31032');
  });

  it('offers the pools of the policy in force', async () => {
    await playground.replaceText('kind: Service\nmetadata:\n  annotations:\n    nodeport-gate.dev/pool: ');
    await playground.page.keyboard.press('Control+Space');
    await expectSoon(playground.offered, ['rest', 'shop']);
  });

  it('says what a word means and what is wrong with another', async () => {
    const { page } = playground;
    await playground.replaceText('kind: Service\nspec:\n  nodeport: 1\n  externalTrafficPolicy: Local\n');
    await page.getByText('externalTrafficPolicy', { exact: true }).hover();
    await expectSoon(
      () => page.locator('.cm-tooltip .word').textContent(),
      'externalTrafficPolicy externalTrafficPolicy describes how nodes distribute service traffic they receive on one ' +
        'of the Service\'s "externally-facing" addresses (NodePorts, ExternalIPs, and LoadBalancer IPs). ' +
        'One of Cluster, Local.',
    );
    await page.locator('.cm-lintRange', { hasText: 'nodeport' }).hover();
    await expectSoon(
      () => page.locator('.cm-tooltip .cm-diagnosticText').allTextContents(),
      ['nodeport is no field of a Service here; Ctrl+Space shows those there are'],
    );
  });

  it('leads through everything and out of the editor again', async () => {
    const { page } = playground;
    await playground.replaceText(BARE);
    await expectSoon(playground.summary, '✕ Denied: 2 to fix');
    await page.getByRole('tab', { name: 'Playground' }).focus();
    const stops: string[] = [];
    for (let step = 0; step < 12; step += 1) {
      await page.keyboard.press('Tab');
      stops.push((await playground.focused()).replaceAll(/\s+/g, ' ').slice(0, 28));
    }
    expect(stops).toEqual([
      'Example choose…A node port w',
      'Namespace, if none is writte',
      'Operation CREATEUPDATE',
      'Manifests, as YAML or JSON',
      'spec.externalTrafficPolicy: ',
      'metadata.annotations[nodepor',
      'JSON Patch (1)',
      'After the gate',
      ' apiVersion: v1 kind: Servic',
      'Write this into the text',
      'curl',
      'kubectl',
    ]);
    await page.getByRole('button', { name: /^spec\.externalTrafficPolicy/ }).focus();
    await page.keyboard.press('Enter');
    expect(await playground.focused()).toBe('Manifests, as YAML or JSON');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Tab');
    expect(await playground.focused()).toMatch(/^spec\.externalTrafficPolicy/);
  });
});

describe('hostile texts', () => {
  const MARKUP = `<script>pwned=1</script><img src=x onerror=pwned=1><svg onload=pwned=1>{{constructor.constructor('pwned=1')()}}`;

  it('are texts, whatever they look like', async () => {
    const { page } = playground;
    const quoted = `'${MARKUP.replaceAll("'", "''")}'`;
    await playground.replaceText(
      `kind: Service\napiVersion: v1\nmetadata:\n  name: ${quoted}\n  namespace: ${quoted}\n  ${quoted}: x\n` +
        `  annotations: {nodeport-gate.dev/source-cidrs: ${quoted}}\nspec:\n  type: ${quoted}\n  ports: [{port: 80}]\n`,
    );
    await expectSoon(playground.summary, '✓ Allowed');
    await expectSoon(async () => (await playground.underlined()).length, 2);
    await playground.replaceText(`${MARKUP}: [`);
    await expectSoon(playground.summary, '! This cannot be judged');
    expect(await page.evaluate(`'pwned' in globalThis`)).toBe(false);
    // CodeMirror has pictures without a source, to keep the cursor of browsers in its place.
    expect(await page.locator('.playground :is(script, svg, img:not(.cm-widgetBuffer))').count()).toBe(0);
  });
});

describe('characters that cannot be seen', () => {
  it('are drawn wherever the text is, and no line for a terminal has them', async () => {
    const { page } = playground;
    await playground.replaceText(`${GOOD_MANIFEST}# a\tb \u001b[201~ \u202e\u{e0041}\n`);
    const shown = String.raw`# a${'\t'}b \u001b[201~ \u202e\udb40\udc41`;
    await expectSoon(async () => (await playground.text()).split('\n').at(-2), shown);
    expect(await page.locator('.cm-specialChar').evaluateAll((all) => all.map(({ title }) => title))).toEqual([
      'Control character escape',
      'Control character right-to-left override',
      'Control character 0xe0041',
    ]);
    await expectSoon(
      () => page.locator('.elsewhere .message').allTextContents(),
      [String.raw`\u001b in line 12 cannot be seen, and a terminal may obey it; remove it, and the lines are here`],
    );
    expect(await page.locator('.elsewhere').getByRole('button').count()).toBe(0);
    await playground.replaceText(`${GOOD_MANIFEST}# \u202e\u{e0041}\n`);
    await page.getByText('After the gate').waitFor();
    await expectSoon(
      async () => (await page.locator('.answer details[open] > pre').textContent())?.split('\n').slice(-4),
      ['    - port: 80', '+     nodePort: 31032', String.raw`  # \u202e\udb40\udc41`, ''],
    );
    await playground.replaceText(GOOD_MANIFEST);
    await expectSoon(() => page.locator('.elsewhere summary').allTextContents(), ['curl', 'kubectl', 'nodeport-gate']);
  });
});

describe('the same in a terminal', () => {
  it('copies lines that ask the same', async () => {
    const { page } = playground;
    await playground.replaceText(`${BARE}# $(exit 3) \`exit 3\`\n`);
    await page.getByText('curl', { exact: true }).click();
    await page.getByRole('button', { name: 'Copy the lines for curl' }).click();
    await expectSoon(() => page.getByText('The lines for curl are copied').count(), 1);
    const lines = await page.evaluate<string>('navigator.clipboard.readText()');
    const { stdout, status } = spawnSync('sh', ['-c', lines], { encoding: 'utf8' });
    expect({ status, first: stdout.split('\n')[0] }).toEqual({ status: 0, first: 'default/web: denied' });
  });
});

describe('the text', () => {
  it('is an example to begin with, and is there again after another tab and a reload', async () => {
    const { page } = playground;
    await page.getByLabel('Example').selectOption('Port 22 through ExternalName');
    await expectSoon(playground.summary, '✕ Denied: 1 to fix');
    await page.getByRole('tab', { name: 'Pools' }).click();
    await page.getByRole('tab', { name: 'Playground' }).click();
    expect(await playground.text()).toContain('externalName: example.com');
    await page.reload();
    await expectSoon(playground.summary, '✕ Denied: 1 to fix');
    expect(await playground.text()).toContain('externalName: example.com');
  });
});

describe('accessibility', () => {
  const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

  it.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 360],
    ['dark', 360],
  ] as const)('axe finds nothing: %s, %d pixels wide', async (colorScheme, width) => {
    const viewport = { width, height: 800 };
    const looked = await openPlayground(browser, url, { colorScheme, viewport, bypassCSP: true });
    await looked.replaceText(`${BARE}    protocl: TCP\n  `);
    await expectSoon(async () => (await looked.underlined()).length, 3);
    for (const name of ['JSON Patch (1)', 'curl']) await looked.page.getByText(name, { exact: true }).click();
    await looked.editor.focus();
    await looked.page.keyboard.press('Control+Space');
    await expectSoon(async () => (await looked.offered()).length > 0, true);
    await looked.page.evaluate(AXE);
    const found = await looked.page.evaluate(`axe.run().then(({ violations }) => violations.map(
      ({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join('\\n')))`);
    const overflow = await looked.page.evaluate('Math.max(0, document.documentElement.scrollWidth - innerWidth)');
    await looked.close();
    expect({ found, overflow }).toEqual({ found: [], overflow: 0 });
  });
});
