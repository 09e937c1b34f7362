#!/usr/bin/env node
import nodeModule from 'node:module';
import { constants } from 'node:os';
import { parse } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { Io } from './cli/io.ts';
import { oldNode } from './cli/node-version.ts';
import { NEEDED_NODE } from './cli/version.ts';

const STOP_SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** Ctrl-C under `npm start` arrives twice: from the terminal and, forwarded, from npm. */
const ECHO_MS = 500;

const io: Io = {
  // kubectl finds its plugins by the name of the file; npm links both names to the same one.
  programName: parse(process.argv[1] ?? '').name === 'kubectl-nodeport' ? 'kubectl nodeport' : 'nodeport-gate',
  out: process.stdout,
  err: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  stdin: () => process.stdin,
  color: process.stdout.isTTY && process.stdout.hasColors(),
  now: () => new Date(),
  untilStopped,
};

// A reader that has seen enough (`| head -1`) is no failure, and no verdict either: the exit code is what it would have been.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') return;
  process.stderr.write(`standard output: this cannot be written (${error.message}); send it somewhere else\n`);
  process.exit(2);
});
process.stderr.on('error', () => {});

// Node ends with 1 for what nobody caught, which would look like findings.
process.on('uncaughtException', (error) => {
  process.stderr.write(`nodeport-gate failed unexpectedly: ${error.stack ?? error.message}\n`);
  process.exit(2);
});

const fault = oldNode(process.version, NEEDED_NODE);
if (fault === undefined) {
  // Stripping types costs a third of the start, compiling the bundle a sixth. The cache is not in the shared temporary
  // directory, where others could write to it; where the folder cannot be written, nothing is cached.
  nodeModule.enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/compile', import.meta.url)));
  await run();
} else {
  process.stderr.write(`${fault}\n`);
  process.exitCode = 2;
}

async function run(): Promise<void> {
  try {
    const { runProgram } = await import('./cli/program.ts');
    process.exitCode = await runProgram(process.argv.slice(2), io);
  } catch (error) {
    process.stderr.write(
      `nodeport-gate failed unexpectedly: ${error instanceof Error ? error.stack : String(error)}\n`,
    );
    process.exitCode = 2;
  }
}

/** The first signal asks, the second does not wait for the answer. */
function untilStopped(): Promise<void> {
  return new Promise((stop) => {
    let asked: { readonly signal: string; readonly at: number } | undefined;
    for (const signal of STOP_SIGNALS) {
      process.on(signal, () => {
        const at = performance.now();
        if (asked?.signal === signal && at - asked.at < ECHO_MS) return;
        if (asked !== undefined) process.exit(128 + constants.signals[signal]);
        asked = { signal, at };
        stop();
      });
    }
  });
}
