import { describe, expect, it } from 'vitest';
import { formatRef } from '../../src/domain/service.ts';
import type { Snapshot } from '../../src/domain/snapshot.ts';
import { readManifestFile } from '../../src/wire/manifest-file.ts';
import { readSnapshot, type SnapshotReading } from '../../src/wire/snapshot.ts';

function read(...texts: readonly string[]): SnapshotReading {
  return readSnapshot(
    texts.flatMap((text, index) => readManifestFile(`dump-${index}.json`, text, () => true).manifests),
  );
}

const listOf = (...items: readonly object[]): string => JSON.stringify({ apiVersion: 'v1', kind: 'List', items });

const service = (namespace: string, name: string, spec: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { namespace, name, creationTimestamp: '2026-01-01T00:00:00Z', managedFields: [{ manager: 'kubectl' }] },
  spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 30_080 }], ...spec },
  status: { loadBalancer: {} },
});

const shopNamespace = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'shop', labels: { team: 'a', odd: 1 } },
};

const node = (name: string, status: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name },
  status,
});

const pod = (metadata: object, spec: object = {}, phase = 'Running'): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace: 'shop', ...metadata },
  spec: { nodeName: 'node-1', ...spec },
  status: { phase },
});

const withHostPort = { containers: [{ ports: [{ containerPort: 80, hostPort: 30_090 }] }] };

const slice = (owner: string, endpoints: unknown): object => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: {
    namespace: 'shop',
    name: 'x',
    ...(owner !== '' && { labels: { 'kubernetes.io/service-name': owner } }),
  },
  endpoints,
});

const controlledBy = (kind: string, name: string, controller = true): object => ({
  ownerReferences: [
    { kind: 'Ignored', name: 'no-controller' },
    { apiVersion: 'apps/v1', kind, name, controller },
  ],
});

/** What an audit reads of a Service, short enough to compare. */
const shown = ({ services, namespaceLabels, ...rest }: Snapshot) => ({
  ...rest,
  services: services.map(
    (each) => `${each.namespace}/${each.name} ${each.ports.map(({ nodePort }) => nodePort).join()}`,
  ),
  namespaceLabels: Object.fromEntries(namespaceLabels),
});

describe('a dump', () => {
  it('is read whole, whatever its order', () => {
    const { snapshot, problems } = read(
      listOf(
        node('node-2', {
          addresses: [
            { type: 'Hostname', address: 'two' },
            { type: 'ExternalIP', address: '203.0.113.2' },
          ],
        }),
        node('node-1', {
          addresses: [
            { type: 'InternalIP', address: '10.0.0.1' },
            { type: 'InternalIP', address: 'fd00::1' },
          ],
        }),
        ...['node-3', 'node-4', 'node-5', 'node-6'].map((name) => node(name)),
        service('shop', 'web', { externalTrafficPolicy: 'Local' }),
        service('a-b', 'web'),
        service('a', 'web'),
        shopNamespace,
        slice('web', [
          { nodeName: 'node-2', conditions: { ready: true } },
          { nodeName: 'node-1', conditions: {} },
          { nodeName: 'node-1' },
          { nodeName: 'node-that-is-not-there' },
          { nodeName: 'node-3', conditions: { ready: false, serving: true } },
          { nodeName: 'node-4', conditions: { ready: false, serving: true, terminating: true } },
          { nodeName: 'node-5', conditions: { ready: false, terminating: true } },
          { nodeName: 'node-6', conditions: { ready: false, serving: false, terminating: true } },
          { conditions: { ready: true } },
        ]),
        slice('', [{ nodeName: 'node-9' }]),
        slice('empty', null),
        pod({ name: 'done' }, {}, 'Succeeded'),
        pod({ name: 'dead' }, {}, 'Failed'),
        pod({ name: 'portless' }),
        pod({ name: 'waiting' }, withHostPort, 'Pending'),
        pod({ namespace: 'a-b', name: 'agent' }, withHostPort),
        pod({ namespace: 'a', name: 'agent' }, withHostPort),
      ),
    );
    expect(problems).toEqual([]);
    expect({ ...shown(snapshot), pods: snapshot.pods?.map(formatRef) }).toEqual({
      services: ['a/web 30080', 'a-b/web 30080', 'shop/web 30080'],
      namespaceLabels: { shop: { team: 'a', 'kubernetes.io/metadata.name': 'shop' } },
      nodes: [
        { name: 'node-1', addresses: ['10.0.0.1', 'fd00::1'] },
        { name: 'node-2', addresses: ['203.0.113.2'] },
        ...['node-3', 'node-4', 'node-5', 'node-6'].map((name) => ({ name, addresses: [] })),
      ],
      endpoints: [{ service: { namespace: 'shop', name: 'web' }, nodes: ['node-2', 'node-1', 'node-4', 'node-5'] }],
      pods: ['a/agent', 'a-b/agent', 'shop/waiting'],
      notKnown: [],
    });
  });

  it.each([
    ['JSON Lines', [JSON.stringify(service('shop', 'web')), JSON.stringify(shopNamespace)].join('\n')],
    ['Lists one after the other', `${listOf(service('shop', 'web'))}\n${listOf(shopNamespace)}`],
    [
      'typed lists of the API server',
      [
        JSON.stringify({
          apiVersion: 'v1',
          kind: 'ServiceList',
          items: [{ ...service('shop', 'web'), kind: undefined }],
        }),
        JSON.stringify({ apiVersion: 'v1', kind: 'NamespaceList', items: [{ metadata: shopNamespace.metadata }] }),
      ].join('\n'),
    ],
    [
      'YAML documents',
      `apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {type: NodePort, ports: [{port: 80, nodePort: 30080}]}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {team: a}}
`,
    ],
  ])('may be %s', (_, text) => {
    const { snapshot, problems } = read(text);
    expect({ ...shown(snapshot), problems }).toEqual({
      services: ['shop/web 30080'],
      namespaceLabels: { shop: { team: 'a', 'kubernetes.io/metadata.name': 'shop' } },
      nodes: undefined,
      endpoints: undefined,
      pods: undefined,
      notKnown: ['endpointslices', 'nodes', 'pods'],
      problems: [],
    });
  });

  it('may be in several files, in which an object counts once', () => {
    const later = service('shop', 'web', { ports: [{ port: 80, nodePort: 30_081 }] });
    const { snapshot } = read(
      listOf(service('shop', 'web'), node('n')),
      listOf(later, node('n'), pod({ name: 'p' }, { nodeName: 'n' })),
    );
    expect({ ...shown(snapshot), pods: snapshot.pods?.length }).toEqual({
      services: ['shop/web 30081'],
      namespaceLabels: {},
      nodes: [{ name: 'n', addresses: [] }],
      endpoints: undefined,
      pods: 1,
      notKnown: ['endpointslices', 'namespaces'],
    });
  });

  it('keeps of an object no more than an audit needs', () => {
    const { snapshot } = read(
      listOf(
        service('shop', 'web'),
        pod(
          {
            name: 'p',
            labels: { app: 'web' },
            annotations: { 'ignore.nodeport-gate.dev/host-port': 'vendor', other: 'x' },
            managedFields: [],
          },
          {
            hostNetwork: true,
            containers: [
              { image: 'y' },
              { image: 'x', ports: [{ name: 'z' }, { containerPort: 30_090, hostPort: 30_090 }] },
            ],
          },
        ),
      ),
    );
    expect([snapshot.services[0]?.raw, snapshot.services[0]?.authorship.wroteSpecField('ports')]).toEqual([
      {
        metadata: { namespace: 'shop', name: 'web', creationTimestamp: '2026-01-01T00:00:00Z' },
        spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 30_080 }] },
      },
      true,
    ]);
    expect(snapshot.pods).toEqual([
      {
        apiVersion: 'v1',
        kind: 'Pod',
        namespace: 'shop',
        name: 'p',
        generateName: '',
        annotations: { 'ignore.nodeport-gate.dev/host-port': 'vendor' },
        podLabels: { app: 'web' },
        replicas: 1,
        isOnEveryNode: false,
        hostPorts: [
          {
            number: 30_090,
            protocol: 'TCP',
            path: ['spec', 'containers', 1, 'ports', 1, 'containerPort'],
            because: 'hostNetwork',
          },
        ],
        nodeName: 'node-1',
        owner: undefined,
        raw: {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: {
            namespace: 'shop',
            name: 'p',
            labels: { app: 'web' },
            annotations: { 'ignore.nodeport-gate.dev/host-port': 'vendor' },
          },
          spec: {
            hostNetwork: true,
            initContainers: [],
            containers: [{}, { ports: [{}, { containerPort: 30_090 }] }],
            ephemeralContainers: [],
          },
        },
      },
    ]);
  });
});

describe('what made a pod', () => {
  const hash = { labels: { 'pod-template-hash': '5d9c' } };
  it.each([
    ['nothing', {}, undefined],
    [
      'a ReplicaSet of a Deployment',
      { ...controlledBy('ReplicaSet', 'web-5d9c'), ...hash },
      { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
    ],
    [
      'a ReplicaSet of its own',
      controlledBy('ReplicaSet', 'web-5d9c'),
      { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-5d9c' },
    ],
    [
      'a ReplicaSet called otherwise',
      { ...controlledBy('ReplicaSet', 'web'), ...hash },
      { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web' },
    ],
    [
      'a ReplicaSet whose whole name is the hash',
      { ...controlledBy('ReplicaSet', '5d9c'), ...hash },
      { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: '5d9c' },
    ],
    ['a DaemonSet', controlledBy('DaemonSet', 'agent'), { apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'agent' }],
    ['the kubelet, of a file', controlledBy('Node', 'node-1'), undefined],
    ['what makes no pods', controlledBy('Service', 'web'), undefined],
    ['what has no possible name', controlledBy('DaemonSet', '../README.md'), undefined],
    ['what has a name that is too long', controlledBy('DaemonSet', 'n'.repeat(254)), undefined],
    ['what has no possible kind', controlledBy('secrets,configmaps', 'web'), undefined],
    ['an owner that does not control it', controlledBy('DaemonSet', 'agent', false), undefined],
    ['owners that are no list', { ownerReferences: 'x' }, undefined],
  ])('%s', (_, metadata, owner) => {
    expect(read(listOf(pod({ name: 'p', ...metadata }))).snapshot.pods?.map((each) => each.owner)).toEqual([owner]);
  });
});

describe('an object that cannot be read', () => {
  it.each([
    [
      service('shop', 'web', { ports: [{ port: 80, nodePort: 'x' }, { port: 'y' }] }),
      'Service shop/web cannot be read: spec.ports[0].nodePort: "x" is a string; write a whole number',
    ],
    [
      { ...service('shop', 'web'), metadata: 'web' },
      'Service cannot be read: metadata: "web" is a string; write an object',
    ],
    [
      pod({ name: 'p\u001b[31m' }, { containers: [{ ports: [{ hostPort: '80' }] }] }),
      'Pod shop/p\\u001b[31m cannot be read: spec.containers[0].ports[0].hostPort: "80" is a string; write a whole number',
    ],
    [
      node('n', { addresses: 'x' }),
      'Node n cannot be read: status.addresses: "x" is a string; write a list of addresses',
    ],
    [
      node('n', { addresses: [{ type: 'InternalIP', address: '10.0.0.1' }, 7] }),
      'Node n cannot be read: status.addresses[1]: 7 is a number; write an object with a type and an address',
    ],
    [node(''), 'Node cannot be read: metadata.name: this is missing; write the name of the node'],
    [slice('web', 'x'), 'EndpointSlice shop/x cannot be read: endpoints: "x" is a string; write a list of endpoints'],
    [
      slice('web', [{ nodeName: 'n' }, null]),
      'EndpointSlice shop/x cannot be read: endpoints[1]: this is missing; write an object with addresses',
    ],
    [
      slice('web', [{ nodeName: 'n', conditions: { ready: 'yes' } }]),
      'EndpointSlice shop/x cannot be read: endpoints[0].conditions.ready: "yes" is a string; write true or false',
    ],
    [service('shop', ''), 'Service shop cannot be read: metadata.name: this is missing; write the name of the Service'],
    [
      { apiVersion: 'v1', kind: 'Pod', metadata: { namespace: 'shop', name: 'p' } },
      'Pod shop/p cannot be read: spec: this is missing; write what the pod runs',
    ],
    [
      pod({ name: 'p' }, { containers: {} }),
      'Pod shop/p cannot be read: spec.containers: this is an object; write a list',
    ],
    [
      pod({ name: 'p' }, { initContainers: [{}, null, 5] }),
      'Pod shop/p cannot be read: spec.initContainers[1]: this is missing; write an object',
    ],
    [
      pod({ name: 'p' }, { containers: [{}, { ports: 'x' }] }),
      'Pod shop/p cannot be read: spec.containers[1].ports: "x" is a string; write a list',
    ],
    [
      pod({ name: 'p' }, { containers: [{ ports: [{}, 7] }] }),
      'Pod shop/p cannot be read: spec.containers[0].ports[1]: 7 is a number; write an object',
    ],
    [
      { ...shopNamespace, metadata: { name: 'shop', labels: 5 } },
      'Namespace shop cannot be read: metadata.labels: 5 is a number; write an object',
    ],
    [
      { ...shopNamespace, metadata: {} },
      'Namespace cannot be read: metadata.name: this is missing; write the name of the namespace',
    ],
  ])('is told of, with its place, and left out: %#', (object, message) => {
    const { snapshot, problems } = read(listOf(service('other', 'web'), object));
    expect(problems).toEqual([{ file: 'dump-0.json', line: 1, column: expect.any(Number) as number, message }]);
    expect(snapshot.services.map(({ namespace }) => namespace)).toEqual(['other']);
    expect([...(snapshot.nodes ?? []), ...(snapshot.pods ?? []), ...(snapshot.endpoints ?? [])]).toEqual([]);
  });
});
