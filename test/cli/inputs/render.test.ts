import { execFileSync } from 'node:child_process';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { told, useScratch } from './scratch.ts';

const scratch = useScratch();

/** Prints how it was called. */
const ECHO = `printf '%s' "$*" | /usr/bin/sed "s|$PWD|CWD|g"`;

describe('charts', () => {
  it('are rendered by helm, with nothing in them read as it is', async () => {
    await scratch.install('helm', ECHO);
    await scratch.write({
      'charts/My_Web/Chart.yaml': 'name: web',
      'charts/My_Web/values.yaml': '-',
      'charts/My_Web/templates/svc.yaml': '{{',
      'charts/My_Web/charts/sub/Chart.yaml': 'name: sub',
      'charts/lib/Chart.yaml': 'name: lib\ntype: library',
      'charts/a.yaml': 'a',
      '-x/Chart.yaml': '',
    });
    const found = await scratch.read(['charts/lib', '.'], { namespace: 'shop' });
    expect(told(found)).toEqual([
      'charts/lib: this is a library chart, of which nothing is installed; name a chart that uses it',
      '-x = template x CWD/-x --namespace=shop',
      'charts/My_Web = template my-web CWD/charts/My_Web --namespace=shop',
      'charts/a.yaml = a',
    ]);
    expect(found[2]).toMatchObject({ isNamed: false, isEditable: false });
    expect(told(await scratch.read(['charts/?y*', 'charts/a*']))).toEqual([
      'charts/My_Web = template my-web CWD/charts/My_Web',
      'charts/a.yaml = a',
    ]);
  });

  it('are directories like any other when nothing is to be rendered', async () => {
    await scratch.write({ 'web/Chart.yaml': 'chart', 'web/templates/svc.yaml': '{{', 'k/kustomization.yaml': 'k' });
    expect(told(await scratch.read(['.'], { render: false }))).toEqual([
      'k/kustomization.yaml = k',
      'web/Chart.yaml = chart',
      'web/templates/svc.yaml = {{',
    ]);
  });

  it('say what to do without helm', async () => {
    await scratch.write({ 'charts/web/Chart.yaml': '', "it's/Chart.yaml": '' });
    expect(told(await scratch.read(['.'], { namespace: 'shop' }))).toEqual([
      'charts/web: this is a Helm chart and helm is not installed; install it, or render it yourself: ' +
        'helm template web charts/web --namespace=shop | nodeport-gate check -',
      "it's: this is a Helm chart and helm is not installed; install it, or render it yourself: " +
        `helm template it-s './it'\\''s' --namespace=shop | nodeport-gate check -`,
    ]);
  });

  const advice = 'correct it, or render it yourself: helm template web ./web | nodeport-gate check -';

  it.each([
    [
      `echo 'WARNING: group-readable' >&2; printf 'Error: a;\\n\\n- b\\033[31m\\n\\nUse --debug flag\\n' >&2; exit 1`,
      'a; - b\\u001b[31m',
    ],
    [`echo first >&2; echo 'last.' >&2; exit 3`, 'last'],
    [`echo 'E1121 09:56:56.3 27 run.go:72] "command failed" err="no x"' >&2; exit 1`, 'no x'],
    ['exit 3', 'helm ended with exit code 3'],
    ['kill -9 $$', 'helm ended with signal SIGKILL'],
    [`printf 'Error: %01000d' 1 >&2; exit 1`, `${'0'.repeat(399)}…`],
    ['exec /usr/bin/yes', 'helm printed more than 67108864 bytes'],
  ])('tell one reason when helm fails: %s', async (script, reason) => {
    await scratch.write({ 'web/Chart.yaml': '' });
    await scratch.install('helm', script);
    expect(told(await scratch.read(['web']))).toEqual([`web: helm cannot render this: ${reason}; ${advice}`]);
  });

  it('take what helm prints, also where it complains, and give it no input', async () => {
    await scratch.write({ 'web/Chart.yaml': '' });
    await scratch.install('helm', `echo 'WARNING: old' >&2; /bin/cat; printf '\\000\\377'`);
    const [found] = await scratch.read(['web']);
    expect(found !== undefined && 'bytes' in found && Buffer.from(found.bytes)).toEqual(Buffer.from([0, 0xff]));
  });
});

describe('kustomizations', () => {
  const BASES = {
    'base/kustomization.yaml': 'resources: [svc.yaml]',
    'base/svc.yaml': '-',
    'old/Kustomization': 'bases: [../base/]',
    'overlays/kustomization.yml': 'resources: [prod, "https://example.com/x", 7]\ncomponents: [../part]',
    'overlays/prod/kustomization.yaml': 'resources:\n- ../../base\n',
    'overlays/prod/patch.yaml': '-',
    'part/kustomization.yaml': 'kind: Component\nresources: [../only-in-part]',
    'only-in-part/kustomization.yaml': '',
    'unused/kustomization.yaml': 'kind: Component',
    'broken/kustomization.yaml': 'resources: [',
  };

  it('are built by kustomize, those that others are made of not by themselves', async () => {
    await scratch.install('kustomize', ECHO);
    await scratch.write(BASES);
    expect(told(await scratch.read(['unused', '.']))).toEqual([
      'unused: this is a kustomize component; name a kustomization that uses it',
      'broken = build CWD/broken',
      'old = build CWD/old',
      'overlays = build CWD/overlays',
    ]);
    expect(told(await scratch.read(['base', 'part']))).toEqual([
      'base = build CWD/base',
      'part: this is a kustomize component; name a kustomization that uses it',
    ]);
  });

  it('are built where they refer to each other in a circle, and known through links', async () => {
    await scratch.install('kustomize', ECHO);
    await scratch.write({
      'a/kustomization.yaml': 'resources: [../b]',
      'b/kustomization.yaml': 'resources: [../a]',
      'c/kustomization.yaml': 'resources: [.]',
      'd/kustomization.yaml': 'resources: [../link]',
      'e/kustomization.yaml': '',
    });
    await symlink('e', join(scratch.directory, 'link'));
    expect(told(await scratch.read(['.']))).toEqual(['a = build CWD/a', 'c = build CWD/c', 'd = build CWD/d']);
  });

  it('have charts and others of their own in them, but no files', async () => {
    await scratch.install('kustomize', ECHO);
    await scratch.install('helm', ECHO);
    await scratch.write({
      'kustomization.yaml': '',
      'a.yaml': '-',
      'charts/web/Chart.yaml': '',
      'deep/b.yaml': '-',
      'deep/k/Kustomization': '',
    });
    const found = await scratch.read(['.']);
    expect(told(found)).toEqual([
      '. = build CWD',
      'charts/web = template web CWD/charts/web',
      'deep/k = build CWD/deep/k',
    ]);
    const region = { file: '.', line: 9, column: 3, endLine: 9, endColumn: 5 };
    expect(found.map((each) => ('relocate' in each ? each.relocate?.(region) : undefined))).toEqual([
      { file: 'kustomization.yaml', line: 1, column: 1, endLine: 1, endColumn: 2 },
      { file: 'charts/web/Chart.yaml', line: 1, column: 1, endLine: 1, endColumn: 2 },
      { file: 'deep/k/Kustomization', line: 1, column: 1, endLine: 1, endColumn: 2 },
    ]);
  });

  it('are built by kubectl where kustomize is not there, and say what to do without both', async () => {
    await scratch.write({ 'k/kustomization.yaml': '' });
    expect(told(await scratch.read(['k']))).toEqual([
      'k: this is a kustomization and neither kustomize nor kubectl is installed; install one of them, ' +
        'or render it yourself: kustomize build k | nodeport-gate check -',
    ]);
    await scratch.install('kubectl', ECHO);
    expect(told(await scratch.read(['k']))).toEqual(['k = kustomize CWD/k']);
    await scratch.install('kustomize', 'echo "Error: no such file" >&2; exit 1');
    expect(told(await scratch.read(['k']))).toEqual([
      'k: kustomize cannot build this: no such file; correct it, ' +
        'or render it yourself: kustomize build k | nodeport-gate check -',
    ]);
  });

  it('do not stop at a FIFO in the place of their file', async () => {
    await scratch.install('kustomize', ECHO);
    await scratch.write({ 'k/a.yaml': '' });
    execFileSync('mkfifo', [join(scratch.directory, 'k/kustomization.yaml')]);
    expect(told(await scratch.read(['k']))).toEqual(['k = build CWD/k']);
  });
});
