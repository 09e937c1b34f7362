import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { GATE_SCRIPT, pathWith, ROOT, runProcess } from '../integrations/support/run-process.ts';

const readme = readFileSync('README.md', 'utf8');
const [, section = ''] = /^## In a pull request\n([\s\S]*?)^## /m.exec(readme) ?? [];
const blocks = Array.from(section.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm), ([, language, text = '']) => ({
  language,
  text,
}));
/** What a reader types, with what the README says is printed then; the first block installs. */
const steps = blocks
  .flatMap(({ language, text }, index) => (language === 'sh' ? [{ text, printed: blocks[index + 1] }] : []))
  .slice(1);

const directory = await mkdtemp(join(tmpdir(), 'nodeport-gate-readme-'));
afterAll(() => rm(directory, { recursive: true }));

describe('the README, in a pull request', () => {
  it('prints what it says, from the first command to the last', async () => {
    const PATH = await pathWith(directory, { 'nodeport-gate': GATE_SCRIPT });
    const printed: string[] = [];
    for (const { text } of steps) {
      const { out } = await runProcess('bash', ['-c', `exec 2>&1\n${text}`], { cwd: directory, env: { PATH } });
      printed.push(out);
    }
    expect(printed).toEqual(steps.map((step) => (step.printed?.language === 'text' ? step.printed.text : '')));
    expect(printed.at(-1)).toContain('allowed by policy');
  });

  it('shows a workflow that uses the action of this repository', () => {
    const [workflow = ''] = blocks.flatMap(({ language, text }) => (language === 'yaml' ? [text] : []));
    const { jobs } = parse(workflow) as { readonly jobs: { readonly check: { readonly steps: readonly unknown[] } } };
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { readonly version: string };
    expect(jobs.check.steps).toEqual([{ uses: 'actions/checkout@v5' }, { uses: `OWNER/nodeport-gate@v${version}` }]);
  });
});
