import { pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';
import { escaped, printable } from '../domain/text.ts';
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
  /** Those that found something, whatever their enforcement, and those that could not know. */
  readonly rules: readonly string[];
  /** `http/TCP=30104`; the first 100, then `and N more`. */
  readonly assigned: readonly string[];
  /** The hash; empty when none was asked. */
  readonly policy: string;
  readonly durationMs: number;
}

/** At this size, or after this time, collected lines are written in one go: a system call for each costs throughput. */
const BATCH_BYTES = 8 * 1024;
const LONGEST_WAIT_MS = 200;
/** A reader that has stopped reading must not take the gate's memory: what is beyond this is dropped. */
const MOST_PENDING_BYTES = 16 * 2 ** 20;

/** Standard output, written in batches and never in the way of an answer. `onDrop` is called for each line that is lost. */
export function openLogStream(onDrop: () => void): DestinationStream {
  const stream = pino.destination({
    dest: 1,
    sync: false,
    minLength: BATCH_BYTES,
    periodicFlush: LONGEST_WAIT_MS,
    maxLength: MOST_PENDING_BYTES,
  });
  stream.on('drop', onDrop);
  return stream;
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
export function rulesOf(findings: readonly { readonly rule: string }[]): readonly string[] {
  return findings.length === 0 ? [] : [...new Set(findings.map(({ rule }) => rule))];
}

/** `http/TCP=30104`, the same in both rounds of a reinvocation: the number, not why. */
export function assignedOf(assigned: readonly Assignment[]): readonly string[] {
  return assigned.map(({ port, protocol, nodePort }) => `${printable(port)}/${printable(protocol)}=${nodePort}`);
}

/** More ports than that in one line are for nobody to read, and a Service may have thousands. */
export const MOST_ASSIGNED = 100;

/** As long as the longest name in Kubernetes (RFC 1123 subdomain); what is longer never gets into a cluster. */
const LONGEST_NAME = 253;

/** What a requester has named, for the log: escaped, and cut to 253 characters. */
export function loggedName(name: string): string {
  const visible = escaped(name.slice(0, LONGEST_NAME + 1));
  if (visible.length <= LONGEST_NAME) return visible;
  return `${visible.slice(0, LONGEST_NAME - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
