import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { type Binaries, obtainBinaries } from './binaries.ts';
import { CannotBuild } from './build.ts';
import { environmentOf } from './support/run-environment.ts';

/**
 * node test/e2e/run.ts [VERSION] [FILTER…]
 *
 * Gets etcd, kube-apiserver and kubectl, then runs the e2e tests on them. What is no version goes to vitest.
 */
const args = process.argv.slice(2);
const version = /^v?\d/.test(args[0] ?? '') ? args.shift()?.replace(/^v/, '') : undefined;
const root = join(import.meta.dirname, '../..');

const started = performance.now();
const binaries = await obtainBinaries(version, join(root, 'node_modules/.cache/e2e')).catch((error: unknown) => {
  if (!(error instanceof CannotBuild)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(2);
});
say(`Kubernetes ${binaries.version}: binaries ready after ${secondsSince(started)} s`);
const testing = performance.now();
process.exitCode = await runTests(binaries);
say(`Kubernetes ${binaries.version}: tests took ${secondsSince(testing)} s`);

async function runTests(found: Binaries): Promise<number> {
  const directory = await mkdtemp(join(tmpdir(), 'nodeport-gate-e2e-'));
  const running = join(directory, 'running');
  await mkdir(running);
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const child = spawn(process.execPath, [vitest, 'run', '--config', 'test/e2e/vitest.config.ts', ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...environmentOf({ binaries: found, directory }) },
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  const [status] = (await once(child, 'close')) as [number | null];
  await endLeftOvers(running);
  if (status === 0) await rm(directory, { recursive: true });
  else say(`logs and data are in ${directory}`);
  return status ?? 1;
}

/** A worker that is killed takes nothing it started with it; each started process has a file named after its id. */
async function endLeftOvers(running: string): Promise<void> {
  for (const pid of await readdir(running)) {
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It ended by itself.
    }
  }
}

function secondsSince(moment: number): number {
  return Math.round((performance.now() - moment) / 1000);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
