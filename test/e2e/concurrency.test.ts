import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BASELINE } from './support/baseline.ts';
import { type ApiConnection, connectApi } from './support/api-connection.ts';
import { type ControlPlane, makeNamespace, startControlPlane } from './support/control-plane.ts';
import { type Installation, install } from './support/installation.ts';

/** Many Services at once out of one pool of 200 ports, by a client that keeps its connections. */
const POLICY = `${BASELINE}---
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPool
metadata: {name: crowd}
spec: {ports: ["30100-30299"], namespaces: [crowd], contact: crowd@example.com}
`;

const POOL_SIZE = 200;
const AT_ONCE = 64;
const ROUNDS = 5;
const SERVICES = '/api/v1/namespaces/crowd/services';

/** A client comes back later, not at once, and clients do not come back all at the same moment. */
const BACK_OFF_MS = 500;
const SPREAD_MS = 25;
const MOST_ATTEMPTS = 5;

/** What became of one Service. */
interface Made {
  readonly name: string;
  /** 0: none. */
  readonly number: number;
  /** Status and message of the attempts that were refused. */
  readonly refusals: readonly string[];
}

interface Reply {
  readonly message?: string;
  readonly spec?: { readonly ports: readonly [{ readonly nodePort: number }] };
}

async function make(api: ApiConnection, name: string, index: number): Promise<Made> {
  const spec = { type: 'NodePort', ports: [{ name: 'http', port: 80 }] };
  const service = { apiVersion: 'v1', kind: 'Service', metadata: { name }, spec };
  const refusals: string[] = [];
  while (refusals.length < MOST_ATTEMPTS) {
    if (refusals.length > 0) await sleep(BACK_OFF_MS + index * SPREAD_MS);
    const { status, body } = await api.request('POST', SERVICES, service);
    const reply = body as Reply;
    if (status === 201) return { name, number: reply.spec?.ports[0].nodePort ?? 0, refusals };
    refusals.push(`${status} ${reply.message}`);
  }
  return { name, number: 0, refusals };
}

function makeAll(api: ApiConnection, prefix: string, count = AT_ONCE): Promise<readonly Made[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => make(api, `${prefix}-${index + 1}`, index)));
}

async function removeAll(api: ApiConnection, made: readonly Made[]): Promise<void> {
  await Promise.all(made.map(({ name }) => api.request('DELETE', `${SERVICES}/${name}`)));
}

/** All rounds of one situation. */
interface Tally {
  /** Of each round: how many different numbers the Services got, 0 counted as one. */
  readonly numbers: readonly number[];
  readonly mostRetries: number;
  /** Refusals that are no collision of two creates. */
  readonly others: readonly string[];
}

const ALL_DIFFERENT = Array.from({ length: ROUNDS }, () => AT_ONCE);
const COLLISION =
  /^422 Service "[^"]+" is invalid: spec\.ports\[0\]\.nodePort: Invalid value: \d+: provided port is already allocated$/;

/** Creates 64 Services at once, deletes them, and does that again at once. */
async function rounds(api: ApiConnection, title: string, prefixOf: (round: number) => string): Promise<Tally> {
  const made: (readonly Made[])[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    const now = await makeAll(api, prefixOf(round));
    made.push(now);
    await removeAll(api, now);
  }
  const refusals = made.flat().flatMap((one) => one.refusals);
  const collisions = made.map((round) => round.reduce((sum, one) => sum + one.refusals.length, 0));
  const rate = ((100 * refusals.length) / (ROUNDS * AT_ONCE + refusals.length)).toFixed(1);
  const mostRetries = Math.max(...made.flat().map((one) => one.refusals.length));
  process.stdout.write(
    `${title}: ${collisions.join(', ')} of ${AT_ONCE} collided (${rate} %), ${mostRetries} retries\n`,
  );
  return {
    numbers: made.map((round) => new Set(round.map(({ number }) => number)).size),
    mostRetries,
    others: refusals.filter((text) => !COLLISION.test(text)),
  };
}

describe.each([
  { replicas: 1, retries: 0 },
  // Two replicas do not know of each other's choices before the API server tells them.
  { replicas: 2, retries: 1 },
])('$replicas of the gate', ({ replicas, retries }) => {
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

  function expectGood({ numbers, mostRetries, others }: Tally, most: number): void {
    expect({ numbers, others }).toEqual({ numbers: ALL_DIFFERENT, others: [] });
    expect(mostRetries).toBeLessThanOrEqual(most);
  }

  it('other Services each time', async () => {
    expectGood(await rounds(api, `${replicas} of the gate, others`, (round) => `round-${round}`), retries);
  });

  it('the same Services again', async () => {
    expectGood(await rounds(api, `${replicas} of the gate, the same`, () => 'same'), retries);
  });

  it('as many as the pool has free ports', async () => {
    const filling = await makeAll(api, 'filling', POOL_SIZE - AT_ONCE);
    const tally = await rounds(api, `${replicas} of the gate, the last ports`, (round) => `last-${round}`);
    await removeAll(api, filling);
    // Whoever comes back finds few ports, which others who come back want, too.
    expectGood(tally, replicas === 1 ? 0 : MOST_ATTEMPTS - 1);
  });

  it('every replica had a part in it', () => {
    const connections = Object.values(installed.balancer.connections());
    expect(connections.map((count) => count > 10)).toEqual(Array.from({ length: replicas }, () => true));
  });
});
