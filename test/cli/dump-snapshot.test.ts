import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JsonAudit } from '../../src/report/audit-json.ts';
import { type Ran, runCommand } from '../support/command-line.ts';
import { makeDumpDirectory } from '../support/dump-directory.ts';

const { cwd, dump } = await makeDumpDirectory(`apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPolicy
metadata: {name: default}
spec: {preset: none, rules: {node-port-range: {}}}
`);

const run = (...args: readonly string[]): Promise<Ran> => runCommand(args, { cwd });

const service = (name: string, nodePort: number, annotations: object = {}, spec: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { namespace: 'shop', name, annotations },
  spec: { type: 'NodePort', ports: [{ port: 80, nodePort }], ...spec },
});

const holders = ({ code, out, err }: Ran) => ({
  code,
  err,
  ports: (JSON.parse(out) as JsonAudit).map.ports.map(({ name, nodePort }) => `${name} ${nodePort}`),
});

/** A text with what YAML refuses, and JSON does not. */
const LEGAL = '\u007f\u0080\u009f\ufffe\uffff';

describe('what anybody may write into an annotation', () => {
  it.each([
    ['a character that no YAML may have', JSON.stringify(service('odd', 30_081, { note: LEGAL }))],
    [
      '__proto__ where nobody reads it',
      '{"apiVersion":"v1","kind":"PersistentVolume","metadata":{"name":"v"},"spec":{"csi":{"volumeAttributes":{"__proto__":"x"}}}}',
    ],
    [
      '__proto__ instead of what is read',
      '{"apiVersion":"v1","kind":"Service","metadata":{"namespace":"shop","name":"odd"},"__proto__":{"spec":{"type":"NodePort","ports":[{"port":80,"nodePort":30082}]}}}',
    ],
  ])('spoils no dump: %s', async (_, item) => {
    const list = `{"apiVersion":"v1","kind":"List","items":[${JSON.stringify(service('web', 30_080))},${item}]}`;
    await writeFile(join(cwd, 'dump.json'), list);
    const odd = item.includes('30081') ? ['odd 30081'] : [];
    expect(holders(await run('audit', 'dump.json', '-o', 'json'))).toEqual({
      code: 0,
      err: '',
      ports: ['web 30080', ...odd],
    });
    await writeFile(join(cwd, 'manifest.yaml'), 'a: 1\n');
    const codes = [
      await run('ports', '--inventory', 'dump.json'),
      await run('check', '--inventory', 'dump.json', 'manifest.yaml'),
    ].map(({ code, err }) => [code, err]);
    expect(codes).toEqual([
      [0, ''],
      [0, ''],
    ]);
    expect(({} as { readonly spec?: unknown }).spec).toBeUndefined();
  });

  it('is refused in YAML', async () => {
    await writeFile(join(cwd, 'dump.yaml'), `apiVersion: v1\nkind: Service\nmetadata: {name: "\u007f"}\n`);
    expect(await run('audit', 'dump.yaml')).toEqual({
      code: 2,
      out: '',
      err: 'dump.yaml:3:19: the character U+007F is no text; remove it, or escape it in double quotes\n',
    });
  });
});

describe('a Service that comes twice', () => {
  const WEB = service('web', 30_080);
  it.each([
    ['the same', [WEB], [WEB], []],
    [
      'other ports',
      [WEB],
      [service('web', 30_081)],
      ['shop/web is in all.json and in west.json with different ports; take one cluster at a time'],
    ],
    [
      'another spec',
      [WEB],
      [service('web', 30_080, {}, { type: 'LoadBalancer' })],
      ['shop/web is in all.json and in west.json with different specs; take one cluster at a time'],
    ],
    [
      'other annotations',
      [WEB],
      [service('web', 30_080, { 'nodeport-gate.dev/pool': 'x' })],
      ['shop/web is in all.json and in west.json with different annotations; take one cluster at a time'],
    ],
    [
      'other ports in one file, and several in two',
      [WEB, service('web', 30_081), service('a', 1), service('b', 2)],
      [service('a', 3), service('b', 4), service('web', 30_082)],
      [
        'shop/web is twice in all.json with different ports; take one cluster at a time',
        'shop/a is in all.json and in west.json with different ports, and so are 2 more Services; take one cluster at a time',
      ],
    ],
  ])('with %s', async (_, all, west, lines) => {
    await dump('all.json', ...all);
    await dump('west.json', ...west);
    const { code, err } = await run('audit', 'all.json', 'west.json');
    expect([code, ...err.split('\n').slice(0, -1)]).toEqual([lines.length === 0 ? 0 : 2, ...lines]);
  });
});

describe('a dump that is none', () => {
  it.each([
    [['audit', 'below'], 'below: this is a directory; name a file\n'],
    [['ports', '--inventory', 'below'], 'below: this is a directory; name a file\n'],
    [['audit', '-', '-'], '-: standard input can be read once; name it once\n'],
    [['ports', '--inventory', '-', '--inventory', '-'], '-: standard input can be read once; name it once\n'],
    [
      ['free', '--pool', 'x', '--inventory', '-', '--inventory', '-'],
      '-: standard input can be read once; name it once\n',
    ],
  ])('%j', async (args, err) => {
    await mkdir(join(cwd, 'below'), { recursive: true });
    await dump('below/dump.json', service('web', 30_080));
    expect(await run(...args)).toEqual({ code: 2, out: '', err });
  });
});
