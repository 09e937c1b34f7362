import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonAudit } from '../../src/report/audit-json.ts';
import { type FakeApiServer, kubeconfigFor, startFakeApiServer } from '../cluster/support/fake-api-server.ts';
import { type Ran, runCommand } from '../support/command-line.ts';

const POLICY = `apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPolicy
metadata: {name: default}
spec:
  preset: none
  rules: {node-port-range: {}, load-balancer-node-ports: {enforcement: warn}}
`;

const cwd = await mkdtemp(join(tmpdir(), 'nodeport-gate-audit-'));
let api: FakeApiServer;

beforeEach(async () => {
  api = await startFakeApiServer();
  await writeFile(join(cwd, 'nodeport-gate.yaml'), POLICY);
});

afterEach(() => api.close());
afterAll(() => rm(cwd, { recursive: true }));

const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> =>
  runCommand(['audit', ...args], { cwd, env });

const service = (name: string, nodePort: number, type = 'NodePort') => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { namespace: 'shop', name },
  spec: { type, ports: [{ port: 80, nodePort }] },
});

const dump = (...items: readonly object[]): Promise<void> =>
  writeFile(join(cwd, 'dump.json'), JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));

/** What of a JSON report tells which cluster it is about. */
const holders = ({ code, out, err }: Ran) => ({
  code,
  err: err.replaceAll(api.url, 'SERVER').replaceAll(cwd, 'HERE'),
  names: (JSON.parse(out) as JsonAudit).map.ports.map(({ name, nodePort }) => `${name} ${nodePort}`),
});

describe('audit --print-rbac', () => {
  it('prints a ClusterRole, and asks nobody', async () => {
    expect(await run(['--print-rbac', '--kubeconfig', 'none'])).toEqual({
      code: 0,
      err: '',
      out: `# What nodeport-gate audit needs. It only lists:
#   nodeport-gate audit --print-rbac | kubectl apply -f -
# To whom it is given:
#   kubectl create clusterrolebinding nodeport-gate-audit --clusterrole=nodeport-gate-audit --user=NAME
#   kubectl create clusterrolebinding nodeport-gate-audit --clusterrole=nodeport-gate-audit --serviceaccount=NAMESPACE:NAME
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: nodeport-gate-audit
rules:
  - apiGroups: [""]
    resources: [services, nodes, pods, namespaces]
    verbs: [list]
  - apiGroups: [discovery.k8s.io]
    resources: [endpointslices]
    verbs: [list]
`,
    });
  });
});

describe('audit of a cluster', () => {
  beforeEach(async () => {
    api.putSilently('/api/v1/services', service('web', 30_080));
    await writeFile(join(cwd, 'config'), kubeconfigFor(api.url));
  });

  it('reads what the kubeconfig leads to, and sends nothing but GET', async () => {
    expect(holders(await run(['--kubeconfig', 'config', '-o', 'json']))).toEqual({
      code: 0,
      err: 'reading SERVER (HERE/config)\n',
      names: ['web 30080'],
    });
    expect(api.seen.map(({ method, body }) => [method, body])).toEqual(Array.from({ length: 5 }, () => ['GET', '']));
  });

  it.each([
    ['KUBECONFIG', { KUBECONFIG: 'config' }, 'reading SERVER (HERE/config)\n'],
    [
      'the first file of KUBECONFIG that is there',
      { KUBECONFIG: 'none::config:other' },
      'KUBECONFIG: of several files only config is read; --kubeconfig FILE names another one\nreading SERVER (HERE/config)\n',
    ],
    ['~/.kube/config', { HOME: join(cwd, 'home') }, 'reading SERVER (HERE/home/.kube/config)\n'],
  ])('finds %s', async (_, env, err) => {
    await mkdir(join(cwd, 'home', '.kube'), { recursive: true });
    await writeFile(join(cwd, 'home', '.kube', 'config'), kubeconfigFor(api.url));
    expect(holders(await run(['-o', 'json'], env))).toEqual({ code: 0, err, names: ['web 30080'] });
  });

  it('takes another context than the current one', async () => {
    const config = JSON.parse(kubeconfigFor('http://127.0.0.1:1')) as Record<string, readonly object[]>;
    const contexts = [...(config['contexts'] ?? []), { name: 'prod', context: { cluster: 'prod', user: 'me' } }];
    const clusters = [...(config['clusters'] ?? []), { name: 'prod', cluster: { server: api.url } }];
    await writeFile(join(cwd, 'config'), JSON.stringify({ ...config, contexts, clusters }));
    expect(holders(await run(['--kubeconfig', 'config', '--context', 'prod', '-o', 'json']))).toEqual({
      code: 0,
      err: 'reading SERVER (HERE/config)\n',
      names: ['web 30080'],
    });
  });

  it('asks the cluster that the pod runs in', async () => {
    expect(await run(['--in-cluster'])).toEqual({
      code: 2,
      out: '',
      err: 'KUBERNETES_SERVICE_HOST or KUBERNETES_SERVICE_PORT is missing; run this in a pod, or give --kubeconfig FILE\n',
    });
  });
});

describe('audit of a dump', () => {
  it('ends with 1 for what denies, and by --fail-on for what warns', async () => {
    await dump(service('web', 30_080), service('balancer', 30_081, 'LoadBalancer'));
    const codes = async (...args: readonly string[]): Promise<number> => (await run(['dump.json', ...args])).code;
    expect([await codes(), await codes('--fail-on', 'warn')]).toEqual([0, 1]);
    await dump(service('web', 22));
    expect([await codes(), await codes('--exit-zero')]).toEqual([1, 0]);
  });

  it('knows what a baseline knows, and tells what of it is mended', async () => {
    await dump(service('web', 22), service('old', 23));
    const made = await run(['dump.json', '-o', 'json', '--create-baseline', 'base.json']);
    expect([made.code, made.err]).toEqual([0, 'base.json: 2 findings written; use it with --baseline\n']);
    await dump(service('web', 22));
    const { code, err, out } = await run(['dump.json', '-o', 'json', '--baseline', 'base.json']);
    expect([code, err, (JSON.parse(out) as JsonAudit).summary.baselined]).toEqual([
      0,
      'base.json: 1 finding of it is there no more; make it again with --create-baseline\n',
      1,
    ]);
    const broken = { ...service('x', 0), spec: 7 };
    await dump(service('web', 22), broken);
    const unmade = await run(['dump.json', '-o', 'json', '--create-baseline', 'never.json']);
    expect([unmade.code, unmade.err]).toEqual([2, 'never.json: not written, because not everything could be read\n']);
  });

  it('writes every format, each where it is told', async () => {
    await dump(service('web', 22));
    const others = ['json', 'sarif', 'csv', 'html'];
    const flags = others.flatMap((format) => ['-o', format, '--output-file', `report.${format}`]);
    const { code, out, err } = await run(['dump.json', ...flags, '-o', 'human']);
    expect([code, err, out.split('\n')[0]]).toEqual([1, '', '  shop/web: denied']);
    const texts = await Promise.all(others.map((format) => readFile(join(cwd, `report.${format}`), 'utf8')));
    const names = ['"kind":"VerdictList"', '"version":"2.1.0"', 'port,22,TCP,shop,web', '"kind":"PortMap"'];
    expect(texts.map((text, index) => text.includes(names[index] ?? 'nothing'))).toEqual([true, true, true, true]);
    expect(await run(['dump.json', '-o', 'csv', '--output-file', 'none/report.csv'])).toEqual({
      code: 2,
      out: '',
      err: 'none/report.csv: its directory is not there; make it first\n',
    });
  });

  it('compares with another policy as a whole', async () => {
    await dump(service('web', 30_080));
    await mkdir(join(cwd, 'next'), { recursive: true });
    await writeFile(
      join(cwd, 'next', 'a.yaml'),
      POLICY.replace('node-port-range: {}', 'service-type: {allowed: [ClusterIP]}'),
    );
    const { code, out } = await run(['dump.json', '-o', 'json', '--compare', 'next']);
    const { comparison } = JSON.parse(out) as JsonAudit;
    expect([code, comparison?.summary]).toEqual([0, { objects: 1, stranded: 1, freed: 0, changed: 1 }]);
    expect(comparison?.items.map(({ appearing }) => appearing.map(({ rule }) => rule))).toEqual([['service-type']]);
  });
});
