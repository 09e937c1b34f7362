import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyLoad, percentile } from './load.ts';
import { cpuSeconds, gateArgv, memory, readReview, start, type Started, stop } from './process.ts';

/** `/validate` against a webhook that does nothing. `--bundle`: the gate as `npm run build` made it. */
const ROUNDS = 7;
const SECONDS = 4;
const CONNECTIONS = 16;
const GATE_PORT = 18_443;
const BASELINE_PORT = 18_444;
const entry = process.argv.includes('--bundle') ? 'bundle' : 'source';

interface Round {
  readonly requestsPerSecond: number;
  readonly cpuPer10k: number;
  readonly p50: number;
  readonly p99: number;
}

const directory = mkdtempSync(join(tmpdir(), 'nodeport-gate-bench-'));
const certificates = join(directory, 'certs');
const review = readReview();
const contenders: Started[] = [];

try {
  // The first start makes the certificate; the second one is timed.
  await stop(await startGate(GATE_PORT));
  contenders.push(await startGate(GATE_PORT));
  contenders.push(await startBaseline());
  console.log(
    `gate from ${entry}, review of ${review.length} bytes, ${CONNECTIONS} keep-alive connections, ${ROUNDS} rounds of ${SECONDS} s each, in turn`,
  );
  for (const contender of contenders) {
    const { name, readyAfterMs } = contender;
    console.log(
      `${name}: ready ${readyAfterMs.toFixed(0)} ms after process start, ${memory(contender).resident.toFixed(0)} MB`,
    );
  }
  for (const contender of contenders) await round(contender);

  const rounds: Round[][] = contenders.map(() => []);
  for (let i = 0; i < ROUNDS; i += 1) {
    for (const [index, contender] of contenders.entries()) {
      const result = await round(contender);
      rounds[index]?.push(result);
      console.log(
        `${contender.name.padEnd(10)} ${result.requestsPerSecond.toFixed(0).padStart(6)} req/s  ${result.cpuPer10k.toFixed(2)} CPU s/10k  p50 ${result.p50.toFixed(0)} µs  p99 ${result.p99.toFixed(0)} µs`,
      );
    }
  }
  const [gate = [], baseline = []] = rounds;
  report('throughput', gate, baseline, ({ requestsPerSecond }) => requestsPerSecond);
  report('CPU per 10,000 requests', gate, baseline, ({ cpuPer10k }) => cpuPer10k);
  report('p99', gate, baseline, ({ p99 }) => p99);
  for (const contender of contenders) {
    const { resident, peak } = memory(contender);
    console.log(`${contender.name}: ${resident.toFixed(0)} MB resident after load, at most ${peak.toFixed(0)} MB`);
  }
} finally {
  for (const contender of contenders) await stop(contender);
  rmSync(directory, { recursive: true, force: true });
}

function report(what: string, gate: readonly Round[], baseline: readonly Round[], of: (round: Round) => number): void {
  const ratios = gate.map((one, index) => of(one) / of(baseline[index] ?? one)).sort((a, b) => a - b);
  const at = (share: number): string => (ratios[Math.floor(share * (ratios.length - 1))] ?? Number.NaN).toFixed(2);
  console.log(`${what}: ratio gate/do-nothing, pair by pair: median ${at(0.5)} (min ${at(0)}, max ${at(1)})`);
}

async function round(contender: Started): Promise<Round> {
  const before = cpuSeconds(contender);
  const load = await applyLoad({
    port: contender.port,
    path: '/validate?timeout=5s',
    body: review,
    connections: CONNECTIONS,
    seconds: SECONDS,
  });
  return {
    requestsPerSecond: load.requests / load.seconds,
    cpuPer10k: ((cpuSeconds(contender) - before) / load.requests) * 10_000,
    p50: percentile(load, 0.5),
    p99: percentile(load, 0.99),
  };
}

function startGate(port: number): Promise<Started> {
  return start({ name: 'gate', port, argv: gateArgv({ entry, port, certificates }), directory, review });
}

function startBaseline(): Promise<Started> {
  const argv = ['bench/do-nothing.ts', String(BASELINE_PORT), certificates];
  return start({ name: 'do-nothing', port: BASELINE_PORT, argv, directory, review });
}
