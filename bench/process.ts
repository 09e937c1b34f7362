import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync, readFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** The gate as it is started: from a checkout, or as `npm run build` makes it. */
export const ENTRIES = { source: 'src/main.ts', bundle: 'dist/nodeport-gate.js' } as const;
export type Entry = keyof typeof ENTRIES;

export interface Started {
  readonly name: string;
  readonly port: number;
  readonly process: ChildProcess;
  readonly readyAfterMs: number;
}

export interface StartOptions {
  readonly name: string;
  /** Where it answers HTTPS. */
  readonly port: number;
  readonly argv: readonly string[];
  /** For its log. */
  readonly directory: string;
  /** Sent to `/validate` until the answer is 200. */
  readonly review: string;
}

const LONGEST_START_MS = 60_000;
const TICKS_PER_SECOND = 100;

/** Starts `node ARGUMENTS` with its log in a file and waits until its `/validate` answers. */
export async function start({ name, port, argv, directory, review }: StartOptions): Promise<Started> {
  const file = join(directory, `${name}-${port}.log`);
  const log = openSync(file, 'w');
  const started = performance.now();
  const child = spawn(process.execPath, argv, { cwd: root, stdio: ['ignore', log, log] });
  while (!(await answers(port, review))) {
    const hasFailed = child.exitCode !== null || performance.now() - started > LONGEST_START_MS;
    if (hasFailed) throw new Error(`${name} does not answer:\n${readFileSync(file, 'utf8')}`);
    await wait(5);
  }
  return { name, port, process: child, readyAfterMs: performance.now() - started };
}

export interface GateFlags {
  readonly entry: Entry;
  readonly port: number;
  readonly certificates: string;
  readonly more?: readonly string[];
}

/** Arguments of Node for a gate with the policy of the benchmarks. */
export function gateArgv({ entry, port, certificates, more = [] }: GateFlags): readonly string[] {
  const file = ENTRIES[entry];
  if (!existsSync(join(root, file))) throw new Error(`${file} is not there; make it with npm run build`);
  const others = ['--operations-port', '--doors-port'].filter((flag) => !more.includes(flag));
  const ports = ['--port', String(port), ...others.flatMap((flag) => [flag, '0'])];
  return [file, 'serve', ...ports, '--cert-dir', certificates, '--policy', 'bench/policy.yaml', ...more];
}

export async function stop({ process: child }: Started): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

/** User and system time of the process so far, from /proc/PID/stat fields 14 and 15 (proc(5)). */
export function cpuSeconds({ process: { pid } }: Started): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Megabytes (2^20): now, and the most it ever was. */
export function memory({ process: { pid } }: Started): { readonly resident: number; readonly peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const megabytes = (field: string): number =>
    Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1] ?? Number.NaN) / 1024;
  return { resident: megabytes('VmRSS'), peak: megabytes('VmHWM') };
}

/** The recorded review that every benchmark sends, on one line. */
export function readReview(): string {
  const file = join(root, 'test/fixtures/reviews/create-nodeport-explicit-local-cidr.validate.json');
  return JSON.stringify(JSON.parse(readFileSync(file, 'utf8')));
}

async function answers(port: number, review: string): Promise<boolean> {
  const probe = request(`https://127.0.0.1:${port}/validate`, {
    method: 'POST',
    rejectUnauthorized: false,
    agent: false,
    headers: { 'content-type': 'application/json' },
  });
  probe.end(review);
  return new Promise((resolve) => {
    probe.on('response', (response) => resolve(response.resume().statusCode === 200));
    probe.on('error', () => resolve(false));
  });
}
