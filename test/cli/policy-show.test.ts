import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Ran, runCommand } from '../support/command-line.ts';

const cwd = await mkdtemp(join(tmpdir(), 'nodeport-gate-policy-show-'));

afterAll(async () => {
  await rm(cwd, { recursive: true });
});

const POLICY = `apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPolicy
metadata: {name: default}
spec:
  match: {excludeNamespaces: [kube-system], serviceTypes: [NodePort]}
  maxEnforcement: warn
  rules:
    source-cidrs: {enforcement: audit, minPrefixLength: {ipv4: 16}}
    node-port-pool: {}
  allowSuppressions: [source-cidrs]
---
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPolicy
metadata: {name: gold}
spec: {match: {namespaceSelector: {matchLabels: {tier: gold}, matchExpressions: [{key: a, operator: NotIn, values: [x, y]}]}}, rules: {node-port-range: {}}}
---
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPool
metadata: {name: rest}
spec: {ports: ["30010-30015"], namespaces: ["*"]}
---
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPool
metadata: {name: shop}
spec: {ports: ["30014-30020"], reserved: [30020], namespaces: [shop], contact: "shop\\u202e", priority: 1, assign: false, quota: {perService: 2}}
---
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortException
metadata: {name: old}
spec: {rules: [source-cidrs], namespaces: [erp], reason: it was so, expires: 2026-11-20}
---
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortException
metadata: {name: soon}
spec: {rules: [node-port-pool], namespaces: [shop], services: [web], ports: [30015], reason: it moves, ticket: OPS-1, expires: 2026-11-22}
`;

await writeFile(join(cwd, 'nodeport-gate.yaml'), POLICY);
await writeFile(
  join(cwd, 'dump.json'),
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'List',
    items: [
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { namespace: 'shop', name: 'web' },
        spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 30_015 }] },
      },
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { tier: 'silver' } } },
    ],
  }),
);

function show(...args: readonly string[]): Promise<Ran> {
  return runCommand(['policy', 'show', ...args], { cwd, now: new Date('2026-11-21T12:00:00Z') });
}

const DEFAULT = `NodePortPolicy default
  for         serviceTypes NodePort; excludeNamespaces kube-system
  preset none, nothing beyond warn; a rule that cannot know: warn
  Services may suppress source-cidrs
  deny   node-port-pool  unowned: "allow"
  audit  source-cidrs    minPrefixLength: {"ipv4":16}, required: true, allowWorld: false, acceptLoadBalancerSourceRanges: "closed"
`;
const GOLD = `  for         namespaceSelector tier=gold,a notin (x,y)
  preset none, nothing beyond deny; a rule that cannot know: warn
  deny   node-port-range
`;
const SOON = `NodePortException soon
  from        node-port-pool
  for         namespaces shop; Services web
  ports       30015
  because     it moves (OPS-1)
  expires     2026-11-22, soon: holds for 2 days more
`;

function shopPool(fullness: string): string {
  return `NodePortPool shop
  ports       30014-30020
  reserved    30020
  for         namespaces shop
  contact     shop\\u202e
  priority    1
  assigns     nothing; 6 ports to choose from${fullness}
  quota       2 for one Service
`;
}

function restPool(fullness: string): string {
  return `NodePortPool rest
  ports       30010-30015
  for         namespaces *
  priority    1000
  assigns     from 4 ports${fullness}
`;
}

/** What is below everything else. */
function end(out: string): readonly [string, string] {
  const at = out.indexOf('cluster default\n');
  return [out.slice(0, at), out.slice(at)];
}

describe('policy show', () => {
  it('shows everything with presets, defaults, pools in order of precedence and exceptions with their end', async () => {
    const { code, out, err } = await show();
    const [documents, cluster] = end(out);
    expect({ code, documents, cluster: cluster.replace(/[0-9a-f]{64}/, 'HASH') }).toEqual({
      code: 0,
      documents: [
        DEFAULT,
        `NodePortPolicy gold\n${GOLD}`,
        shopPool(''),
        restPool(''),
        `NodePortException old
  from        source-cidrs
  for         namespaces erp
  because     it was so
  expires     2026-11-20, expired, as if it were not there
`,
        SOON,
        '',
      ].join('\n'),
      cluster: `cluster default
  node ports 30000-32767, ephemeral ports 32768-60999, data plane kube-proxy

policy sha256:HASH
`,
    });
    expect(err).toMatch(/^(?:warning: nodeport-gate\.yaml:\d+:\d+: [^\n]+\n)*$/);
  });

  it('shows what concerns a namespace, with how full its pools are', async () => {
    const known = await show('-n', 'shop', '--inventory', 'dump.json');
    const unknown = await show('-n', 'shop');
    const pools = (fullness: readonly [string, string]): string[] => [shopPool(fullness[0]), restPool(fullness[1])];
    expect([end(known.out)[0], end(unknown.out)[0]]).toEqual([
      [DEFAULT, ...pools([', 1 of them held, 5 left', ', 0 of them held, 4 left']), SOON, ''].join('\n'),
      [
        DEFAULT,
        `NodePortPolicy gold (perhaps: the labels of the namespace are not known)\n${GOLD}`,
        ...pools(['', '']),
        SOON,
        '',
      ].join('\n'),
    ]);
  });

  it('shows nothing of what excludes the namespace', async () => {
    const { out } = await show('-n', 'kube-system', '--inventory', 'dump.json');
    expect(end(out)[0].split('\n')[0]).toBe('NodePortPolicy gold (perhaps: the labels of the namespace are not known)');
  });

  it('shows the same as JSON', async () => {
    const { code, out } = await show('-n', 'shop', '--inventory', 'dump.json', '-o', 'json');
    const shown: unknown = JSON.parse(out);
    expect([code, shown]).toEqual([
      0,
      {
        hash: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) as unknown,
        cluster: {
          name: 'default',
          serviceNodePortRange: { from: 30_000, to: 32_767 },
          ephemeralPortRange: { from: 32_768, to: 60_999 },
          podCIDRs: [],
          nodeCIDRs: [],
          dataPlane: 'kube-proxy',
        },
        policies: [
          {
            name: 'default',
            preset: 'none',
            maxEnforcement: 'warn',
            undetermined: 'warn',
            match: { excludeNamespaces: ['kube-system'], serviceTypes: ['NodePort'] },
            allowSuppressions: ['source-cidrs'],
            rules: [
              { rule: 'node-port-pool', enforcement: 'deny', options: { unowned: 'allow' } },
              {
                rule: 'source-cidrs',
                enforcement: 'audit',
                options: {
                  minPrefixLength: { ipv4: 16 },
                  required: true,
                  allowWorld: false,
                  acceptLoadBalancerSourceRanges: 'closed',
                },
              },
            ],
          },
        ],
        pools: [
          {
            name: 'shop',
            ports: '30014-30020',
            reserved: '30020',
            contact: 'shop\u202e',
            namespaces: ['shop'],
            priority: 1,
            assign: false,
            quota: { perService: 2 },
            assignable: 6,
            held: 1,
          },
          {
            name: 'rest',
            ports: '30010-30015',
            namespaces: ['*'],
            priority: 1000,
            assign: true,
            assignable: 4,
            held: 0,
          },
        ],
        exceptions: [
          {
            name: 'soon',
            rules: ['node-port-pool'],
            namespaces: ['shop'],
            services: ['web'],
            ports: '30015',
            reason: 'it moves',
            ticket: 'OPS-1',
            expires: '2026-11-22',
            state: 'ends soon',
            daysLeft: 2,
          },
        ],
      },
    ]);
  });
});

describe('the policy that a command goes by', () => {
  const marker = (out: string): string => out.split('\n')[0] ?? '';
  const at = async (...path: readonly string[]): Promise<readonly string[]> => {
    const { out, err } = await runCommand(['policy', 'show'], { cwd: join(cwd, ...path) });
    return [marker(out), err];
  };
  const named = (name: string): string => `apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPolicy
metadata: {name: ${name}}
spec: {preset: baseline}
`;
  const HINT =
    'no nodeport-gate.yaml here or above: going by the policy that comes with the gate; nodeport-gate init writes one, --policy names another\n';

  it('is the nearest one up to the root of the repository, and not beyond', async () => {
    await mkdir(join(cwd, 'outer/repository/.git'), { recursive: true });
    await mkdir(join(cwd, 'outer/repository/a/b'), { recursive: true });
    await mkdir(join(cwd, 'outer/empty/.git'), { recursive: true });
    await mkdir(join(cwd, 'outer/plain'), { recursive: true });
    await writeFile(join(cwd, 'outer/nodeport-gate.yaml'), named('outer'));
    await writeFile(join(cwd, 'outer/repository/nodeport-gate.yaml'), named('root'));
    await writeFile(join(cwd, 'outer/repository/a/nodeport-gate.yaml'), named('nearest'));
    expect([
      await at('outer'),
      await at('outer/repository'),
      await at('outer/repository/a/b'),
      await at('outer/empty'),
      await at('outer/plain'),
    ]).toEqual([
      ['NodePortPolicy outer', ''],
      ['NodePortPolicy root', ''],
      ['NodePortPolicy nearest', ''],
      ['NodePortPolicy default', HINT],
      ['NodePortPolicy default', HINT],
    ]);
  });
});
