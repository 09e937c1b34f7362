import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadInventories } from '../../src/cli/inventory-file.ts';

const directory = await mkdtemp(join(tmpdir(), 'nodeport-gate-inventory-'));

afterAll(async () => {
  await rm(directory, { recursive: true });
});

async function problemsOf(text: string): Promise<readonly string[]> {
  await writeFile(join(directory, 'dump.json'), text);
  const loaded = await loadInventories(['dump.json'], directory);
  return loaded.ok ? [] : loaded.problems;
}

const POD = '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web"}}';
const HOW = 'make it with kubectl get services -A -o json';

describe('loadInventories', () => {
  it.each([
    ['an empty List', '{"apiVersion":"v1","kind":"List","items":[]}', []],
    ['an empty file', '\n', [`dump.json: the file is empty; ${HOW}`]],
    [
      'a List of Pods',
      `{"apiVersion":"v1","kind":"List","items":[${POD},${POD}]}`,
      [`dump.json: there is no Service among 2 objects; ${HOW}`],
    ],
    [
      'an AdmissionReview',
      '{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{}}',
      [`dump.json: there is no Service among 1 object; ${HOW}`],
    ],
    [
      'JSON that was cut off',
      '{"kind":\n "Li',
      [`dump.json:2:2: this is not JSON: the text that begins here has no end on its line; ${HOW}`],
    ],
    ['broken YAML', 'a: 1\n\tb: 2', [`dump.json:2:1: this is not YAML: Tabs are not allowed as indentation; ${HOW}`]],
    ['a list of names', '["web"]', [`dump.json: this is a list; ${HOW}`]],
    ['an object without a kind', '{"apiVersion":"v1"}', [`dump.json: kind: this is missing; ${HOW}`]],
  ])('of %s', async (_, text, problems) => {
    expect(await problemsOf(text)).toEqual(problems);
  });

  it('reads Services beside other objects', async () => {
    const service =
      '{"apiVersion":"v1","kind":"Service","metadata":{"name":"web","namespace":"shop"},"spec":{"type":"NodePort","ports":[{"port":80,"nodePort":30080}]}}';
    await writeFile(join(directory, 'both.json'), `{"apiVersion":"v1","kind":"List","items":[${POD},${service}]}`);
    const loaded = await loadInventories(['both.json'], directory);
    expect(loaded.ok && loaded.value.inventory.held).toEqual([
      { namespace: 'shop', name: 'web', nodePort: 30_080, protocol: 'TCP', port: '80', servicePort: 80 },
    ]);
  });
});
