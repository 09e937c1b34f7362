import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { applyLoad, percentile } from './load.ts';

const ROUNDS = 7;
const SECONDS = 4;
const CONNECTIONS = 16;
const TICKS_PER_SECOND = 100;
const root = fileURLToPath(new URL('..', import.meta.url));

interface Contender {
  readonly name: string;
  readonly port: number;
  readonly process: ChildProcess;
  readonly readyAfterMs: number;
}

interface Round {
  readonly requestsPerSecond: number;
  readonly cpuPer10k: number;
  readonly p50: number;
  readonly p99: number;
}

const directory = mkdtempSync(join(tmpdir(), 'nodeport-gate-bench-'));
const certificates = join(directory, 'certs');
const review = readFileSync(
  join(root, 'test/fixtures/reviews/create-nodeport-explicit-local-cidr.validate.json'),
  'utf8',
);
const body = JSON.stringify(JSON.parse(review));
const contenders: Contender[] = [];

try {
  // The first start makes the certificate; the second one is timed.
  const warmUp = await startGate(18_440);
  await stop(warmUp);
  contenders.push(await startGate(18_443));
  contenders.push(await start('do-nothing', 18_444, ['bench/do-nothing.ts', '18444', certificates]));
  console.log(
    `review of ${body.length} bytes, ${CONNECTIONS} keep-alive connections, ${ROUNDS} rounds of ${SECONDS} s each, in turn`,
  );
  for (const { name, readyAfterMs } of contenders)
    console.log(`${name}: ready ${readyAfterMs.toFixed(0)} ms after process start`);
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
  for (const contender of contenders)
    console.log(`${contender.name}: ${residentMb(contender).toFixed(0)} MB resident after load`);
} finally {
  for (const contender of contenders) await stop(contender);
  rmSync(directory, { recursive: true, force: true });
}

function report(what: string, gate: readonly Round[], baseline: readonly Round[], of: (round: Round) => number): void {
  const ratios = gate.map((one, index) => of(one) / of(baseline[index] ?? one)).sort((a, b) => a - b);
  const at = (share: number): string => (ratios[Math.floor(share * (ratios.length - 1))] ?? Number.NaN).toFixed(2);
  console.log(`${what}: ratio gate/do-nothing, pair by pair: median ${at(0.5)} (min ${at(0)}, max ${at(1)})`);
}

async function round({ port, process: child }: Contender): Promise<Round> {
  const before = cpuSeconds(child);
  const load = await applyLoad({
    port,
    path: '/validate?timeout=5s',
    body,
    connections: CONNECTIONS,
    seconds: SECONDS,
  });
  return {
    requestsPerSecond: load.requests / load.seconds,
    cpuPer10k: ((cpuSeconds(child) - before) / load.requests) * 10_000,
    p50: percentile(load, 0.5),
    p99: percentile(load, 0.99),
  };
}

function startGate(port: number): Promise<Contender> {
  const ports = ['--port', String(port), '--operations-port', '0', '--doors-port', '0'];
  return start('gate', port, [
    'src/main.ts',
    'serve',
    ...ports,
    '--cert-dir',
    certificates,
    '--policy',
    'bench/policy.yaml',
  ]);
}

/** Starts `node ARGUMENTS` with its log in a file and waits until the port answers. */
async function start(name: string, port: number, argv: readonly string[]): Promise<Contender> {
  const log = openSync(join(directory, `${name}-${port}.log`), 'w');
  const started = performance.now();
  const child = spawn(process.execPath, argv, { cwd: root, stdio: ['ignore', log, log] });
  const contender = { name, port, process: child };
  while (!(await answers(port))) {
    if (child.exitCode !== null) throw new Error(readFileSync(join(directory, `${name}-${port}.log`), 'utf8'));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return { ...contender, readyAfterMs: performance.now() - started };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = request(`https://127.0.0.1:${port}/validate`, {
      method: 'POST',
      rejectUnauthorized: false,
      agent: false,
      headers: { 'content-type': 'application/json' },
    });
    probe.on('response', (response) => resolve(response.resume().statusCode === 200));
    probe.on('error', () => resolve(false));
    probe.end(body);
  });
}

async function stop({ process: child }: Contender): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}

/** User and system time of the process so far, from /proc/PID/stat fields 14 and 15 (proc(5)). */
function cpuSeconds({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

function residentMb({ process: { pid } }: Contender): number {
  const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(line?.[1]) / 1024;
}
