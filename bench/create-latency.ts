import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apply, type Manifest, read, withWebhooksAt } from '../test/e2e/support/install.ts';
import { type Cluster, withCluster } from './cluster.ts';
import { gateArgv, readReview, start, type Started, stop } from './process.ts';

/**
 * CREATE of a Service on a real API server by one client: without webhooks, through a pair that does nothing, and through the
 * gate, whose configurations are the project's own. Each has a namespace of its own that its configurations select, so that
 * all of them take turns, request by request, in one cluster. `--bundle`: the gate as `npm run build` made it; `--explicit`:
 * the manifests say their node port, so that there is nothing to patch; `--without-cluster`: the gate has no informers.
 */
const ROUNDS = 5;
const CREATES = 200;
const WARM_UP = 100;
const GATE_PORT = 18_446;
const BASELINE_PORT = 18_447;
const GROUP = 'bench';
/** Of the pool for everybody in bench/policy.yaml. */
const FIRST_NUMBER = 31_000;
const entry = process.argv.includes('--bundle') ? 'bundle' : 'source';
const isExplicit = process.argv.includes('--explicit');

/** The namespace, and what is created in it. */
interface Row {
  readonly namespace: 'none' | 'do-nothing' | 'gate';
  readonly type: 'NodePort' | 'ClusterIP';
}

const ROWS: readonly Row[] = [
  { namespace: 'none', type: 'NodePort' },
  { namespace: 'do-nothing', type: 'NodePort' },
  { namespace: 'gate', type: 'NodePort' },
  { namespace: 'none', type: 'ClusterIP' },
  { namespace: 'gate', type: 'ClusterIP' },
];

const directory = mkdtempSync(join(tmpdir(), 'nodeport-gate-bench-'));
const certificates = join(directory, 'certs');
const review = readReview();
const servers: Started[] = [];

try {
  await withCluster(async (cluster) => {
    await startServers(cluster.plane.apiServer.kubeconfig);
    await install(cluster);
    await round(cluster, WARM_UP);
    const rounds: (readonly Float64Array[])[] = [];
    for (let index = 0; index < ROUNDS; index += 1) {
      const measured = await round(cluster, CREATES);
      rounds.push(measured);
      const cells = ROWS.map(({ namespace, type }, row) => `${namespace} ${type} ${p50(measured[row]).toFixed(2)}`);
      console.log(`p50 of ${CREATES} in ms: ${cells.join(', ')}`);
    }
    report('NodePort, gate pair / do-nothing pair', rounds, [2, 1]);
    report('NodePort, gate pair / no webhook', rounds, [2, 0]);
    report('NodePort, do-nothing pair / no webhook', rounds, [1, 0]);
    report('ClusterIP, gate (matchConditions) / no webhook', rounds, [4, 3]);
  });
} finally {
  for (const server of servers) await stop(server);
  rmSync(directory, { recursive: true, force: true });
}

async function startServers(kubeconfig: string): Promise<void> {
  const more = process.argv.includes('--without-cluster') ? [] : ['--kubeconfig', kubeconfig];
  const gate = gateArgv({ entry, port: GATE_PORT, certificates, more });
  servers.push(await start({ name: 'gate', port: GATE_PORT, argv: gate, directory, review }));
  const baseline = ['bench/do-nothing.ts', String(BASELINE_PORT), certificates];
  servers.push(await start({ name: 'do-nothing', port: BASELINE_PORT, argv: baseline, directory, review }));
}

/** The gate's webhooks as they are shipped, and once more for the pair that does nothing; only whom they select differs. */
async function install({ plane: { kubectl }, ask }: Cluster): Promise<void> {
  for (const name of new Set(ROWS.map(({ namespace }) => namespace))) {
    await ask('POST', '/api/v1/namespaces', JSON.stringify({ metadata: { name, labels: { [GROUP]: name } } }));
  }
  const shipped = (await read('base/webhooks.yaml')).filter(({ webhooks }) => webhooks !== undefined);
  await apply(kubectl, selecting('gate', withWebhooksAt(GATE_PORT, shipped)));
  await apply(kubectl, selecting('do-nothing', withWebhooksAt(BASELINE_PORT, shipped)));
  for (const namespace of ['gate', 'do-nothing'] as const) await untilCalled(namespace, { ask });
}

function selecting(namespace: string, objects: readonly Manifest[]): readonly Manifest[] {
  const caBundle = readFileSync(join(certificates, 'ca.crt')).toString('base64');
  return objects.map((object) => ({
    ...object,
    metadata: { name: `${object.metadata.name}-${namespace}` },
    webhooks: (object.webhooks ?? []).map((webhook) => ({
      ...webhook,
      name: `${namespace}.${webhook.name}`,
      clientConfig: { ...webhook.clientConfig, caBundle },
      namespaceSelector: { matchLabels: { [GROUP]: namespace } },
    })),
  }));
}

/** An API server learns of a configuration with a delay. */
async function untilCalled(namespace: string, { ask }: Pick<Cluster, 'ask'>): Promise<void> {
  const path = `/api/v1/namespaces/${namespace}/services?dryRun=All`;
  for (;;) {
    await ask('POST', path, manifest('probe', 'NodePort', FIRST_NUMBER));
    const metrics = await ask('GET', '/metrics');
    const called = ['mutate', 'validate'].map((hook) =>
      metrics.includes(`name="${namespace}.${hook}.nodeport-gate.dev"`),
    );
    if (called.every(Boolean)) return;
  }
}

/**
 * Milliseconds of each CREATE, ascending, by row. What is created is deleted before the next one, outside of the measured
 * time: a number that the API server has just picked for one row must not be the gate's choice for another.
 */
async function round({ ask }: Cluster, creates: number): Promise<readonly Float64Array[]> {
  const latencies = ROWS.map(() => new Float64Array(creates));
  for (let index = 0; index < creates; index += 1) {
    for (const [row, { namespace, type }] of ROWS.entries()) {
      const name = `${type.toLowerCase()}-${index}`;
      const path = `/api/v1/namespaces/${namespace}/services`;
      const body = manifest(name, type, FIRST_NUMBER + index);
      const startedAt = performance.now();
      await ask('POST', path, body);
      latencies[row]?.fill(performance.now() - startedAt, index, index + 1);
      await ask('DELETE', `${path}/${name}`);
    }
  }
  return latencies.map((row) => row.sort());
}

/** What the policy of the benchmarks allows. */
function manifest(name: string, type: Row['type'], nodePort: number): string {
  const isExposed = type === 'NodePort';
  return JSON.stringify({
    metadata: { name, annotations: isExposed ? { 'nodeport-gate.dev/source-cidrs': '10.0.0.0/8' } : {} },
    spec: {
      type,
      selector: { app: name },
      ports: [{ name: 'http', port: 80, ...(isExposed && isExplicit && { nodePort }) }],
      ...(isExposed && { externalTrafficPolicy: 'Local' }),
    },
  });
}

function report(
  what: string,
  rounds: readonly (readonly Float64Array[])[],
  [row, base]: readonly [number, number],
): void {
  const ratios = rounds.map((measured) => p50(measured[row]) / p50(measured[base])).sort((a, b) => a - b);
  const [first = Number.NaN] = ratios;
  const median = ratios[Math.floor(ratios.length / 2)] ?? Number.NaN;
  console.log(
    `${what}: median ${median.toFixed(2)} (min ${first.toFixed(2)}, max ${(ratios.at(-1) ?? first).toFixed(2)})`,
  );
}

function p50(sorted: Float64Array | undefined): number {
  return sorted?.[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
