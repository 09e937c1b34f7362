import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { json, kubeconfigFor, startFakeApiServer } from '../cluster/support/fake-api-server.ts';
import { type Ran, runCommand } from '../support/command-line.ts';
import { makeDumpDirectory } from '../support/dump-directory.ts';

const POLICY = `apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPolicy
metadata: {name: default}
spec: {preset: baseline}
---
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPool
metadata: {name: shop}
spec: {ports: ["30010-30015"], reserved: [30011], namespaces: [shop, gold], contact: shop@example.com, priority: 100}
---
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPool
metadata: {name: late}
spec: {ports: ["30020"], namespaces: [shop], priority: 200}
---
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPool
metadata: {name: gold}
spec: {ports: ["30030-30031"], namespaceSelector: {matchLabels: {tier: gold}}, priority: 1}
`;

function service(name: string, nodePort: number, type = 'NodePort'): object {
  const spec = { type, externalName: 'x', ports: [{ port: 80, nodePort }] };
  return { apiVersion: 'v1', kind: 'Service', metadata: { namespace: 'shop', name }, spec };
}

function namespace(name: string, labels: object): object {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}

/** So that it is known what pods take: nothing that is asked about here. */
const POD = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace: 'ops', name: 'agent' },
  spec: { containers: [{ ports: [{ containerPort: 80, hostPort: 9100 }] }] },
};

const { cwd, dump } = await makeDumpDirectory(POLICY);

await dump(
  'east.json',
  service('a', 30_010),
  service('b', 30_013, 'ExternalName'),
  namespace('shop', {}),
  namespace('gold', { tier: 'gold' }),
  POD,
);
// The same Service with another number: both are taken.
await dump('west.json', service('a', 30_012), POD);
await dump('full.json', service('c', 30_014), service('d', 30_015), POD);

const KNOWN = ['--inventory', 'east.json', '--inventory', 'west.json'];
const DOUBT =
  'namespace shop may own pool gold, depending on its labels, which are not known; give --inventory the output of kubectl get services,endpointslices,nodes,pods,namespaces -A -o json\n';

function free(...args: readonly string[]): Promise<Ran> {
  return runCommand(['free', ...args], { cwd });
}

describe('free', () => {
  it('prints what is free in every cluster', async () => {
    expect(await free('-n', 'shop', ...KNOWN)).toEqual({
      code: 0,
      out: 'pool shop, contact shop@example.com: 2 of 5 ports free (30010-30015)\n  30014\n  30015\nfree in each alone: east.json 3, west.json 4\n',
      err: '',
    });
  });

  it('prints the same as JSON', async () => {
    expect(await free('-n', 'shop', '--count', '1', '-o', 'json', ...KNOWN)).toEqual({
      code: 0,
      out: '{"pool":"shop","contact":"shop@example.com","free":[30014]}\n',
      err: '',
    });
  });

  it('prints the same as CSV', async () => {
    expect(await free('-n', 'shop', '-o', 'csv', ...KNOWN)).toEqual({
      code: 0,
      out: 'node_port,pool,contact\r\n30014,shop,shop@example.com\r\n30015,shop,shop@example.com\r\n',
      err: '',
    });
  });

  it('takes any pool of the policy where no namespace is named', async () => {
    expect(await free('--pool', 'gold', '--inventory', 'full.json')).toEqual({
      code: 0,
      out: 'pool gold: 2 of 2 ports free (30030-30031)\n  30030\n  30031\n',
      err: '',
    });
  });

  it('takes the pool that is named, and the one that labels give', async () => {
    const late = await free('-n', 'shop', '--pool', 'late', ...KNOWN);
    const gold = await free('-n', 'gold', ...KNOWN);
    expect([late.out, gold.out]).toEqual([
      'pool late: 1 of 1 ports free (30020)\n  30020\nfree in each alone: east.json 1, west.json 1\n',
      'pool gold: 2 of 2 ports free (30030-30031)\n  30030\n  30031\nfree in each alone: east.json 2, west.json 2\n',
    ]);
  });

  it('ends with 1 when nothing is free', async () => {
    expect(await free('-n', 'shop', ...KNOWN, '--inventory', 'full.json')).toEqual({
      code: 1,
      out: 'pool shop, contact shop@example.com: 0 of 5 ports free (30010-30015)\nfree in each alone: east.json 3, west.json 4, full.json 3\n',
      err: '',
    });
  });

  it('does not take for free what a pod takes on its node, and says where it cannot know', async () => {
    const proxy = {
      ...POD,
      spec: { nodeName: 'n1', containers: [{ ports: [{ containerPort: 80, hostPort: 30_010 }] }] },
    };
    await dump('taken.json', service('e', 30_012), proxy);
    await dump('unknown.json', service('e', 30_012));
    expect(
      await free('--pool', 'shop', '--count', '1', '--inventory', 'taken.json', '--inventory', 'unknown.json'),
    ).toEqual({
      code: 0,
      out: 'pool shop, contact shop@example.com: 3 of 5 ports free (30010-30015)\n  30013\nfree in each alone: taken.json 3, unknown.json 4\n',
      err: 'unknown.json: not known: pods; what they take on their nodes counts as free\n',
    });
  });

  it('asks the cluster that a kubeconfig leads to', async () => {
    const api = await startFakeApiServer();
    api.putSilently('/api/v1/services', { metadata: { namespace: 'shop', name: 'a' }, ...service('a', 30_010) });
    await writeFile(join(cwd, 'config'), kubeconfigFor(api.url));
    const asked = await free('--pool', 'shop', '--count', '1', '--kubeconfig', 'config');
    api.at('/api/v1/pods', json(403, { message: 'no' }));
    const refused = await free('--pool', 'shop', '--kubeconfig', 'config');
    await api.close();
    const shown = ({ err, ...rest }: Ran): Ran => ({
      ...rest,
      err: err.replaceAll(api.url, 'SERVER').replaceAll(cwd, 'HERE'),
    });
    expect([asked, refused].map(shown)).toEqual([
      {
        code: 0,
        out: 'pool shop, contact shop@example.com: 4 of 5 ports free (30010-30015)\n  30012\n',
        err: 'reading SERVER (HERE/config)\n',
      },
      {
        code: 2,
        out: '',
        err: 'reading SERVER (HERE/config)\nnodeport-gate audit --print-rbac prints the rights that it needs, for kubectl apply -f -\nSERVER: list pods is forbidden (403: no); grant the verb list on pods by RBAC\n',
      },
    ]);
  });

  it('says that no holders are known', async () => {
    expect(await free('-n', 'shop', '--pool', 'late')).toEqual({
      code: 0,
      out: 'pool late: 1 of 1 ports free (30020)\n  30020\n',
      err: 'no holders are known, so every port counts as free; give --kubeconfig FILE, or --inventory the output of kubectl get services,endpointslices,nodes,pods,namespaces -A -o json\n',
    });
  });

  it.each<[readonly string[], string]>([
    [['-n', 'shop'], DOUBT],
    [['-n', 'shop', '--pool', 'gold'], DOUBT],
    [['-n', 'shop', '--pool', 'gold', ...KNOWN], '--pool: gold is no pool of namespace shop; use shop or late\n'],
    [
      ['-n', 'shop', '--pool', '\u001b[31m', ...KNOWN],
      '--pool: \\u001b[31m is no pool of the policy; use shop or late\n',
    ],
    [
      ['--pool', '', '--count', '', '-o', 'xml', '-p', '', '--inventory', ''],
      '--pool: the name is empty; name a pool, or leave the flag out\n--policy: the path is empty; name a file, or leave the flag out\n--inventory: the path is empty; name a file, or leave the flag out\n--count: "" is not possible; use 1 to 100\n--output: xml is no format; use human, json or csv\n',
    ],
    [
      ['--pool', 'shop', '--inventory', 'full.json', '--context', 'prod'],
      '--inventory and --context: no cluster is asked where there is a dump; leave out either\n',
    ],
    [['--inventory', 'full.json'], '--namespace: nobody is named; give it, or --pool NAME\n'],
    [['--pool', 'x'], '--pool: x is no pool of the policy; use gold, shop or late\n'],
    [['-n', 'lab', '--inventory', 'full.json'], DOUBT.replace('shop', 'lab')],
    [
      ['-n', 'Lab', '--count', '0', '--inventory', 'none.json'],
      '--namespace: Lab is no namespace; use lower case letters, digits and -, at most 63\n--count: 0 is not possible; use 1 to 100\n',
    ],
  ])('ends %j with 2', async (args, err) => {
    expect(await free(...args)).toEqual({ code: 2, out: '', err });
  });

  it('says that a namespace has no pool, and which there are', async () => {
    await dump('labelled.json', service('x', 30_500), namespace('lab', {}));
    expect(await free('-n', 'lab', '--inventory', 'labelled.json')).toEqual({
      code: 2,
      out: '',
      err: 'a NodePort Service of namespace lab has no pool; add the namespace to a NodePortPool (pools: gold; shop, contact shop@example.com; late)\n',
    });
  });
});
