import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Cluster, withCluster } from './cluster.ts';
import { applyLoad } from './load.ts';
import { ENTRIES, type Entry, gateArgv, memory, readReview, start, stop } from './process.ts';

/** Memory of the server. `--cluster`: also with informers and 5,000 Services, on a real API server. */
const LOAD_SECONDS = 10;
const CONNECTIONS = 16;
const PORT = 18_445;
const OPERATIONS_PORT = 18_448;
const SERVICES = 5_000;
/** As many Services have a node port, so that nearly all of the range is held; not the one that the review asks for. */
const NODE_PORTS = 2_500;
const FIRST_NUMBER = 30_000;
const REVIEWED_NUMBER = 30_443;
const NAMESPACES = 50;

const directory = mkdtempSync(join(tmpdir(), 'nodeport-gate-bench-'));
const certificates = join(directory, 'certs');
const review = readReview();

try {
  console.log(`${CONNECTIONS} connections for ${LOAD_SECONDS} s; MB resident`);
  for (const entry of Object.keys(ENTRIES) as Entry[]) await measure(entry, 'no cluster', []);
  if (process.argv.includes('--cluster')) {
    await withCluster(async (cluster) => {
      await fill(cluster);
      const flags = ['--kubeconfig', cluster.plane.apiServer.kubeconfig];
      for (const entry of Object.keys(ENTRIES) as Entry[]) await measure(entry, `${SERVICES} Services`, flags);
    });
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}

async function measure(entry: Entry, what: string, more: readonly string[]): Promise<void> {
  const gate = await start({
    name: entry,
    port: PORT,
    argv: gateArgv({ entry, port: PORT, certificates, more: ['--operations-port', `${OPERATIONS_PORT}`, ...more] }),
    directory,
    review,
  });
  try {
    while ((await fetch(`http://127.0.0.1:${OPERATIONS_PORT}/readyz`)).status !== 200) await wait(50);
    const before = memory(gate);
    const target = { port: PORT, path: '/validate?timeout=5s', body: review, connections: CONNECTIONS };
    const { requests } = await applyLoad({ ...target, seconds: LOAD_SECONDS });
    const after = memory(gate);
    console.log(
      `${entry.padEnd(6)}  ${what.padEnd(14)}  ready ${before.resident.toFixed(0)}, after ${requests} requests ${after.resident.toFixed(0)}, at most ${after.peak.toFixed(0)}`,
    );
  } finally {
    await stop(gate);
  }
}

async function fill({ askAll }: Cluster): Promise<void> {
  const namespaces = Array.from({ length: NAMESPACES }, (_, index) => `team-${index}`);
  const namespaceOf = (index: number): string => namespaces[index % NAMESPACES] ?? '';
  await askAll(
    'POST',
    namespaces.map((name) => ['/api/v1/namespaces', JSON.stringify({ metadata: { name, labels: { team: name } } })]),
  );
  const services = Array.from({ length: SERVICES }, (_, index): readonly [string, string] => {
    const name = `service-${index}`;
    const number = FIRST_NUMBER + index;
    const hasNodePort = index < NODE_PORTS && number !== REVIEWED_NUMBER;
    const type = hasNodePort ? 'NodePort' : 'ClusterIP';
    const ports = [{ name: 'http', port: 80, targetPort: 8080, ...(hasNodePort && { nodePort: number }) }];
    const metadata = { name, labels: { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': 'shop' } };
    const body = { metadata, spec: { type, selector: { 'app.kubernetes.io/name': name }, ports } };
    return [`/api/v1/namespaces/${namespaceOf(index)}/services`, JSON.stringify(body)];
  });
  await askAll('POST', services);
}
