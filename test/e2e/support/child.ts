import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runEnvironment } from './run-environment.ts';

/** A process that a test started, and its log. */
export interface Child {
  readonly name: string;
  readonly pid: number;
  readonly isRunning: () => boolean;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Resolves when it has ended: its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  /** SIGTERM, and SIGKILL when that does not help within ten seconds. Harmless when it has ended. */
  readonly stop: () => Promise<number | NodeJS.Signals>;
  /** All that this and earlier processes of the same log file wrote to stdout and stderr. */
  readonly log: () => string;
}

export interface ChildOptions {
  /** For messages, and the name of the log file. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Working directory; the log file goes there. */
  readonly directory: string;
  readonly env?: Readonly<Record<string, string>>;
}

const PATIENCE_MS = 10_000;
const started = new Set<Child>();

/** Starts a process with an environment of its own: only PATH, HOME (its directory) and what the options say. */
export function startChild({ name, command, args, directory, env }: ChildOptions): Child {
  mkdirSync(directory, { recursive: true });
  const logFile = join(directory, `${name}.log`);
  const output = openSync(logFile, 'a');
  const child = spawn(command, args, {
    cwd: directory,
    stdio: ['ignore', output, output],
    env: { PATH: process.env['PATH'] ?? '', HOME: directory, ...env },
  });
  closeSync(output);
  const { pid } = child;
  if (pid === undefined) throw new Error(`${name}: ${command} cannot be started`);
  const pidFile = join(runEnvironment().directory, 'running', String(pid));
  writeFileSync(pidFile, name);
  const ended = once(child, 'exit').then(([status, signal]: (number | NodeJS.Signals | null)[]) => {
    rmSync(pidFile, { force: true });
    return status ?? signal ?? 0;
  });
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;
  const made: Child = {
    name,
    pid,
    isRunning,
    kill: (signal) => void child.kill(signal),
    ended,
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
      const how = await ended;
      clearTimeout(timer);
      return how;
    },
    log: () => readFileSync(logFile, 'utf8'),
  };
  started.add(made);
  return made;
}

/** The last lines of every log of this test file. */
export function lastLogLines(count: number): string {
  const logs = new Map([...started].map((child) => [child.name, child.log()]));
  return [...logs]
    .map(([name, log]) => `--- last lines of ${name}\n${log.trimEnd().split('\n').slice(-count).join('\n')}`)
    .join('\n');
}

/**
 * Asks every 50 ms until the answer is true; fails with `what` and the child's last lines when it takes longer than
 * `limitMs` or the child ends.
 */
export async function waitFor(
  what: string,
  condition: () => Promise<boolean> | boolean,
  { child, limitMs = 30_000 }: { readonly child?: Child; readonly limitMs?: number } = {},
): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!(await condition())) {
    const fault =
      child !== undefined && !child.isRunning()
        ? `${child.name} ended`
        : performance.now() > deadline && `no result after ${limitMs} ms`;
    if (fault !== false) {
      const end = child === undefined ? '' : `\n${child.log().trimEnd().split('\n').slice(-20).join('\n')}`;
      throw new Error(`${what}: ${fault}${end}`);
    }
    await sleep(50);
  }
}
