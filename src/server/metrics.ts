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
  setPolicy(hash: string | undefined): void;
  setCertificateEnd(date: Date): void;
  /** The Prometheus text format with its content type. */
  render(): Promise<{ readonly text: string; readonly contentType: string }>;
}

const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The requester writes the operation: anything else must not make a new time series. */
const OPERATIONS: ReadonlySet<string> = new Set(['CREATE', 'UPDATE', 'DELETE', 'CONNECT']);

/** A registry of its own for each app: two gates in one process do not share numbers. */
export function makeMetrics(version: string): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

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

  const counters = new Map<string, Counter.Internal>();
  const timers = new Map<Door, Histogram.Internal<'door'>>();
  return {
    measure: ({ door, operation: asked, outcome, dryRun, seconds }) => {
      const operation = OPERATIONS.has(asked) ? asked : 'other';
      const id = `${door} ${operation} ${outcome} ${dryRun}`;
      let counter = counters.get(id);
      if (counter === undefined) {
        counter = requests.labels({ door, operation, decision: outcome, dry_run: String(dryRun) });
        counters.set(id, counter);
      }
      counter.inc();
      let timer = timers.get(door);
      if (timer === undefined) {
        timer = duration.labels({ door });
        timers.set(door, timer);
      }
      timer.observe(seconds);
    },
    countFault: (code) => faults.inc({ code }),
    setPolicy: (hash) => {
      policyInfo.reset();
      if (hash !== undefined) policyInfo.set({ hash }, 1);
    },
    setCertificateEnd: (date) => certificateEnd.set(Math.floor(date.getTime() / 1000)),
    render: async () => ({ text: await registry.metrics(), contentType: registry.contentType }),
  };
}
