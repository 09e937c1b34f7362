import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Logger } from 'pino';
import { type Audit, auditSteps } from '../audit/audit.ts';
import { pause, USUAL_PACE } from '../cluster/pace.ts';
import { startRounds } from '../cluster/rounds.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { firstOf } from '../domain/text.ts';
import type { Policy } from '../engine/policy.ts';
import type { Audited, AuditState, FindingCount } from './audit-state.ts';
import { secondsSince } from './gate.ts';
import type { Metrics } from './metrics.ts';

/** A cluster as it was found, with one sentence about each kind of object that could not be. */
export interface Looked {
  readonly snapshot: Snapshot;
  readonly faults: readonly string[];
}

export interface AuditParts {
  /** Rejects, with a sentence, when not even the Services are known. */
  look(signal: AbortSignal): Promise<Looked>;
  policy(): Policy | undefined;
  now(): Date;
  /** From the end of one audit to the next, give or take a fifth: replicas must not list together. */
  readonly intervalMs: number;
  /** Each audit waits a random time of at most as long: replicas start together, and get a new policy together. */
  readonly spreadMs: number;
  readonly metrics: Metrics;
  readonly log: Logger;
}

export interface AuditLoop extends AuditState {
  /** Audits now, or right after the audit under way: for when the policy has changed. */
  again(): void;
  stop(): void;
}

/** After the first failure. */
const FIRST_PAUSE_MS = 10_000;
const MOST_LOGGED = 20;
/** Of a round: nothing but the interval, or a new policy, makes new work. */
const UNTIL_INTERVAL = Infinity;

/** Audits now and then, never twice at the same time; after failures sooner. Keeps no process alive. */
export function startAudits({ look, policy, now, intervalMs, spreadMs, metrics, log }: AuditParts): AuditLoop {
  const stopping = new AbortController();
  let isWaiting = false;
  let last: Audited | undefined;
  let remarks: readonly string[] = [];

  /** Says once what lasts for many rounds. */
  const remark = (lines: readonly string[], message: string): void => {
    if (lines.length > 0 && lines.join('\n') !== remarks.join('\n'))
      log.warn({ faults: firstOf(lines, MOST_LOGGED) }, message);
    remarks = lines;
  };
  const judge = async (snapshot: Snapshot, inForce: Policy, at: Date): Promise<Audit> => {
    try {
      return await inTurns(auditSteps(snapshot, inForce, at), stopping.signal);
    } catch (error) {
      if (stopping.signal.aborted) throw error;
      log.error({ err: error }, 'audit made the gate fail');
      throw new Error('a bug of the gate stopped it; report it, with the error in its log', { cause: error });
    }
  };
  const audit = async (): Promise<number> => {
    isWaiting = true;
    await pause(Math.random() * spreadMs, stopping.signal);
    isWaiting = false;
    const inForce = policy();
    if (inForce !== undefined && !stopping.signal.aborted) {
      const startedAt = performance.now();
      const at = now();
      const { snapshot, faults } = await look(stopping.signal);
      const { items, map } = await judge(snapshot, inForce, at);
      last = { at, map, findings: countsOf(items) };
      const seconds = secondsSince(startedAt);
      metrics.countAudit(faults.length === 0 ? 'complete' : 'partial', seconds);
      log.info(
        { policy: inForce.hash, services: snapshot.services.length, durationMs: Math.round(seconds * 1e3) },
        'audited',
      );
      remark(faults, 'audit incomplete');
    }
    return UNTIL_INTERVAL;
  };
  const fail = (message: string): void => {
    metrics.countAudit('failed');
    remark([`the last audit failed: ${message}`], 'audit failed; the findings of the one before stay');
  };
  const pace = { ...USUAL_PACE, firstPauseMs: FIRST_PAUSE_MS, longestPauseMs: intervalMs };
  const rounds = startRounds(audit, fail, pace, intervalMs);
  return {
    last: () => last,
    remarks: () => remarks,
    again: () => {
      // One that waits for its turn will read the new policy itself.
      if (!isWaiting) rounds.kick();
    },
    stop: () => {
      rounds.stop();
      stopping.abort();
    },
  };
}

/** Reviews that come meanwhile wait for one step, not for all of them. Rejects when it is stopped between two. */
async function inTurns(steps: Generator<undefined, Audit, undefined>, signal: AbortSignal): Promise<Audit> {
  for (;;) {
    signal.throwIfAborted();
    const step = steps.next();
    if (step.done === true) return step.value;
    await nextTurn();
  }
}

function countsOf(items: Audit['items']): readonly FindingCount[] {
  const findings = items.flatMap(({ verdict }) => verdict.findings);
  const groups = Map.groupBy(findings, ({ rule, enforcement }) => `${rule} ${enforcement}`);
  return [...groups.values()].flatMap((alike) => {
    const [first] = alike;
    return first === undefined ? [] : [{ rule: first.rule, enforcement: first.enforcement, count: alike.length }];
  });
}
