import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiConnection, connectApi } from './support/api-connection.ts';
import { waitFor } from './support/child.ts';
import { type ControlPlane, makeNamespace, startControlPlane } from './support/control-plane.ts';
import { type Installation, install } from './support/installation.ts';

/** Many Services at once out of one pool of 200 ports, by a client that keeps its connections. */
const POLICY = `
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPolicy
metadata: {name: default}
spec:
  match: {excludeNamespaces: [kube-system, nodeport-gate]}
  preset: baseline
---
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPool
metadata: {name: crowd}
spec: {ports: ["30100-30299"], namespaces: [crowd], contact: crowd@example.com}
`;

const POOL_SIZE = 200;
const AT_ONCE = 64;
const ROUNDS = 5;
const SERVICES = '/api/v1/namespaces/crowd/services';

/** What became of one create. */
interface Created {
  readonly number: number;
  /** The API server's words for each attempt that failed. */
  readonly failures: readonly string[];
}

interface Reply {
  readonly message?: string;
  readonly spec?: { readonly ports: readonly [{ readonly nodePort: number }] };
}

const MOST_ATTEMPTS = 10;

async function create(api: ApiConnection, name: string): Promise<Created> {
  const failures: string[] = [];
  const body = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { type: 'NodePort', ports: [{ name: 'http', port: 80 }] },
  };
  while (failures.length < MOST_ATTEMPTS) {
    const answer = await api.request('POST', SERVICES, body);
    const { spec, message = '' } = answer.body as Reply;
    if (answer.status === 201) return { number: spec?.ports[0].nodePort ?? 0, failures };
    failures.push(`${answer.status} ${message}`);
  }
  return { number: 0, failures };
}

function createAll(api: ApiConnection, prefix: string, count: number): Promise<readonly Created[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => create(api, `${prefix}-${index}`)));
}

async function removeAll(api: ApiConnection, prefix: string): Promise<void> {
  const { body } = await api.request('GET', SERVICES);
  const { items } = body as { readonly items: readonly { readonly metadata: { readonly name: string } }[] };
  const names = items.map(({ metadata }) => metadata.name).filter((name) => name.startsWith(prefix));
  await Promise.all(names.map((name) => api.request('DELETE', `${SERVICES}/${name}`)));
}

/** How the rounds of one situation went. */
interface Tally {
  readonly creates: number;
  readonly collisions: number;
  readonly mostRetries: number;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

describe.each([{ replicas: 1 }, { replicas: 2 }])('$replicas replica(s)', ({ replicas }) => {
  let cluster: ControlPlane;
  let installed: Installation;
  let api: ApiConnection;

  beforeAll(async () => {
    cluster = await startControlPlane();
    installed = await install(cluster, { replicas, policy: POLICY });
    await makeNamespace(cluster.kubectl, 'crowd');
    api = await connectApi(cluster.apiServer, AT_ONCE);
  });

  afterAll(async () => {
    api.close();
    await installed.stop();
    await cluster.stop();
  });

  async function rounds(title: string, nameOf: (round: number) => string): Promise<Tally> {
    let collisions = 0; let mostRetries = 0;
    for (let round = 1; round <= ROUNDS; round += 1) {
      const prefix = nameOf(round);
      const t = performance.now();
      const made = await createAll(api, prefix, AT_ONCE);
      const ms = performance.now() - t;
      const fails = made.flatMap(({ failures }) => failures);
      const most = Math.max(...made.map(({ failures }) => failures.length));
      collisions += fails.length; mostRetries = Math.max(mostRetries, most);
      const nums = made.map(({ failures, number }) => [...failures.map((f) => /value: (\d+)/.exec(f)?.[1] ?? f), String(number)]);
      const again = nums.flatMap((list) => list.slice(1).map((n, i) => n === list[i] && i < list.length - 1)).filter((x) => x).length;
      const multi = nums.filter((l) => l.length > 2).map((l) => l.join('>'));
      say(`   same number again: ${again}; multi: ${multi.join('  ')}`);
      say(`${title} round ${round}: ${Math.round(ms)} ms distinct ${new Set(made.map((m) => m.number)).size} failures ${fails.length} most ${most} :: ${JSON.stringify(Object.fromEntries(Map.groupBy(fails, (f) => f.replace(/\d{5}/g, 'N').replace(/"[^"]*"/g, 'X')).entries().map(([k, v]) => [k, v.length])))}`);
      await removeAll(api, prefix);
    }
    say(JSON.stringify(installed.balancer.connections()));
    return { creates: ROUNDS * AT_ONCE, collisions, mostRetries };
  }

  it('empty', async () => {
    say(JSON.stringify(await rounds(`${replicas} empty`, (round) => `round-${round}`)));
  });
  it('same names', async () => {
    say(JSON.stringify(await rounds(`${replicas} same names`, () => `same`)));
  });
  it('filled', async () => {
    const fill = await createAll(api, 'filler', POOL_SIZE - AT_ONCE);
    say(`filler ${new Set(fill.map((m) => m.number)).size} fails ${fill.flatMap((f) => f.failures).length}`);
    say(JSON.stringify(await rounds(`${replicas} full`, (round) => `full-${round}`)));
    say(JSON.stringify(await rounds(`${replicas} full same`, () => `full-s`)));
  });
});
