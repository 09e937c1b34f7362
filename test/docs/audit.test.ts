import { cpSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { AUDIT_FORMATS } from '../../src/report/audit-formats.ts';
import { PORT_MARKS } from '../../src/report/port-map.ts';
import { PORT_COLUMNS } from '../../src/report/port-rows.ts';
import { runCommand } from '../support/command-line.ts';

const page = readFileSync('docs/audit.md', 'utf8');
const readme = readFileSync('README.md', 'utf8');
const cli = readFileSync('docs/cli.md', 'utf8');

const NEXT = `apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPolicy
metadata: {name: default}
spec:
  match: {excludeNamespaces: [kube-system]}
  preset: baseline
---
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPool
metadata: {name: shop}
spec: {ports: ["30200-30239"], namespaces: [shop], contact: shop-team@example.com}
`;

const cwd = await mkdtemp(join(tmpdir(), 'nodeport-gate-docs-'));
afterAll(() => rm(cwd, { recursive: true }));
cpSync('test/fixtures/clusters', cwd, { recursive: true });
cpSync('test/fixtures/clusters/east.json', join(cwd, 'cluster.json'));
await writeFile(join(cwd, 'next.yaml'), NEXT);

/** What a reader types, where the page says what is printed then. */
function shown(text: string): readonly { readonly typed: string; readonly printed: string }[] {
  const pairs = text.matchAll(/^```sh\n([^`]*)^```\n\n```(?:text|yaml)\n([^`]*)^```$/gm);
  return Array.from(pairs, ([, typed = '', printed = '']) => ({ typed, printed }));
}

async function printedBy(typed: string): Promise<string> {
  const lines = typed.split('\n').filter((line) => line.startsWith('nodeport-gate '));
  const ran: string[] = [];
  for (const line of lines) {
    const { out } = await runCommand(line.trim().split(/ +/).slice(1), { cwd });
    ran.push(out);
  }
  return ran.join('');
}

function firstCells(heading: string): readonly string[] {
  const section = page.slice(page.indexOf(heading));
  const [table = ''] = /(?:^\|.*\n)+/m.exec(section) ?? [];
  return table
    .split('\n')
    .slice(2)
    .flatMap((row) => Array.from((row.split('|')[1] ?? '').matchAll(/`([\w-]+)`/g), ([, name = '']) => name));
}

const [, seeIt = ''] = /^## See it\n([^]*?)^## /m.exec(readme) ?? [];
const [, ports = ''] = /^## ports\n([^]*?)^## /m.exec(cli) ?? [];
const [, free = ''] = /^## free\n([^]*?)^## /m.exec(cli) ?? [];

describe('what the documentation shows of a cluster', () => {
  it.each([
    ['docs/audit.md', page, 2],
    ['the README', seeIt, 1],
    ['docs/cli.md, ports', ports, 2],
    ['docs/cli.md, free', free, 1],
  ])('is what %s would print', async (_, text, count) => {
    const examples = shown(text);
    expect(examples).toHaveLength(count);
    expect(await Promise.all(examples.map(({ typed }) => printedBy(typed)))).toEqual(
      examples.map(({ printed }) => printed),
    );
  });

  it('is what --compare adds', async () => {
    const { out } = await runCommand(['audit', 'cluster.json', '--compare', 'next.yaml'], { cwd });
    const [compared = ''] = /^with policy [^]*?(?=\n\n)/m.exec(out) ?? [];
    const [, printed] = /^```text\n(with policy [^]*?)\n```$/m.exec(page) ?? [];
    expect(printed).toBe(compared);
  });

  it('names every format, every column and every mark', () => {
    expect(firstCells('## Formats')).toEqual(Object.keys(AUDIT_FORMATS));
    expect(firstCells('**CSV**')).toEqual([...PORT_COLUMNS]);
    const [, marks = ''] = /^\| `marks` +\|(.*)\|$/m.exec(page) ?? [];
    expect(Array.from(marks.matchAll(/`([\w-]+)`/g), ([, mark]) => mark)).toEqual([...PORT_MARKS]);
  });
});
