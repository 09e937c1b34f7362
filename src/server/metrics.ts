import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Door } from '../engine/decide.ts';

/** What became of one request. */
export type Outcome = 'allow' | 'deny' | 'mutate' | 'untouched';

export interface Measured {
  readonly door: Door;
  readonly operation: string;
  readonly outcome: Outcome;
  readonly dryRun: boolean;
  readonly seconds: number;
}

/** Counts at the doors; the engine never counts. */
export interface Metrics {
  measure(request: Measured): void;
  countFault(code: string): void;
  /** A line of the log was lost, because its reader is too slow. */
  countDroppedLogLine(): void;
  setPolicy(hash: string | undefined): void;
  setCertificateEnd(date: Date): void;
  /** The Prometheus text format with its content type. */
  render(): Promise<{ readonly text: string; readonly contentType: string }>;
}

const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The requester writes the operation: anything else must not make a new time series. */
const OPERATIONS: ReadonlySet<string> = new Set(['CREATE', 'UPDATE', 'DELETE', 'CONNECT']);

/**
 * A registry of its own for each gate: two gates in one process do not share numbers. `withProcess`: memory, CPU, event
 * loop and garbage collection too, which are observed from then on until the process ends.
 */
export function makeMetrics(
  version: string,
  { withProcess }: { readonly withProcess: boolean } = { withProcess: false },
): Metrics {
  const registry = new Registry();
  const registers = [registry];
  if (withProcess) collectDefaultMetrics({ register: registry });

  const requests = new Counter({
    name: 'nodeport_gate_admission_requests_total',
    help: 'Verdicts by door, operation, decision and dry run.',
    labelNames: ['door', 'operation', 'decision', 'dry_run'],
    registers,
  });
  const duration = new Histogram({
    name: 'nodeport_gate_admission_duration_seconds',
    help: 'Time from the parsed body to the answer.',
    labelNames: ['door'],
    buckets: BUCKETS,
    registers,
  });
  const faults = new Counter({
    name: 'nodeport_gate_request_errors_total',
    help: 'Requests that got an error instead of a verdict, by code.',
    labelNames: ['code'],
    registers,
  });
  const droppedLines = new Counter({
    name: 'nodeport_gate_log_lines_dropped_total',
    help: 'Lines of the log that were lost, because nobody read it fast enough.',
    registers,
  });
  const policyInfo = new Gauge({
    name: 'nodeport_gate_policy_info',
    help: '1 for the policy in force, by its hash.',
    labelNames: ['hash'],
    registers,
  });
  const certificateEnd = new Gauge({
    name: 'nodeport_gate_tls_cert_expiry_timestamp_seconds',
    help: 'When the server certificate ends, Unix time.',
    registers,
  });
  new Gauge({
    name: 'nodeport_gate_build_info',
    help: '1, by version.',
    labelNames: ['version'],
    registers,
  }).set({ version }, 1);

  return {
    measure: ({ door, operation: asked, outcome, dryRun, seconds }) => {
      const operation = OPERATIONS.has(asked) ? asked : 'other';
      requests.inc({ door, operation, decision: outcome, dry_run: String(dryRun) });
      duration.observe({ door }, seconds);
    },
    countFault: (code) => faults.inc({ code }),
    countDroppedLogLine: () => droppedLines.inc(),
    setPolicy: (hash) => {
      policyInfo.reset();
      if (hash !== undefined) policyInfo.set({ hash }, 1);
    },
    setCertificateEnd: (date) => certificateEnd.set(Math.floor(date.getTime() / 1000)),
    render: async () => ({ text: await registry.metrics(), contentType: registry.contentType }),
  };
}
