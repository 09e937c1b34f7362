import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect } from '../../src/cluster/api/api-client.ts';
import { type ListedSnapshot, listSnapshot } from '../../src/cluster/snapshot.ts';
import { type Answer, type FakeApiServer, json, startFakeApiServer } from './support/fake-api-server.ts';

const PATHS = {
  services: '/api/v1/services',
  nodes: '/api/v1/nodes',
  endpointslices: '/apis/discovery.k8s.io/v1/endpointslices',
  pods: '/api/v1/pods',
  namespaces: '/api/v1/namespaces',
} as const;

let api: FakeApiServer;

beforeEach(async () => {
  api = await startFakeApiServer();
});

afterEach(async () => {
  await api.close();
});

async function list(): Promise<ListedSnapshot> {
  const client = await connect({ kubeconfig: api.kubeconfig });
  if (!client.ok) throw new Error(client.problems.join());
  return listSnapshot(client.value, new AbortController().signal);
}

const HOST_PORT = { containers: [{ ports: [{ containerPort: 80, hostPort: 30_090 }] }] };

function seed(): void {
  api.putSilently(PATHS.services, {
    metadata: { namespace: 'shop', name: 'web', managedFields: [] },
    spec: { type: 'NodePort', externalTrafficPolicy: 'Local', ports: [{ port: 80, nodePort: 30_080 }] },
  });
  api.putSilently(PATHS.namespaces, { metadata: { name: 'shop', labels: { team: 'a' } } });
  api.putSilently(PATHS.nodes, {
    metadata: { name: 'node-1' },
    status: { addresses: [{ type: 'InternalIP', address: '10.0.0.1' }] },
  });
  api.putSilently(PATHS.pods, {
    metadata: { namespace: 'shop', name: 'web-1' },
    spec: { nodeName: 'node-1', ...HOST_PORT },
  });
  api.putSilently(PATHS.pods, { metadata: { namespace: 'shop', name: 'job-1' }, status: { phase: 'Succeeded' } });
  api.putSilently(PATHS.pods, { metadata: { namespace: 'shop', name: 'web-2' }, spec: { nodeName: 'node-1' } });
  api.putSilently(PATHS.pods, { metadata: { namespace: 'shop', name: 'waiting' }, spec: HOST_PORT });
  api.putSilently(PATHS.endpointslices, {
    metadata: { namespace: 'shop', name: 'web-x', labels: { 'kubernetes.io/service-name': 'web' } },
    endpoints: [{ nodeName: 'node-1' }],
  });
}

const shown = ({ snapshot: { services, namespaceLabels, pods, ...rest }, faults }: ListedSnapshot) => ({
  services: services.map(({ namespace, name, ports }) => [namespace, name, ports.map(({ nodePort }) => nodePort)]),
  namespaces: [...namespaceLabels],
  pods: pods?.map(({ kind, namespace, name, hostPorts }) => [
    kind,
    namespace,
    name,
    hostPorts.map(({ number }) => number),
  ]),
  ...rest,
  faults,
});

const WHOLE = {
  services: [['shop', 'web', [30_080]]],
  namespaces: [['shop', { team: 'a', 'kubernetes.io/metadata.name': 'shop' }]],
  pods: [['Pod', 'shop', 'web-1', [30_090]]],
  nodes: [{ name: 'node-1', addresses: ['10.0.0.1'] }],
  endpoints: [{ service: { namespace: 'shop', name: 'web' }, nodes: ['node-1'] }],
  notKnown: [],
  faults: [],
};

/** Without nodes or endpoints the pods say where a Service answers, also those that take no port of their node. */
const ALL_PODS = [...WHOLE.pods, ['Pod', 'shop', 'web-2', []]];

const forbidden = (resource: string): Answer =>
  json(403, { kind: 'Status', message: `User "jane" cannot list resource "${resource}"` });

describe('listSnapshot', () => {
  it('reads the five kinds, and sends nothing but lists', async () => {
    seed();
    expect(shown(await list())).toEqual(WHOLE);
    expect(api.seen.map(({ method, path, query, body }) => [method, path, query, body])).toEqual(
      Object.values(PATHS).map((path) => ['GET', path, { limit: path === PATHS.pods ? '100' : '500' }, '']),
    );
  });

  it('reads large collections page by page, and each object once', async () => {
    seed();
    for (let index = 0; index < 1_100; index += 1) {
      const metadata = { namespace: 'bulk', name: `n-${index}` };
      api.putSilently(PATHS.services, { metadata });
      api.putSilently(PATHS.pods, { metadata, spec: { nodeName: 'node-1', ...HOST_PORT } });
    }
    const { snapshot } = await list();
    expect([snapshot.services.length, snapshot.pods?.length]).toEqual([1_101, 1_101]);
    const pagesOf = (wanted: string): number => api.seen.filter(({ path }) => path === wanted).length;
    expect([pagesOf(PATHS.services), pagesOf(PATHS.pods)]).toEqual([3, 12]);
  });

  it.each([
    ['namespaces', 'namespaces', { namespaces: [] }],
    ['nodes', 'nodes', { nodes: undefined, endpoints: [], pods: ALL_PODS }],
    ['pods', 'pods', { pods: undefined }],
    ['endpointslices', 'endpointslices.discovery.k8s.io', { endpoints: undefined, pods: ALL_PODS }],
  ] as const)('knows nothing of %s without the right to list them, and names it', async (resource, right, missing) => {
    seed();
    api.at(PATHS[resource], forbidden(resource));
    const fault = `list ${right} is forbidden (403: User "jane" cannot list resource "${resource}"); grant the verb list on ${right} by RBAC`;
    expect(shown(await list())).toEqual({ ...WHOLE, ...missing, notKnown: [resource], faults: [fault] });
  });

  it('keeps nothing that somebody made up: pods on nodes that are not there, endpoints of no Local Service', async () => {
    seed();
    const slice = (name: string, service: string, node: string): void =>
      api.putSilently(PATHS.endpointslices, {
        metadata: { namespace: 'shop', name, labels: { 'kubernetes.io/service-name': service } },
        endpoints: [{ nodeName: node }],
      });
    slice('other', 'nobody', 'node-1');
    slice('nowhere', 'web', 'node-9');
    const metadata = { namespace: 'shop', name: 'nowhere' };
    api.putSilently(PATHS.pods, { metadata, spec: { nodeName: 'node-9', ...HOST_PORT } });
    expect(shown(await list())).toEqual(WHOLE);
  });

  it('tells of objects that cannot be read, and takes the others', async () => {
    seed();
    const broken = { metadata: { namespace: 'shop', name: 'broken' } };
    api.putSilently(PATHS.services, { ...broken, spec: { ports: 'x' } });
    api.putSilently(PATHS.nodes, { metadata: { name: 'broken' }, status: { addresses: 'x' } });
    expect(shown(await list())).toEqual({
      ...WHOLE,
      faults: [
        'Service shop/broken cannot be read: spec.ports: "x" is a string; write a list of ports',
        'Node broken cannot be read: status.addresses: "x" is a string; write a list of addresses',
      ],
    });
  });

  it.each([
    ['services', forbidden('services'), { name: 'ApiRefused', status: 403 }],
    ['services', json(401, { message: 'Unauthorized' }), { name: 'ApiRefused', status: 401 }],
    ['nodes', json(500, { message: 'etcd' }), { name: 'ApiRefused', status: 500 }],
    ['pods', json(200, { items: 'x' }), { name: 'ApiUnreadable' }],
  ] as const)('rejects when %s are not listed for another reason: %#', async (resource, answer, error) => {
    seed();
    api.at(PATHS[resource], answer);
    await expect(list()).rejects.toMatchObject(error);
  });

  it('rejects when there is no answer', async () => {
    await api.stop();
    await expect(list()).rejects.toMatchObject({ name: 'ApiUnreachable' });
  });

  const page = json(200, {
    metadata: { resourceVersion: '1', continue: '1:1' },
    items: [{ metadata: { name: 'old' } }],
  });
  const expired = json(410, { message: 'the provided continue parameter is too old' });

  it('begins again when the pages have expired, without what it had read', async () => {
    seed();
    for (const answer of [page, expired, page, expired]) api.once('list', answer);
    expect(shown(await list())).toEqual(WHOLE);
  });

  it('gives up when they expire again and again', async () => {
    for (let tries = 0; tries < 4; tries += 1) for (const answer of [page, expired]) api.once('list', answer);
    await expect(list()).rejects.toMatchObject({ name: 'ApiRefused', status: 410 });
    expect(api.seen.length).toBe(6);
  });
});
