import { chmod, lstat, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { type Ran, runCommand } from '../support/command-line.ts';

const directory = await mkdtemp(join(tmpdir(), 'nodeport-gate-fix-'));

afterAll(async () => {
  await rm(directory, { recursive: true });
});

const POLICY = `apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPolicy
metadata: {name: default}
spec:
  rules:
    node-port-conflict: {}
    node-port-range: {}
    explicit-node-port: {enforcement: warn}
    null-node-port: {enforcement: warn}
---
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPool
metadata: {name: shop}
spec: {ports: ["30100-30299"], namespaces: [shop]}
`;

function service(name: string, port: string): string {
  return `apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: shop}
spec:
  type: NodePort
  ports:
    - ${port}
`;
}

function place(name: string): string {
  return join(directory, name);
}

function run(command: string, args: readonly string[], stdin?: string): Promise<Ran> {
  return runCommand([command, '-p', 'policy.yaml', ...args], { cwd: directory, ...(stdin !== undefined && { stdin }) });
}

beforeEach(async () => {
  await writeFile(place('policy.yaml'), POLICY);
});

describe('fix', () => {
  it('writes what check said, so that nothing is left, and nothing again', async () => {
    await writeFile(place('web.yaml'), service('web', 'port: 80 # the door\n'));
    const before = await run('check', ['web.yaml', '--fail-on', 'warn']);
    expect([before.code, /write (\d+) \(nodeport-gate fix does\)/.exec(before.out)?.[1]]).toEqual([1, '30241']);

    const fixed = await run('fix', ['web.yaml']);
    expect(fixed).toEqual({
      code: 0,
      out: '',
      err: 'web.yaml: shop/web: spec.ports[0].nodePort: 30241\n1 change made\n',
    });
    expect(await readFile(place('web.yaml'), 'utf8')).toBe(
      service('web', 'port: 80 # the door\n      nodePort: 30241\n'),
    );
    expect((await run('check', ['web.yaml', '--fail-on', 'warn'])).code).toBe(0);
    expect(await run('fix', ['web.yaml'])).toEqual({ code: 0, out: '', err: '0 changes made\n' });
  });

  it('gives nobody a number that stands in another file, and check agrees', async () => {
    await writeFile(place('a.yaml'), service('web', 'port: 80'));
    await writeFile(place('b.yaml'), service('other', '{port: 80, nodePort: 30241}'));
    const checked = await run('check', ['-o', 'json', 'a.yaml', 'b.yaml']);
    const { items } = JSON.parse(checked.out) as { items: readonly { assigned: readonly { nodePort: number }[] }[] };
    expect([checked.code, items.map(({ assigned }) => assigned[0]?.nodePort)]).toEqual([0, [30_128, 30_241]]);
    expect((await run('fix', ['a.yaml', 'b.yaml'])).err).toBe(
      'a.yaml: shop/web: spec.ports[0].nodePort: 30128\n1 change made\n',
    );
  });

  it('keeps what the inventory says is running', async () => {
    await writeFile(place('web.yaml'), service('web', 'port: 80'));
    await writeFile(place('services.yaml'), service('web', '{port: 80, nodePort: 30299}'));
    const fixed = await run('fix', ['--inventory', 'services.yaml', 'web.yaml']);
    expect(fixed.err).toBe('web.yaml: shop/web: spec.ports[0].nodePort: 30299\n1 change made\n');
  });

  it('prints a diff and writes nothing with --dry-run', async () => {
    const text = service('web', 'port: 80');
    await writeFile(place('web.yaml'), text);
    const { code, out, err } = await run('fix', ['--dry-run', 'web.yaml']);
    expect([code, err]).toEqual([0, '1 change would be made\n']);
    expect(out).toBe(`--- a/web.yaml
+++ b/web.yaml
@@ -5,3 +5,4 @@
   type: NodePort
   ports:
     - port: 80
+      nodePort: 30241
`);
    expect(await readFile(place('web.yaml'), 'utf8')).toBe(text);
  });

  it('passes standard input on, mended or as it is', async () => {
    const given = `${service('web', 'port: 80')}---\nkind: ConfigMap\napiVersion: v1\n`;
    const mended = await run('fix', ['-'], given);
    expect(mended.code).toBe(0);
    expect(mended.out).toBe(given.replace('port: 80', 'port: 80\n      nodePort: 30241'));
    const untouched = 'kind: ConfigMap\napiVersion: v1\n';
    expect(await run('fix', ['-'], untouched)).toEqual({ code: 0, out: untouched, err: '0 changes made\n' });
  });

  it('passes nothing on of what it cannot read', async () => {
    const { code, out, err } = await run('fix', ['-'], 'kind: Service\napiVersion: v1\nspec: {type: NodePort');
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/^stdin:3:\d+: .*\n0 changes made\n$/);
  });

  it('tells what only the author can decide, with 1', async () => {
    await writeFile(place('web.yaml'), service('web', '{port: 80, nodePort: 29999}'));
    const { code, err } = await run('fix', ['web.yaml']);
    expect([code, err]).toEqual([
      1,
      'web.yaml:7:28: spec.ports[0].nodePort: 29999 is outside 30100-30299 (pool shop); use 30241, 30128 or 30249 [node-port-range]\n' +
        '0 changes made; 1 finding that only you can decide\n',
    ]);
  });

  it('tells what it cannot write without guessing, and mends the rest', async () => {
    const shared = `${service('web', '&port {port: 80}')}---\n${service('api', 'port: 81')}`.replace(
      'type: NodePort\n  ports:\n    - &port {port: 80}',
      'type: NodePort\n  ports:\n    - &port {name: a, port: 80}\n    - *port',
    );
    await writeFile(place('web.yaml'), shared);
    const { code, err } = await run('fix', ['web.yaml']);
    expect(code).toBe(1);
    expect(err).toMatch(
      /^web\.yaml: shop\/api: spec\.ports\[0\]\.nodePort: \d+\nweb\.yaml:\d+:\d+: spec\.ports\[0\]\.nodePort: /,
    );
    expect(err).toMatch(/1 change made; \d to make by hand/);
  });

  it('gives no orders to the CI that shows what it says', async () => {
    const hostile = service('web', 'port: 80').replace('name: web', 'name: "##vso[task.setvariable]"');
    await writeFile(place('::error::x.yaml'), hostile.replace('port: 80', '{port: 80, nodePort: 20000}'));
    await writeFile(place('::stop-commands::x.yaml'), 'kind: [');
    const { err } = await run('fix', ['::error::x.yaml', '::stop-commands::x.yaml']);
    expect([err.includes('x.yaml'), /^::|##vso\[/m.exec(err)]).toEqual([true, null]);
  });

  it('keeps permissions, links and a byte order mark', async () => {
    await writeFile(place('real.yaml'), `\uFEFF${service('web', 'port: 80')}`);
    await chmod(place('real.yaml'), 0o664);
    await symlink('real.yaml', place('link.yaml'));
    expect((await run('fix', ['link.yaml'])).code).toBe(0);
    expect((await stat(place('real.yaml'))).mode & 0o777).toBe(0o664);
    expect((await lstat(place('link.yaml'))).isSymbolicLink()).toBe(true);
    expect(await readFile(place('real.yaml'), 'utf8')).toBe(
      `\uFEFF${service('web', 'port: 80\n      nodePort: 30241')}`,
    );
  });

  it('takes back what a template rendered to nothing', async () => {
    await writeFile(place('web.yaml'), service('web', '{port: 80, nodePort: null}').replace('NodePort', 'ClusterIP'));
    expect((await run('fix', ['web.yaml'])).err).toBe(
      'web.yaml: shop/web: spec.ports[0].nodePort: removed\n1 change made\n',
    );
  });
});

describe('what runs', () => {
  it('is neither judged nor mended, although its dump lies among the manifests', async () => {
    const nested = await mkdtemp(join(directory, 'nested-'));
    await writeFile(join(nested, 'policy.yaml'), POLICY);
    await writeFile(join(nested, 'services.yaml'), service('old', '{port: 80, nodePort: 29999}'));
    await writeFile(join(nested, 'web.yaml'), service('web', '{port: 80, nodePort: 30241}'));
    const { code, out } = await runCommand(
      ['check', '-p', 'policy.yaml', '--inventory', 'services.yaml', '-o', 'json', '.'],
      { cwd: nested },
    );
    const { items } = JSON.parse(out) as { items: readonly { object: { name: string } }[] };
    expect([code, items.map(({ object }) => object.name)]).toEqual([0, ['web']]);
    const named = await runCommand(['check', '-p', 'policy.yaml', '--inventory', 'services.yaml', 'services.yaml'], {
      cwd: nested,
    });
    expect(named.code).toBe(1);
  });
});
