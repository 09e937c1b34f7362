import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { openPage } from '../support/watched-page.ts';

/** The playground of a gate, as somebody at a keyboard and a screen has it. */
export interface OpenPlayground {
  readonly page: Page;
  /** What the page must never cause. */
  readonly troubles: readonly string[];
  readonly editor: Locator;
  /** In the place of all that is there. */
  replaceText(text: string): Promise<void>;
  /** As far as it is drawn. */
  text(): Promise<string>;
  summary(): Promise<string | null>;
  /** What is underlined in the editor: `LINE: TEXT`. */
  underlined(): Promise<readonly string[]>;
  /** What completion offers at the moment. */
  offered(): Promise<readonly string[]>;
  /** What has the focus: its name, or its text. */
  focused(): Promise<string>;
  close(): Promise<void>;
}

/** What the policy that comes with the gate allows. */
export const GOOD_MANIFEST = `apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    nodeport-gate.dev/source-cidrs: 10.0.0.0/8
spec:
  type: NodePort
  externalTrafficPolicy: Local
  ports:
  - port: 80
`;

const FOCUSED = `(() => {
  const outer = document.activeElement;
  const inner = outer.shadowRoot?.activeElement ?? outer;
  return inner.ariaLabel ?? inner.closest('label')?.textContent ?? inner.textContent;
})()`;

export async function openPlayground(
  browser: Browser,
  address: string,
  options: BrowserContextOptions = {},
): Promise<OpenPlayground> {
  const { page, troubles, close } = await openPage(browser, `${address}#tab=playground`, options);
  const editor = page.getByRole('textbox', { name: 'Manifests, as YAML or JSON' });
  await editor.waitFor();
  const lines = page.locator('.cm-line');
  return {
    page,
    troubles,
    editor,
    async replaceText(text) {
      await editor.focus();
      await page.keyboard.press('ControlOrMeta+A');
      await page.keyboard.insertText(text);
    },
    text: async () => (await lines.allTextContents()).join('\n'),
    summary: () => page.locator('.summary').textContent(),
    underlined: () =>
      lines.evaluateAll((all) =>
        all.flatMap((line, index) =>
          [...line.querySelectorAll('.cm-lintRange')].map((range) => `${index + 1}: ${range.textContent}`),
        ),
      ),
    offered: () => page.locator('.cm-completionLabel').allTextContents(),
    focused: () => page.evaluate(FOCUSED),
    close,
  };
}
