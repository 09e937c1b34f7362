import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Enforcement } from '../domain/finding.ts';
import type { Door } from '../engine/decide.ts';
import { followState, type ObservedState } from './state-metrics.ts';

/** What became of one request. */
export type Outcome = 'allow' | 'warn' | 'deny' | 'mutate' | 'untouched';

export interface Measured {
  readonly door: Door;
  readonly operation: string;
  readonly outcome: Outcome;
  readonly dryRun: boolean;
  readonly seconds: number;
}

/** What became of new policy documents. */
export type ReloadResult = 'loaded' | 'failed';

/** What became of an audit; `partial`: some kinds of objects could not be listed. */
export const AUDIT_RESULTS = ['complete', 'partial', 'failed'] as const;
export type AuditResult = (typeof AUDIT_RESULTS)[number];

/** Counts at the doors; the engine never counts. */
export interface Metrics {
  measure(request: Measured): void;
  /** One finding that an API server was told of, with the enforcement that held. */
  countViolation(rule: string, mode: Enforcement): void;
  countReload(result: ReloadResult, at: Date): void;
  /** The API server was heard of: an event, a bookmark, a list. `resource`: `services`. */
  setLastContact(resource: string, at: Date): void;
  countInformerRestart(resource: string, reason: string): void;
  /** `seconds`: of one that came to an end. */
  countAudit(result: AuditResult, seconds?: number): void;
  countFault(code: string): void;
  /** A line of the log was lost, because its reader is too slow. */
  countDroppedLogLine(): void;
  /** What is read at each scrape. */
  follow(state: ObservedState): void;
  /** The Prometheus text format with its content type. */
  render(): Promise<{ readonly text: string; readonly contentType: string }>;
}

/** An audit lists the cluster and takes its time. */
const AUDIT_BUCKETS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];
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
  const violations = new Counter({
    name: 'nodeport_gate_rule_violations_total',
    help: 'Findings on requests of the API server that were not dry runs, by rule and enforcement.',
    labelNames: ['rule', 'mode'],
    registers,
  });
  const reloads = new Counter({
    name: 'nodeport_gate_policy_reload_total',
    help: 'New policy documents, by what became of them: loaded, or failed and the last good ones kept.',
    labelNames: ['result'],
    registers,
  });
  // An alert on an increase sees the first failure only if there was a zero before it.
  for (const result of ['loaded', 'failed']) reloads.inc({ result }, 0);
  const lastReload = new Gauge({
    name: 'nodeport_gate_policy_last_reload_success_timestamp_seconds',
    help: 'When policy documents were taken last, Unix time.',
    registers,
  });
  const audits = new Counter({
    name: 'nodeport_gate_audit_runs_total',
    help: 'Audits of what runs, by what became of them: complete, partial (some objects may not be listed), failed.',
    labelNames: ['result'],
    registers,
  });
  for (const result of AUDIT_RESULTS) audits.inc({ result }, 0);
  const auditDuration = new Histogram({
    name: 'nodeport_gate_audit_duration_seconds',
    help: 'Time that an audit took, lists included.',
    buckets: AUDIT_BUCKETS,
    registers,
  });
  const lastContact = new Gauge({
    name: 'nodeport_gate_informer_last_event_timestamp_seconds',
    help: 'When the API server was last heard of by the watch of a resource, Unix time.',
    labelNames: ['resource'],
    registers,
  });
  const restarts = new Counter({
    name: 'nodeport_gate_informer_restarts_total',
    help: 'Watches that ended otherwise than planned, by resource and reason.',
    labelNames: ['resource', 'reason'],
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
    countAudit: (result, seconds) => {
      audits.inc({ result });
      if (seconds !== undefined) auditDuration.observe(seconds);
    },
    countFault: (code) => faults.inc({ code }),
    countDroppedLogLine: () => droppedLines.inc(),
    countViolation: (rule, mode) => violations.inc({ rule, mode }),
    countReload: (result, at) => {
      reloads.inc({ result });
      if (result === 'loaded') lastReload.set(unixSeconds(at));
    },
    setLastContact: (resource, at) => lastContact.set({ resource }, unixSeconds(at)),
    countInformerRestart: (resource, reason) => restarts.inc({ resource, reason }),
    follow: (state) => followState(registry, state),
    render: async () => ({ text: await registry.metrics(), contentType: registry.contentType }),
  };
}

function unixSeconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
