import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One run of one command, from start to end. */
export interface Measured {
  readonly status: number | null;
  readonly wallMs: number;
  /** User and system; the kernel counts hundredths of a second. */
  readonly cpuMs: number;
  /** Megabytes (2^20). 0 for what ends before it can be asked. */
  readonly peak: number;
  /** Standard output and standard error. */
  readonly text: string;
}

export interface Command {
  readonly argv: readonly [string, ...string[]];
  readonly env?: Readonly<Record<string, string>>;
}

const MS_PER_TICK = 10;
const SAMPLE_MS = 20;

/** What is written goes into a file in `directory`: a pipe would be read by the process that measures. */
export async function measure({ argv: [file, ...args], env }: Command, directory: string): Promise<Measured> {
  const output = join(directory, 'output');
  const log = openSync(output, 'w');
  const cpuBefore = cpuOfChildren();
  const started = performance.now();
  const child = spawn(file, args, {
    cwd: directory,
    stdio: ['ignore', log, log],
    ...(env && { env: { ...process.env, ...env } }),
  });
  closeSync(log);
  let peak = 0;
  const sampling = setInterval(() => (peak = Math.max(peak, peakOf(child))), SAMPLE_MS);
  const ended = await new Promise<{ readonly status: number | null; readonly at: number }>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (status) => resolve({ status, at: performance.now() }));
  });
  clearInterval(sampling);
  const text = readFileSync(output, 'utf8');
  return { status: ended.status, wallMs: ended.at - started, cpuMs: cpuOfChildren() - cpuBefore, peak, text };
}

/** Of all children that have ended, from /proc/PID/stat fields 16 and 17 (proc(5)): one at a time, so the difference is the last. */
function cpuOfChildren(): number {
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[13]) + Number(fields[14])) * MS_PER_TICK;
}

/** The most it ever was, up to now. */
function peakOf({ pid }: ChildProcess): number {
  try {
    const kilobytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0;
    return Number(kilobytes) / 1024;
  } catch {
    return 0;
  }
}
