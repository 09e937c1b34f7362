#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { constants } from 'node:os';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { Io } from './cli/io.ts';

const STOP_SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** Ctrl-C under `npm start` arrives twice: from the terminal and, forwarded, from npm. */
const ECHO_MS = 500;

const io: Io = {
  out: process.stdout,
  err: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  now: () => new Date(),
  untilStopped,
};

// A reader that has seen enough (`| head -1`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 2);
});

// Stripping types costs a third of the start. The cache is not in the shared temporary directory, where others could
// write to it; where the folder cannot be written, nothing is cached.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/compile', import.meta.url)));

try {
  const { runProgram } = await import('./cli/program.ts');
  process.exitCode = await runProgram(process.argv.slice(2), io);
} catch (error) {
  process.stderr.write(`nodeport-gate failed unexpectedly: ${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 2;
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
