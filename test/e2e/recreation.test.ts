import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BASELINE } from './support/baseline.ts';
import { type ApiConnection, connectApi } from './support/api-connection.ts';
import type { ApiServer } from './support/api-server.ts';
import { type ControlPlane, makeNamespace, startControlPlane } from './support/control-plane.ts';
import { whenCalled } from './support/install.ts';
import { type Installation, install } from './support/installation.ts';

/** A Service has the same number wherever and whenever it is created. */
const POLICY = `${BASELINE}---
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPool
metadata: {name: shop}
spec: {ports: ["30100-30299"], namespaces: [shop], contact: shop@example.com}
`;

const SERVICES = '/api/v1/namespaces/shop/services';
const NAMES = ['web', 'api', 'db', 'cache', 'mail', 'search', 'admin', 'metrics'];
/** Port http, then the health check. */
const NUMBERS: Readonly<Record<string, readonly number[]>> = {
  web: [30_259, 30_130],
  api: [30_231, 30_153],
  db: [30_242, 30_146],
  cache: [30_202, 30_244],
  mail: [30_181, 30_141],
  search: [30_260, 30_289],
  admin: [30_176, 30_191],
  metrics: [30_262, 30_214],
};

let cluster: ControlPlane;
let installed: Installation;
let api: ApiConnection;

beforeAll(async () => {
  cluster = await startControlPlane();
  installed = await install(cluster, { replicas: 1, policy: POLICY, floor: true });
  await makeNamespace(cluster.kubectl, 'shop');
  api = await connectApi(cluster.apiServer, 8);
});

afterAll(async () => {
  api.close();
  await installed.stop();
  await cluster.stop();
});

interface Reply {
  readonly message?: string;
  readonly spec?: {
    readonly ports: readonly [{ readonly nodePort: number }];
    readonly healthCheckNodePort: number;
  };
}

/** The numbers of a new Service, or why there is none. */
async function create(through: ApiConnection, metadata: Readonly<Record<string, string>>): Promise<unknown> {
  const { body } = await through.request('POST', SERVICES, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: { type: 'LoadBalancer', externalTrafficPolicy: 'Local', ports: [{ name: 'http', port: 80 }] },
  });
  const { spec, message } = body as Reply;
  return spec === undefined ? message : [spec.ports[0].nodePort, spec.healthCheckNodePort];
}

async function createAll(through: ApiConnection, names: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
  const numbers: Record<string, unknown> = {};
  for (const name of names) numbers[name] = await create(through, { name });
  return numbers;
}

async function removeAll(through: ApiConnection, names: readonly string[]): Promise<void> {
  for (const name of names) await through.request('DELETE', `${SERVICES}/${name}`);
}

async function connect(server: ApiServer): Promise<ApiConnection> {
  await whenCalled(server.kubectl);
  return connectApi(server, 8);
}

describe('the same numbers', () => {
  it('the first time', async () => {
    expect(await createAll(api, NAMES)).toEqual(NUMBERS);
    await removeAll(api, NAMES);
  });

  it('at once after a delete, many times', async () => {
    const seen = new Set<string>();
    for (let turn = 0; turn < 20; turn += 1) {
      seen.add(JSON.stringify(await create(api, { name: 'web' })));
      await removeAll(api, ['web']);
    }
    expect([...seen]).toEqual([JSON.stringify(NUMBERS['web'])]);
  });

  it('after a restart of the gate, which remembers nothing', async () => {
    const [gate] = installed.gates;
    await gate?.stop();
    await gate?.start();
    await whenCalled(cluster.kubectl);
    expect(await createAll(api, NAMES.toReversed())).toEqual(NUMBERS);
    await removeAll(api, NAMES);
  });

  it('through another API server on the same etcd', async () => {
    const second = await connect(await cluster.addApiServer());
    expect(await createAll(second, NAMES)).toEqual(NUMBERS);
    await removeAll(api, ['web', 'db']);
    expect(await createAll(second, ['db', 'web'])).toEqual({ db: NUMBERS['db'], web: NUMBERS['web'] });
    await removeAll(second, NAMES);
    second.close();
  });

  it('in another cluster', async () => {
    const other = await startControlPlane();
    const installedThere = await install(other, { replicas: 1, policy: POLICY, floor: true });
    await makeNamespace(other.kubectl, 'shop');
    const there = await connect(other.apiServer);
    const numbers = await createAll(there, NAMES);
    there.close();
    await installedThere.stop();
    await other.stop();
    expect(numbers).toEqual(NUMBERS);
  });

  it('generated names take them from their prefix, one after the other', async () => {
    const metadata = { generateName: 'run-' };
    expect([await create(api, metadata), await create(api, metadata), await create(api, metadata)]).toEqual([
      [30_261, 30_197],
      [30_177, 30_113],
      [30_135, 30_292],
    ]);
  });
});
