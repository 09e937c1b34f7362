import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { auditsOf } from './audits-of.ts';
import { withCluster } from './cluster.ts';
import { fillCluster, PODS, SERVICES } from './fill-cluster.ts';
import { applyLoad } from './load.ts';
import { ENTRIES, type Entry, gateArgv, memory, readReview, start, stop } from './process.ts';

/** Memory of the server. `--cluster`: also with informers, and with audits, of 5,000 Services on a real API server. */
const LOAD_SECONDS = 10;
/** So long that there are some audits under load, too. */
const AUDITED_LOAD_SECONDS = 45;
const CONNECTIONS = 16;
const PORT = 18_445;
const OPERATIONS_PORT = 18_448;

const directory = mkdtempSync(join(tmpdir(), 'nodeport-gate-bench-'));
const certificates = join(directory, 'certs');
const review = readReview();

try {
  console.log(`${CONNECTIONS} connections for ${LOAD_SECONDS} s, with audits ${AUDITED_LOAD_SECONDS} s; MB resident`);
  for (const entry of Object.keys(ENTRIES) as Entry[]) await measure(entry, 'no cluster', []);
  if (process.argv.includes('--cluster')) {
    await withCluster(async (cluster) => {
      await fillCluster(cluster);
      const flags = ['--kubeconfig', cluster.plane.apiServer.kubeconfig];
      for (const entry of Object.keys(ENTRIES) as Entry[]) await measure(entry, `${SERVICES} Services`, flags);
      const audited = [...flags, '--audit-interval', '10s'];
      for (const entry of Object.keys(ENTRIES) as Entry[]) await measure(entry, `audits, ${PODS} pods`, audited);
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
    const isAudited = more.includes('--audit-interval');
    if (isAudited) while ((await auditsOf(OPERATIONS_PORT)) === 0) await wait(50);
    const before = memory(gate);
    const target = { port: PORT, path: '/validate?timeout=5s', body: review, connections: CONNECTIONS };
    const { requests } = await applyLoad({ ...target, seconds: isAudited ? AUDITED_LOAD_SECONDS : LOAD_SECONDS });
    const after = memory(gate);
    console.log(
      `${entry.padEnd(6)}  ${what.padEnd(17)}  ${await auditsOf(OPERATIONS_PORT)} audits  ready ${before.resident.toFixed(0)}, after ${requests} requests ${after.resident.toFixed(0)}, at most ${after.peak.toFixed(0)}`,
    );
  } finally {
    await stop(gate);
  }
}
