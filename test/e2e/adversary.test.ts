import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiConnection, connectApi } from './support/api-connection.ts';
import { type ControlPlane, makeNamespace, startControlPlane } from './support/control-plane.ts';
import { type Installation, install } from './support/installation.ts';
import { http, manifest, openIn, type ServiceSpec } from './support/steps.ts';

/** Two replicas, many requests at the same moment, and no floor: what several writers cannot do together. */
const POLICY = `
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPolicy
metadata: {name: default}
spec: {preset: baseline}
---
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPool
metadata: {name: shared}
spec: {ports: ["30300-30399"], namespaces: ["shared-*"], contact: shared@example.com}
`;

const AT_ONCE = 32;

let cluster: ControlPlane;
let installed: Installation;
let api: ApiConnection;

beforeAll(async () => {
  cluster = await startControlPlane();
  installed = await install(cluster, { replicas: 2, policy: POLICY });
  for (const namespace of ['shared-a', 'shared-b']) await makeNamespace(cluster.kubectl, namespace);
  api = await connectApi(cluster.apiServer, AT_ONCE);
});

afterAll(async () => {
  api.close();
  await installed.stop();
  await cluster.stop();
});

async function create(namespace: string, name: string, spec: ServiceSpec): Promise<number> {
  const body: unknown = JSON.parse(manifest(name, spec));
  return (await api.request('POST', `/api/v1/namespaces/${namespace}/services`, body)).status;
}

describe('two replicas', () => {
  it('gives a number that many ask for at once to one Service', async () => {
    const wanted = Array.from({ length: 10 }, (_, index) => 30_300 + index);
    const created = await Promise.all(
      wanted.map(async (number) => {
        const spec = { type: 'NodePort', ports: [http(number)] };
        const namespaces = ['shared-a', 'shared-b', 'shared-a'];
        const statuses = await Promise.all(namespaces.map((one, index) => create(one, `one-${number}-${index}`, spec)));
        return statuses.filter((status) => status === 201).length;
      }),
    );
    expect(created).toEqual(wanted.map(() => 1));
    const open = [...(await openIn(cluster.kubectl, 'shared-a')), ...(await openIn(cluster.kubectl, 'shared-b'))];
    expect(open.map((text) => Number(text.split(' ')[1])).toSorted((a, b) => a - b)).toEqual(wanted);
  });
});
