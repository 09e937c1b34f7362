import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { auditsOf } from './audits-of.ts';
import { withCluster } from './cluster.ts';
import { fillCluster, PODS, SERVICES } from './fill-cluster.ts';
import { applyLoad, percentile } from './load.ts';
import { gateArgv, readReview, start, type Started, stop } from './process.ts';

/**
 * What audits cost those who wait for `/validate`: a gate that audits as often as it can against one that never does, in
 * turn. Audits come every ten to twenty seconds then, sixty times as often as the manifests have it.
 */
const ROUNDS = 5;
const SECONDS = 20;
const entry = process.argv.includes('--bundle') ? 'bundle' : 'source';

interface Contender {
  readonly gate: Started;
  readonly operationsPort: number;
}

const directory = mkdtempSync(join(tmpdir(), 'nodeport-gate-bench-'));
const certificates = join(directory, 'certs');
const review = readReview();

try {
  await withCluster(async (cluster) => {
    await fillCluster(cluster);
    const access = ['--kubeconfig', cluster.plane.apiServer.kubeconfig];
    const contenders = [
      await startGate('without audits', 18_451, access),
      await startGate('with audits', 18_453, [...access, '--audit-interval', '10s']),
    ];
    try {
      for (const connections of [1, 16]) await compare(contenders, connections);
    } finally {
      for (const { gate } of contenders) await stop(gate);
    }
  });
} finally {
  rmSync(directory, { recursive: true, force: true });
}

async function startGate(name: string, port: number, flags: readonly string[]): Promise<Contender> {
  const operationsPort = port + 1;
  const more = ['--operations-port', String(operationsPort), ...flags];
  const gate = await start({ name, port, argv: gateArgv({ entry, port, certificates, more }), directory, review });
  while ((await fetch(`http://127.0.0.1:${operationsPort}/readyz`)).status !== 200) await wait(50);
  return { gate, operationsPort };
}

interface Round {
  readonly requestsPerSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly worst: number;
}

async function compare(contenders: readonly Contender[], connections: number): Promise<void> {
  console.log(
    `gate from ${entry}, ${SERVICES} Services, ${PODS} pods; ${connections} connections, ${ROUNDS} rounds of ${SECONDS} s each, in turn`,
  );
  const rounds: Round[][] = contenders.map(() => []);
  for (let i = 0; i < ROUNDS; i += 1) {
    for (const [index, contender] of contenders.entries()) rounds[index]?.push(await round(contender, connections));
  }
  const [without = [], audited = []] = rounds;
  for (const what of ['requestsPerSecond', 'p50', 'p99', 'worst'] as const) {
    const ratios = audited.map((one, index) => one[what] / (without[index] ?? one)[what]).sort((a, b) => a - b);
    const at = (share: number): string => (ratios[Math.floor(share * (ratios.length - 1))] ?? Number.NaN).toFixed(2);
    console.log(`${what}: ratio with/without audits, pair by pair: median ${at(0.5)} (min ${at(0)}, max ${at(1)})`);
  }
}

async function round({ gate, operationsPort }: Contender, connections: number): Promise<Round> {
  const before = await auditsOf(operationsPort);
  const target = { port: gate.port, path: '/validate?timeout=5s', body: review, connections };
  const load = await applyLoad({ ...target, seconds: SECONDS });
  const audits = (await auditsOf(operationsPort)) - before;
  const [p50, p99, worst] = [percentile(load, 0.5), percentile(load, 0.99), percentile(load, 1)];
  const requestsPerSecond = load.requests / load.seconds;
  console.log(
    `${gate.name.padEnd(14)} ${audits} audits  ${requestsPerSecond.toFixed(0).padStart(6)} req/s  p50 ${p50.toFixed(0)} µs  p99 ${p99.toFixed(0)} µs  at most ${(worst / 1000).toFixed(1)} ms`,
  );
  return { requestsPerSecond, p50, p99, worst };
}
