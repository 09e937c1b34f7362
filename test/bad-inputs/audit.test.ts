import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { InputProblem } from '../../src/domain/source.ts';
import type { VerdictList } from '../../src/report/verdict-list.ts';
import { type FakeApiServer, json, kubeconfigFor, startFakeApiServer } from '../cluster/support/fake-api-server.ts';
import { runCommand } from '../support/command-line.ts';
import { POLICY } from './run-situation.ts';

/** Something that nobody should give to `nodeport-gate audit`. */
interface Situation {
  readonly name: string;
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly args: readonly string[];
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What the API server does then. */
  readonly server?: (api: FakeApiServer) => unknown;
  /** Lines on standard error; HERE is the directory, SERVER the address of the API server. */
  readonly says: readonly string[];
  /** Problems in the report; without them there is none. */
  readonly problems?: readonly string[];
}

const HOW = 'make it with kubectl get services,endpointslices,nodes,pods,namespaces -A -o json';
const RIGHTS = 'nodeport-gate audit --print-rbac prints the rights that it needs, for kubectl apply -f -';
const READING = 'reading SERVER (HERE/config)';

const object = (kind: string, name: string, more: object = {}): object => ({
  apiVersion: 'v1',
  kind,
  metadata: { namespace: 'shop', name },
  ...more,
});
const web = object('Service', 'web', { spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 30_080 }] } });
const dumpOf = (...items: readonly object[]): string =>
  JSON.stringify({ apiVersion: 'v1', kind: 'List', items }, null, 1);

const TABLE = `NAMESPACE   NAME         TYPE        CLUSTER-IP   EXTERNAL-IP   PORT(S)   AGE   SELECTOR
default     kubernetes   ClusterIP   10.96.0.1    <none>        443/TCP   5d    <none>
`;

const DUMPS: readonly Situation[] = [
  { name: 'an empty pipe', args: ['-'], stdin: '', says: [`stdin: this is empty; ${HOW}`] },
  { name: 'a file that is not there', args: ['none.json'], says: ['none.json: this is not there; check the path'] },
  { name: 'an empty path', args: [''], says: ['"": this path is empty; name a file or directory, or . for this one'] },
  {
    name: 'the table for people',
    args: ['-'],
    stdin: TABLE,
    says: [`stdin: there is no Service in it; ${HOW}`],
  },
  {
    name: 'an error of kubectl',
    args: ['-'],
    stdin: 'Error from server (Forbidden): services is forbidden\n',
    says: [`stdin: there is no Service in it; ${HOW}`],
  },
  {
    name: 'a dump that is cut off',
    files: { 'dump.json': dumpOf(web).slice(0, -20) },
    args: ['dump.json'],
    says: [`dump.json:18:7: this is not JSON: it ends without the closing ]; ${HOW}`],
  },
  {
    name: 'UTF-16, as PowerShell writes it',
    files: { 'dump.json': Buffer.from(`\ufeff${dumpOf(web)}`, 'utf16le') },
    args: ['dump.json'],
    says: ['dump.json: this is UTF-16; save it as UTF-8'],
  },
  { name: 'no object', args: ['-'], stdin: '[]', says: [`stdin: there is no Service in it; ${HOW}`] },
  {
    name: 'an empty List',
    args: ['-'],
    stdin: dumpOf(),
    says: [`stdin: there is no Service in it; ${HOW}`],
  },
  {
    name: 'everything but Services',
    args: ['-'],
    stdin: dumpOf(object('Node', 'node-1'), object('Pod', 'web-1', { spec: {} })),
    says: [`stdin: there is no Service among 2 objects; ${HOW}`],
  },
  {
    name: 'no Service that can be read',
    args: ['-'],
    stdin: dumpOf(object('Service', 'web', { spec: [] })),
    says: ['stdin:12:12: Service shop/web cannot be read: spec: this is a list; write an object'],
  },
  {
    name: 'a broken object among good ones',
    args: ['-'],
    stdin: dumpOf(web, object('Pod', 'p', { spec: { containers: [{ ports: [{ hostPort: 'x' }] }] } })),
    says: [],
    problems: [
      'stdin:34:21: Pod shop/p cannot be read: spec.containers[0].ports[0].hostPort: "x" is a string; write a whole number',
    ],
  },
  {
    name: 'a good dump beside a broken one',
    files: { 'good.json': dumpOf(web), 'bad.json': '{"kind":' },
    args: ['good.json', 'bad.json'],
    says: [],
    problems: [`bad.json:1:9: this is not JSON: it ends without the closing }; ${HOW}`],
  },
  {
    name: 'a hostile name',
    args: ['-'],
    stdin: dumpOf(web, object('Service', '\u001b[31m\u202e::error::x', { spec: { ports: 7 } })),
    says: [],
    problems: [
      String.raw`stdin:30:14: Service shop/\u001b[31m\u202e::error::x cannot be read: spec.ports: 7 is a number; write a list of ports`,
    ],
  },
];

const FLAGS: readonly Situation[] = [
  {
    name: 'a dump and a kubeconfig',
    args: ['dump.json', '--kubeconfig', 'config'],
    says: ['dump and --kubeconfig: no cluster is asked where there is a dump; leave out either'],
  },
  {
    name: 'a dump and everything else',
    args: ['-', '--kubeconfig', 'config', '--context', 'here', '--in-cluster'],
    says: [
      'dump, --kubeconfig, --context and --in-cluster: no cluster is asked where there is a dump; leave out either',
    ],
  },
  {
    name: 'two clusters',
    args: ['--in-cluster', '--context', 'here'],
    says: ['--in-cluster: only one cluster is asked; leave out either this or --context'],
  },
  {
    name: 'empty values, as of unset variables',
    args: ['--kubeconfig', '', '--context', '', '--compare', '', '-o', 'x'],
    says: [
      '--output: x is no format; use human, json, sarif, csv or html',
      '--kubeconfig: the path is empty; name a file, or leave the flag out',
      '--context: the name is empty; name a context, or leave the flag out',
      '--compare: the path is empty; name a file, or leave the flag out',
    ],
  },
  {
    name: 'policies that are none, all of them told before any cluster is asked',
    files: { 'a.yaml': 'kind: NodePortPolicy\n', 'b.yaml': '[' },
    args: ['-p', 'a.yaml', '--compare', 'b.yaml', '--baseline', 'none.json'],
    says: [
      'a.yaml:1:1: apiVersion: is missing; use nodeport-gate.dev/v1alpha1',
      'a.yaml:1:1: metadata: is missing; write a mapping',
      'a.yaml:1:1: spec: is missing; write a mapping',
      'b.yaml:1:2: is not readable as YAML; flow sequence must end with a ]',
      'none.json: this is not there; check the path',
    ],
  },
  {
    name: 'nothing to audit',
    args: [],
    env: { HOME: '/nonexistent' },
    says: [
      'there is no cluster: KUBECONFIG is not set, and ~/.kube/config is not there; give --kubeconfig FILE, in a pod --in-cluster, or a dump of kubectl get services,endpointslices,nodes,pods,namespaces -A -o json',
    ],
  },
  {
    name: 'a KUBECONFIG that leads nowhere',
    args: [],
    env: { KUBECONFIG: '/nonexistent/a:/nonexistent/b' },
    says: ['KUBECONFIG: /nonexistent/a:/nonexistent/b is not there; correct it, or give --kubeconfig FILE'],
  },
  {
    name: 'a kubeconfig that is not there',
    args: ['--kubeconfig', 'none'],
    says: ['HERE/none does not exist; check the path'],
  },
  {
    name: 'a kubeconfig that is none',
    files: { broken: '"' },
    args: ['--kubeconfig', 'broken'],
    says: [
      'HERE/broken is not YAML (line 1, column 2: this is not YAML: Missing closing "quote; close the quote); give a kubeconfig',
    ],
  },
  {
    name: 'a context that is not there',
    args: ['--kubeconfig', 'config', '--context', 'prod\u001b[31m'],
    says: [String.raw`HERE/config has no context prod\u001b[31m; see kubectl config get-contexts`],
  },
];

const CLUSTERS: readonly Situation[] = [
  {
    name: 'that is not there',
    args: ['--kubeconfig', 'gone'],
    files: { gone: kubeconfigFor('http://127.0.0.1:1') },
    says: ['http://127.0.0.1:1 is unreachable (connect ECONNREFUSED 127.0.0.1:1); check the address and the network'],
  },
  {
    name: 'that does not know us',
    args: ['--kubeconfig', 'config'],
    server: (api) => api.always('list', json(401, { message: 'Unauthorized' })),
    says: [
      "list services is refused (401: Unauthorized); the credentials are not valid: renew the kubeconfig or the ServiceAccount's token",
    ],
  },
  {
    name: 'that forbids Services',
    args: ['--kubeconfig', 'config'],
    server: (api) => api.at('/api/v1/services', json(403, { message: 'no\u001b[31m' })),
    says: [String.raw`list services is forbidden (403: no\u001b[31m); grant the verb list on services by RBAC`, RIGHTS],
  },
  {
    name: 'that forbids pods',
    args: ['--kubeconfig', 'config'],
    server: (api) => api.at('/api/v1/pods', json(403, { message: 'no' })),
    says: [READING, RIGHTS],
    problems: ['SERVER: list pods is forbidden (403: no); grant the verb list on pods by RBAC'],
  },
  {
    name: 'that is something else',
    args: ['--kubeconfig', 'config'],
    server: (api) => api.always('list', (response) => response.end('<html>')),
    says: [
      'the answer to /api/v1/services is no list of an API server; check the address, and what answers in place of the API server',
    ],
  },
  {
    name: 'with a Service that cannot be read',
    args: ['--kubeconfig', 'config'],
    server: (api) => api.putSilently('/api/v1/services', { metadata: { namespace: 'shop', name: 'x' }, spec: 7 }),
    says: [READING],
    problems: ['SERVER: Service shop/x cannot be read: spec: 7 is a number; write an object'],
  },
];

/** What terminals obey or do not show, besides the end of a line. */
const UNSEEN =
  /[\0-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]/u;

let api: FakeApiServer;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'nodeport-gate-bad-audit-'));
});

afterEach(() => api.close());
afterAll(() => rm(directory, { recursive: true }));

describe.each([
  ['a dump', DUMPS],
  ['flags', FLAGS],
  ['a cluster', CLUSTERS],
])('audit of %s', (_, situations) => {
  it.each(situations.map((situation) => [situation.name, situation] as const))('%s', async (name, situation) => {
    const cwd = join(directory, name.replaceAll(/\W/g, '-'));
    api = await startFakeApiServer();
    api.putSilently('/api/v1/services', { metadata: { namespace: 'shop', name: 'web' }, spec: {} });
    situation.server?.(api);
    const files = { 'policy.yaml': POLICY, config: kubeconfigFor(api.url), ...situation.files };
    for (const [file, content] of Object.entries(files)) {
      await mkdir(dirname(join(cwd, file)), { recursive: true });
      await writeFile(join(cwd, file), content);
    }
    const { args, stdin, env, says, problems } = situation;
    const policy = args.includes('-p') ? [] : ['-p', 'policy.yaml'];
    const output = args.includes('-o') ? [] : ['-o', 'json'];
    const { code, out, err } = await runCommand(['audit', ...policy, ...output, ...args], {
      cwd,
      ...(stdin !== undefined && { stdin }),
      ...(env !== undefined && { env }),
    });
    const shown = (text: string): string => text.replaceAll(cwd, 'HERE').replaceAll(api.url, 'SERVER');
    expect([code, ...shown(err).split('\n').slice(0, -1)]).toEqual([2, ...says]);
    expect(UNSEEN.exec(out + err)).toBeNull();
    if (problems === undefined) expect(out).toBe('');
    else expect(problemsIn(out).map(shown)).toEqual(problems);
  });
});

function problemsIn(out: string): readonly string[] {
  const report = JSON.parse(out) as VerdictList & { readonly problems: readonly InputProblem[] };
  return report.problems.map(({ file, line, column, message }) =>
    line === undefined ? `${file}: ${message}` : `${file}:${line}:${column}: ${message}`,
  );
}
