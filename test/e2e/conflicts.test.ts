import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiConnection, connectApi } from './support/api-connection.ts';
import { type ControlPlane, makeNamespace, startControlPlane } from './support/control-plane.ts';
import { type Installation, install } from './support/installation.ts';
import { type KubectlAnswer, succeed } from './support/kubectl.ts';
import { asNodePort, create, http, manifest, patch, run, type ServiceSpec, type Step } from './support/steps.ts';

/** What a person reads who wants a number that cannot be had. */
const POLICY = `
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPolicy
metadata: {name: default}
spec:
  match: {excludeNamespaces: [kube-system, nodeport-gate, discreet, silent]}
  preset: baseline
  rules:
    node-port-reserved: {ports: [{ports: "30111", reason: VPN of the head office}]}
---
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPolicy
metadata: {name: discreet}
spec:
  match: {namespaces: [discreet]}
  preset: baseline
  rules:
    node-port-conflict: {disclose: pool}
---
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPolicy
metadata: {name: silent}
spec:
  match: {namespaces: [silent]}
  preset: baseline
  rules:
    node-port-conflict: {disclose: none}
---
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPool
metadata: {name: shop}
spec: {ports: ["30100-30129"], reserved: ["30110"], namespaces: [shop], contact: shop@example.com}
---
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPool
metadata: {name: billing}
spec: {ports: ["30130-30159"], namespaces: [billing, discreet, silent], contact: billing@example.com}
---
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPool
metadata: {name: tiny}
spec: {ports: ["30160-30161"], namespaces: [tiny], contact: tiny@example.com}
---
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPool
metadata: {name: single}
spec: {ports: ["30162"], namespaces: [single]}
---
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPool
metadata: {name: metered}
spec:
  ports: ["30163-30169"]
  namespaces: [metered]
  contact: metered@example.com
  quota: {perNamespace: 2, perService: 1}
---
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPool
metadata: {name: labelled}
spec: {ports: ["30170-30199"], namespaceSelector: {matchLabels: {team: labelled}}}
`;

const NAMESPACES = ['shop', 'billing', 'discreet', 'silent', 'guest', 'tiny', 'single', 'metered'];

function refused(door: 'mutate' | 'validate', ...findings: readonly string[]): string {
  return `admission webhook "${door}.nodeport-gate.dev" denied the request: ${findings.join('; ')}`;
}

function onCreate(message: string): KubectlAnswer {
  const stderr = `Error from server (Forbidden): error when creating "STDIN": ${message}\n`;
  return { status: 1, stdout: '', stderr };
}

function onChange(message: string): KubectlAnswer {
  return { status: 1, stdout: '', stderr: `Error from server (Forbidden): ${message}\n` };
}

/** The numbers on offer are the same in every cluster: they follow from the names of Service and port. */
function heldByWeb(free: string, field = 'spec.ports[0].nodePort'): string {
  const holder = 'shop/web (port http), pool shop, contact shop@example.com';
  return `${field}: 30100 is held by ${holder}; use ${free} [node-port-conflict]`;
}

function onPort(finding: string): string {
  return `spec.ports[0].nodePort: ${finding}`;
}

const SHOP_FREE = '30127, 30120 or 30123';
const GUEST_FREE = '31573, 32619 or 30389';
const TINY_IS_FULL =
  'pool tiny, contact tiny@example.com, is full, none of its 2 ports is free; ' +
  'ask its contact for more ports [node-port-pool]';

const withHealthCheck = (number: number): ServiceSpec => ({
  type: 'LoadBalancer',
  externalTrafficPolicy: 'Local',
  healthCheckNodePort: number,
});
const https = (nodePort?: number): ReturnType<typeof http> => ({ ...http(nodePort), name: 'https', port: 443 });

let cluster: ControlPlane;
let installed: Installation;

async function have(namespace: string, step: Step): Promise<void> {
  const { status, stderr } = await run(cluster.kubectl, namespace, step);
  if (status !== 0) throw new Error(stderr);
}

describe('a number that cannot be had', () => {
  let api: ApiConnection;

  beforeAll(async () => {
    cluster = await startControlPlane();
    for (const name of NAMESPACES) await makeNamespace(cluster.kubectl, name);
    installed = await install(cluster, { replicas: 1, policy: POLICY });
    api = await connectApi(cluster.apiServer, 8);
    await have('shop', create('web', asNodePort(30_100)));
    await have('shop', create('edge', { ...withHealthCheck(30_102), ports: [http(30_101)] }));
    await have('shop', create('mail', asNodePort(30_104)));
    await have('kube-system', create('dns', asNodePort(30_103)));
    await have('guest', create('free', asNodePort(30_300)));
    for (const namespace of ['tiny', 'metered']) {
      await have(namespace, create('a', asNodePort()));
      await have(namespace, create('b', asNodePort()));
    }
  });

  afterAll(async () => {
    api.close();
    await installed.stop();
    await cluster.stop();
  });

  describe('on create', () => {
    const held = (by: string): string => onPort(`${by}; use ${SHOP_FREE} [node-port-conflict]`);
    const both = { type: 'NodePort', ports: [http(30_100), https(30_101)] };
    const overUdp = { type: 'NodePort', ports: [{ ...http(30_100), protocol: 'UDP' }] };

    it.each([
      ['held in the own pool', 'shop', asNodePort(30_100), [heldByWeb(SHOP_FREE)]],
      ['held, by one with another pool', 'billing', asNodePort(30_100), [heldByWeb('30132, 30138 or 30145')]],
      ['held, by one without a pool', 'guest', asNodePort(30_100), [heldByWeb(GUEST_FREE)]],
      ['held for another protocol', 'shop', overUdp, [heldByWeb('30117, 30119 or 30121')]],
      [
        'held by a health check',
        'shop',
        asNodePort(30_102),
        [held('30102 is held by shop/edge (health check), pool shop, contact shop@example.com')],
      ],
      [
        'held in a namespace that no policy judges',
        'shop',
        asNodePort(30_103),
        [held('30103 is held by kube-system/dns (port http), pool shop, contact shop@example.com')],
      ],
      [
        'held outside every pool',
        'guest',
        asNodePort(30_300),
        [onPort(`30300 is held by guest/free (port http); use ${GUEST_FREE} [node-port-conflict]`)],
      ],
      [
        'held, for a health check',
        'shop',
        withHealthCheck(30_100),
        [heldByWeb('30106, 30113 or 30114', 'spec.healthCheckNodePort')],
      ],
      [
        'two that are held',
        'shop',
        both,
        [
          heldByWeb(SHOP_FREE),
          'spec.ports[1].nodePort: 30101 is held by shop/edge (port http), pool shop, contact shop@example.com; ' +
            'use 30128, 30106 or 30124 [node-port-conflict]',
        ],
      ],
      [
        'held, where only the pool is told',
        'discreet',
        asNodePort(30_100),
        [
          onPort(
            '30100 is held in pool shop, contact shop@example.com; use 30148, 30153 or 30152 [node-port-conflict]',
          ),
        ],
      ],
      [
        'held outside every pool, where only the pool is told',
        'discreet',
        asNodePort(30_300),
        [onPort('30300 is taken; use 30148, 30153 or 30152 [node-port-conflict]')],
      ],
      [
        'held, where nothing is told',
        'silent',
        asNodePort(30_100),
        [onPort('30100 is taken; use 30147, 30149 or 30154 [node-port-conflict]')],
      ],
      [
        'held, with no other number left',
        'tiny',
        asNodePort(30_160),
        [
          onPort(
            '30160 is held by tiny/a (port http), pool tiny, contact tiny@example.com; ' +
              'choose another number [node-port-conflict]',
          ),
        ],
      ],
      [
        'outside the range of the cluster',
        'guest',
        asNodePort(29_999),
        [onPort(`29999 is outside 30000-32767; use ${GUEST_FREE} [node-port-range]`)],
      ],
      [
        'outside the range of the cluster, by one with a pool',
        'shop',
        asNodePort(32_768),
        [onPort(`32768 is outside 30100-30129 (pool shop); use ${SHOP_FREE} [node-port-range]`)],
      ],
      [
        'outside the range of the cluster, for a health check',
        'shop',
        withHealthCheck(80),
        [
          'spec.healthCheckNodePort: 80 is outside 30100-30129 (pool shop); ' +
            'use 30106, 30113 or 30114 [node-port-range]',
        ],
      ],
      ['of an exhausted pool', 'tiny', asNodePort(), [onPort(TINY_IS_FULL)]],
      ['two of an exhausted pool', 'tiny', { type: 'NodePort', ports: [http(), https()] }, [onPort(TINY_IS_FULL)]],
    ])('%s', async (_title, namespace, spec: ServiceSpec, findings) => {
      const expected = onCreate(refused('mutate', ...findings));
      const step = create('other', spec);
      expect(await run(cluster.kubectl, namespace, step)).toEqual(expected);
      const dryRun = { ...step, args: [...step.args, '--dry-run=server'] };
      expect(await run(cluster.kubectl, namespace, dryRun)).toEqual(expected);
    });

    const ofBilling = '30140 belongs to pool billing, contact billing@example.com';

    it.each([
      ["another team's", 'shop', asNodePort(30_140), onPort(`${ofBilling}; use ${SHOP_FREE} [node-port-pool]`)],
      ['the one of a team', 'guest', asNodePort(30_140), onPort(`${ofBilling}; use ${GUEST_FREE} [node-port-pool]`)],
      [
        "nobody's, by one with a pool",
        'shop',
        asNodePort(30_500),
        onPort(`30500 is outside 30100-30129 (pool shop, contact shop@example.com); use ${SHOP_FREE} [node-port-pool]`),
      ],
      [
        'reserved in the pool',
        'shop',
        asNodePort(30_110),
        onPort(
          `30110 is reserved in pool shop, contact shop@example.com; ` +
            `use ${SHOP_FREE} or ask for an exception [node-port-reserved]`,
        ),
      ],
      [
        'reserved by the policy',
        'shop',
        asNodePort(30_111),
        onPort(`30111 is reserved (VPN of the head office); use ${SHOP_FREE} [node-port-reserved]`),
      ],
      [
        'more than the quota of the namespace',
        'metered',
        asNodePort(),
        'metadata.namespace: metered would have 3 node ports in pool metered, contact metered@example.com, and may ' +
          'have 2; close some of a (1) or b (1), or ask its contact for a higher limit [node-port-quota]',
      ],
    ])('%s, which only the policy knows', async (_title, namespace, spec, finding) => {
      const expected = onCreate(refused('validate', finding));
      expect(await run(cluster.kubectl, namespace, create('other', spec))).toEqual(expected);
    });
  });

  describe('in other commands', () => {
    it('apply', async () => {
      const step = { args: ['apply', '-f', '-'], stdin: manifest('other', asNodePort(30_100)) };
      expect(await run(cluster.kubectl, 'shop', step)).toEqual(onCreate(refused('mutate', heldByWeb(SHOP_FREE))));
    });

    it('apply --server-side', async () => {
      const step = { args: ['apply', '--server-side', '-f', '-'], stdin: manifest('other', asNodePort(30_100)) };
      expect(await run(cluster.kubectl, 'shop', step)).toEqual(onChange(refused('mutate', heldByWeb(SHOP_FREE))));
    });

    it('patch', async () => {
      const step = patch('mail', { spec: { ports: [http(30_100)] } });
      const expected = onChange(refused('mutate', heldByWeb('30124, 30126 or 30112')));
      expect(await run(cluster.kubectl, 'shop', step)).toEqual(expected);
    });

    it('one more port than the pool has', async () => {
      const step = patch('a', { spec: { ports: [http(), https()] } });
      const expected = onChange(refused('mutate', `spec.ports[1].nodePort: ${TINY_IS_FULL}`));
      expect(await run(cluster.kubectl, 'tiny', step)).toEqual(expected);
    });

    it('one more port than the quota allows', async () => {
      const step = patch('a', { spec: { ports: [http(), https()] } });
      const expected = refused(
        'validate',
        'spec.ports: 2 node ports in pool metered, contact metered@example.com, are more than the 1 that one Service ' +
          'may have; open 1 fewer, or ask its contact for a higher limit [node-port-quota]',
        'metadata.namespace: metered would have 3 node ports in pool metered, contact metered@example.com, and may ' +
          'have 2; close some of b (1), or ask its contact for a higher limit [node-port-quota]',
      );
      expect(await run(cluster.kubectl, 'metered', step)).toEqual(onChange(expected));
    });
  });

  describe('a number that has just become free', () => {
    const service = (name: string, number?: number): unknown => JSON.parse(manifest(name, asNodePort(number)));
    const pathOf = (namespace: string): string => `/api/v1/namespaces/${namespace}/services`;

    /** What the API server said of each request that did not succeed. */
    async function failuresOf(requests: readonly Parameters<ApiConnection['request']>[]): Promise<readonly unknown[]> {
      const failures: unknown[] = [];
      for (const request of requests) {
        const { status, body } = await api.request(...request);
        if (status >= 300) failures.push([request[0], request[1], body]);
      }
      return failures;
    }

    it.each([
      ['explicit', 'shop', 30_120],
      ['assigned, the only one of its pool', 'single', undefined],
    ])('%s, goes to and fro between two Services without a denial', async (_title, namespace, number) => {
      const path = pathOf(namespace);
      const turns = Array.from({ length: 20 }, () => ['left', 'right']).flat();
      const requests = turns.flatMap((name): Parameters<ApiConnection['request']>[] => [
        ['POST', path, service(name, number)],
        ['DELETE', `${path}/${name}`],
      ]);
      expect(await failuresOf(requests)).toEqual([]);
    });

    it('by a change of its holder can be had at once', async () => {
      const path = pathOf('shop');
      const ports = [http(30_122)];
      expect(
        await failuresOf([
          ['POST', path, service('one', 30_121)],
          ['PATCH', `${path}/one`, { spec: { ports } }],
          ['POST', path, service('two', 30_121)],
          ['PATCH', `${path}/one`, { spec: { type: 'ClusterIP', ports: [http()] } }],
          ['PATCH', `${path}/two`, { spec: { ports } }],
          ['POST', path, service('three', 30_121)],
          ...['one', 'two', 'three'].map((name): Parameters<ApiConnection['request']> => ['DELETE', `${path}/${name}`]),
        ]),
      ).toEqual([]);
    });
  });

  describe('a namespace that is used at once', () => {
    async function namespaceReads(): Promise<number> {
      const metrics = await succeed(cluster.kubectl, ['get', '--raw', '/metrics']);
      const counts = metrics.matchAll(/^apiserver_request_total\{.*resource="namespaces".*verb="GET".*\} (\S+)$/gm);
      return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
    }

    it('has its labels, which are asked for once at most', async () => {
      const services = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
      const before = await namespaceReads();
      const metadata = { name: 'fresh', labels: { team: 'labelled' } };
      await api.request('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata });
      const made = await Promise.all(
        services.map(async (name) => {
          const service: unknown = JSON.parse(manifest(name, asNodePort()));
          return (await api.request('POST', '/api/v1/namespaces/fresh/services', service)).body;
        }),
      );
      const reads = (await namespaceReads()) - before;
      const numbers = made.map(numberOf);
      expect(numbers.filter((number) => number < 30_170 || number > 30_199)).toEqual([]);
      expect(new Set(numbers).size).toBe(services.length);
      expect(reads).toBeLessThanOrEqual(1);
    });
  });
});

function numberOf(body: unknown): number {
  const { spec } = body as { readonly spec?: { readonly ports: readonly [{ readonly nodePort: number }] } };
  return spec?.ports[0].nodePort ?? 0;
}
