import { spawn } from 'node:child_process';
import { escaped } from '../../domain/text.ts';
import { LONGEST_INPUT } from './input-fault.ts';

interface ToolCall {
  /** Looked for on the PATH of `env`. */
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A minute unless told: a tool that fetches what it needs takes its time. */
  readonly timeoutMs?: number;
}

export type ToolOutcome =
  | { readonly kind: 'output'; readonly bytes: Uint8Array }
  /** There is no such program. */
  | { readonly kind: 'absent' }
  /** Why there is no output, safe to print. */
  | { readonly kind: 'fault'; readonly reason: string };

const TIMEOUT_MS = 60_000;
/** Of what it says about itself; the reason comes first, or on a line of its own. */
const LONGEST_COMPLAINT = 64 * 1024;
const LONGEST_REASON = 400;
const MOST_REASON_LINES = 3;

/** How some versions of kubectl report: `E1121 09:56:56.364938 27229 run.go:72] "command failed" err="…"`. */
const KLOG_FAULT = /^E\d{4} .*?\] "command failed" err="(.*)"$/;

/** Runs a program without a shell and without input. Its time and its output are bounded, whatever it does. */
export function runTool(call: ToolCall): Promise<ToolOutcome> {
  const { command, args, cwd, env, timeoutMs = TIMEOUT_MS } = call;
  return new Promise((settle) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
    const output = bounded(LONGEST_INPUT);
    const complaint = bounded(LONGEST_COMPLAINT);
    const end = (outcome: ToolOutcome): void => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      // What it has started may still hold them.
      child.stdout.destroy();
      child.stderr.destroy();
      settle(outcome);
    };
    const timer = setTimeout(() => {
      end({ kind: 'fault', reason: `${command} was not done after ${timeoutMs / 1000} seconds` });
    }, timeoutMs);
    child.stdout.on('data', (chunk: Uint8Array) => {
      if (!output.take(chunk)) end({ kind: 'fault', reason: `${command} printed more than ${LONGEST_INPUT} bytes` });
    });
    child.stderr.on('data', complaint.take);
    child.on('error', (error) => {
      const isAbsent = 'code' in error && error.code === 'ENOENT';
      end(
        isAbsent
          ? { kind: 'absent' }
          : { kind: 'fault', reason: escaped(`${command} cannot be run: ${error.message}`) },
      );
    });
    child.on('close', (code, signal) => {
      if (code === 0) end({ kind: 'output', bytes: output.bytes() });
      else end({ kind: 'fault', reason: reasonIn(complaint.bytes()) ?? silentEnd(command, code, signal) });
    });
  });
}

function silentEnd(command: string, code: number | null, signal: string | null): string {
  return `${command} ended with ${code === null ? `signal ${signal}` : `exit code ${code}`}`;
}

/** Keeps what fits; `take` says whether it did. */
function bounded(most: number): { take(chunk: Uint8Array): boolean; bytes(): Uint8Array } {
  const kept: Uint8Array[] = [];
  let length = 0;
  return {
    take(chunk) {
      const fits = length + chunk.length <= most;
      kept.push(fits ? chunk : chunk.subarray(0, most - length));
      length = Math.min(most, length + chunk.length);
      return fits;
    },
    bytes: () => Buffer.concat(kept),
  };
}

/** From `Error:` on, or the last thing it said; what comes before are warnings and progress. */
function reasonIn(complaint: Uint8Array): string | undefined {
  const lines = new TextDecoder()
    .decode(complaint)
    .split(/\r?\n/)
    .map((line) => KLOG_FAULT.exec(line)?.[1] ?? line.trim())
    .filter((line) => line !== '' && !line.startsWith('Use --debug'));
  const start = lines.findIndex((line) => /^error:/i.test(line));
  const reason = (start < 0 ? lines.slice(-1) : lines.slice(start, start + MOST_REASON_LINES)).join(' ');
  const text = escaped(reason.replace(/^error: */i, '')).replace(/[.;]+$/, '');
  if (text === '') return undefined;
  return text.length > LONGEST_REASON ? `${text.slice(0, LONGEST_REASON - 1)}…` : text;
}
