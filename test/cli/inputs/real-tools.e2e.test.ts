import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runEnvironment } from '../../e2e/support/run-environment.ts';
import { obtainHelmBinary } from '../../manifests/support/helm.ts';
import { type Ran, runCommand } from '../../support/command-line.ts';

/** Charts and kustomizations, rendered by the real helm and kubectl, with findings that lead back to their sources. */
const directory = await mkdtemp(join(tmpdir(), 'nodeport-gate-render-'));
const tools = join(directory, 'tools');

beforeAll(async () => {
  await mkdir(tools);
  await symlink(await obtainHelmBinary(), join(tools, 'helm'));
  await symlink(runEnvironment().binaries.kubectl, join(tools, 'kubectl'));
});

afterAll(async () => {
  await rm(directory, { recursive: true });
});

async function put(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, name)), { recursive: true });
    await writeFile(join(directory, name), text);
  }
}

await put({
  'policy.yaml': `apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPolicy
metadata: {name: default}
spec:
  rules: {node-port-range: {}}
`,
  'charts/web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
  'charts/web/values.yaml': 'port: 29999\n',
  'charts/web/templates/service.yaml': `{{- if .Values.port }}
apiVersion: v1
kind: Service
metadata:
  name: {{ .Release.Name }}
spec:
  type: NodePort
  ports:
    - port: 80
      nodePort: {{ .Values.port }}
{{- end }}
`,
  'overlays/base/kustomization.yaml': 'resources: [service.yaml]\n',
  'overlays/base/service.yaml': `apiVersion: v1
kind: Service
metadata: {name: api}
spec:
  type: NodePort
  ports: [{port: 80, nodePort: 30080}]
`,
  'overlays/prod/kustomization.yaml': `resources: [../base]
namespace: prod
patches:
  - target: {kind: Service, name: api}
    patch: |-
      - {op: replace, path: /spec/ports/0/nodePort, value: 29998}
`,
});

function check(...args: readonly string[]): Promise<Ran> {
  return runCommand(['check', '-p', 'policy.yaml', '-o', 'json', ...args], { cwd: directory, env: { PATH: tools } });
}

function findingsIn({ out }: Ran): readonly object[] {
  const { items } = JSON.parse(out) as {
    items: readonly {
      object: { namespace: string; name: string };
      findings: readonly { value: number; source: { file: string; line: number; column: number } }[];
    }[];
  };
  return items.flatMap(({ object: { namespace, name }, findings }) =>
    findings.map(({ value, source: { file, line, column } }) => [
      `${namespace}/${name}`,
      value,
      `${file}:${line}:${column}`,
    ]),
  );
}

it('renders a chart and points into its template', async () => {
  const ran = await check('-n', 'shop', 'charts');
  expect([ran.code, findingsIn(ran)]).toEqual([1, [['shop/web', 29_999, 'charts/web/templates/service.yaml:10:17']]]);
});

it('builds the overlay, not the base, and points to its kustomization', async () => {
  const ran = await check('overlays');
  expect([ran.code, findingsIn(ran)]).toEqual([1, [['prod/api', 29_998, 'overlays/prod/kustomization.yaml:1:1']]]);
});

it('tells in one line what helm says of a broken chart', async () => {
  await put({
    'broken/Chart.yaml': 'apiVersion: v2\nname: broken\nversion: 1.0.0\n',
    'broken/templates/service.yaml': 'kind: {{ .Values.a.b.c }\n',
  });
  const { code, out } = await check('broken');
  const { problems } = JSON.parse(out) as { problems: readonly { file: string; message: string }[] };
  expect([code, problems.map(({ file }) => file)]).toEqual([2, ['broken']]);
  expect(problems[0]?.message).toMatch(
    /^helm cannot render this: .*unexpected "}" in operand; correct it, or render it yourself: helm template broken .\/broken \| nodeport-gate check -$/,
  );
});

it('says what to do without the tools', async () => {
  const { code, out } = await runCommand(['check', '-p', 'policy.yaml', '-o', 'json', 'charts', 'overlays'], {
    cwd: directory,
    env: { PATH: '' },
  });
  const { problems } = JSON.parse(out) as { problems: readonly object[] };
  expect([code, problems]).toMatchInlineSnapshot(`
    [
      2,
      [
        {
          "file": "charts/web",
          "message": "this is a Helm chart and helm is not installed; install it, or render it yourself: helm template web charts/web | nodeport-gate check -",
        },
        {
          "file": "overlays/prod",
          "message": "this is a kustomization and neither kustomize nor kubectl is installed; install one of them, or render it yourself: kustomize build overlays/prod | nodeport-gate check -",
        },
      ],
    ]
  `);
});
