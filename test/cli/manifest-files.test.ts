import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runCommand } from '../support/command-line.ts';

const cwd = await mkdtemp(join(tmpdir(), 'nodeport-gate-files-'));

afterAll(async () => {
  await rm(cwd, { recursive: true });
});

async function check(args: readonly string[], stdin = ''): Promise<readonly unknown[]> {
  const { code, out } = await runCommand(['check', '-o', 'github', ...args], { cwd, stdin });
  return [code, ...out.trimEnd().split('\n')];
}

const CLEAN = 'nodeport-gate: 0 objects: 0 allowed, 0 denied';
const NOTHING = 'there is no Kubernetes object in it; give it manifests, or leave it out';

describe('a named file', () => {
  it.each([
    ['nothing', ''],
    ['a byte order mark', '\ufeff'],
    ['white space', ' \n\t\r\n'],
    ['comments', '# Service\n  # nodePort: 22\n'],
    ['marks of documents', '--- # a\n# b\n---\r\n...\n'],
  ])('may hold only %s', async (_, text) => {
    await writeFile(join(cwd, 'a.yaml'), text);
    expect(await check(['a.yaml'])).toEqual([0, CLEAN]);
  });

  it.each([
    ['a page', '<html>Service</html>\n'],
    ['a text behind a comment', '# a\nhello\n'],
    ['a value', '--- 5\n'],
  ])('is odd with %s', async (_, text) => {
    await writeFile(join(cwd, 'a.yaml'), text);
    expect(await check(['a.yaml'])).toEqual([
      2,
      `::error file=a.yaml,title=could not be read::${NOTHING}`,
      `${CLEAN}; 1 problem with the input`,
    ]);
  });
});

describe('standard input', () => {
  it.each(['', ' \n\t'])('is odd when it is empty: %j', async (text) => {
    expect(await check(['-'], text)).toEqual([
      2,
      `::error file=stdin,title=could not be read::${NOTHING}`,
      `${CLEAN}; 1 problem with the input`,
    ]);
  });

  it('may hold only comments', async () => {
    expect(await check(['-'], '---\n# Source: web/templates/nothing.yaml\n')).toEqual([0, CLEAN]);
  });
});

it('passes over the files of a chart that is not rendered', async () => {
  await mkdir(join(cwd, 'web'));
  await writeFile(join(cwd, 'web/Chart.yaml'), 'apiVersion: v2\nname: web\nversion: 1.0.0\nmetadata: {}\n');
  await writeFile(join(cwd, 'web/values.yaml'), 'kind: Ingress\nspec: {}\n');
  const skipped = '0 objects: 0 allowed, 0 denied; 2 documents skipped';
  expect(await check(['--no-render', 'web'])).toEqual([0, `nodeport-gate: ${skipped}`]);
  expect(await check(['web/Chart.yaml', 'web/values.yaml'])).toEqual([0, `nodeport-gate: ${skipped}`]);
});
