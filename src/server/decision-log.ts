import { pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';
import type { Finding } from '../domain/finding.ts';
import type { Assignment } from '../domain/verdict.ts';
import type { Door } from '../engine/decide.ts';
import type { Outcome } from './metrics.ts';

/** One line of the log for one decision. */
export interface LoggedDecision {
  /** Empty for a bare manifest. */
  readonly uid: string;
  readonly operation: string;
  readonly namespace: string;
  /** For a Service that has no name yet, its generateName. */
  readonly name: string;
  readonly user: string;
  readonly dryRun: boolean;
  readonly door: Door;
  readonly decision: Outcome;
  /** Those that found something, whatever their enforcement. */
  readonly rules: readonly string[];
  /** `http/TCP=30104` */
  readonly assigned: readonly string[];
  /** The hash; empty when none was asked. */
  readonly policy: string;
  readonly durationMs: number;
}

/** A destination that can be made to write what it still holds. */
export interface LogStream extends DestinationStream {
  flushSync(): void;
}

/** At this size, or after this time, collected lines are written in one go: a system call for each costs throughput. */
const BATCH_BYTES = 8 * 1024;
const LONGEST_WAIT_MS = 200;
/** A reader that has stopped reading must not take the gate's memory: what is beyond this is dropped. */
const MOST_PENDING_BYTES = 16 * 2 ** 20;

/** Standard output, written in batches and never in the way of an answer. */
export function openLogStream(): LogStream {
  return pino.destination({
    dest: 1,
    sync: false,
    minLength: BATCH_BYTES,
    periodicFlush: LONGEST_WAIT_MS,
    maxLength: MOST_PENDING_BYTES,
  });
}

/** JSON lines with ISO times and the level as a word. */
export function makeLog(level: string, destination: DestinationStream): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
}

export function logDecision(log: Logger, decision: LoggedDecision): void {
  log.info(decision, 'decision');
}

/** Each rule once, in the order of the findings. */
export function rulesOf(findings: readonly Finding[]): readonly string[] {
  return findings.length === 0 ? [] : [...new Set(findings.map(({ rule }) => rule))];
}

/** `http/TCP=30104`, the same in both rounds of a reinvocation: the number, not why. */
export function assignedOf(assigned: readonly Assignment[]): readonly string[] {
  return assigned.map(({ port, protocol, nodePort }) => `${port}/${protocol}=${nodePort}`);
}
