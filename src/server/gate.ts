import { performance } from 'node:perf_hooks';
import type { Logger } from 'pino';
import type { ClusterView } from '../cluster/cluster-view.ts';
import { UNKNOWN_REACH } from '../domain/reach.ts';
import { NO_WORKLOADS } from '../domain/workload.ts';
import type { World } from '../domain/world.ts';
import type { Policy } from '../engine/policy.ts';
import type { Audited, AuditState } from './audit-state.ts';
import type { Metrics } from './metrics.ts';
import type { ReservationBook } from './reservations.ts';
import { squatterRemarks } from './squatters.ts';

/** The policy in force, which may be replaced as a whole at any moment. */
export interface PolicyState {
  /** undefined while no valid documents have been read. */
  policy(): Policy | undefined;
  /** Why the newest documents are not in force; empty when they are. */
  problems(): readonly string[];
}

/** The server certificate, as far as the doors care. */
export interface CertificateState {
  /** undefined while there is none. */
  expiresAt(): Date | undefined;
  /** Why there is none to serve, or why the newest one is not served, or that it ends soon; empty when all is well. */
  problems(): readonly string[];
}

/**
 * What every door of one gate shares. Policy and inventory are values that may be replaced as a whole, so a door reads each
 * of them once per request.
 */
export interface Gate {
  policy(): Policy | undefined;
  readonly cluster: ClusterView;
  readonly reservations: ReservationBook;
  /** What the last audit that succeeded found; undefined: there was none. */
  audited(): Audited | undefined;
  /** The HTML of the page. */
  page(): Promise<string>;
  now(): Date;
  /** Why the gate must not get requests now; empty when it is ready. */
  notReady(): readonly string[];
  /** What the operator should look at although the gate is ready: documents or certificates that were not taken. */
  remarks(): readonly string[];
  /** All listeners are open. */
  finishStarting(): void;
  /** From now on it is not ready, because it is about to stop. */
  startDraining(): void;
  readonly isDraining: boolean;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/** The world as it is at this moment. */
export function worldOf(gate: Gate, now: Date): World {
  return {
    inventory: gate.cluster.inventory(),
    labelsOf: gate.cluster.labelsOf,
    reservations: gate.reservations.view(now.getTime()),
    workloads: NO_WORKLOADS,
    reach: UNKNOWN_REACH,
  };
}

/** Seconds since `startedAt`, a reading of the monotonic clock. */
export function secondsSince(startedAt: number): number {
  return (performance.now() - startedAt) / 1000;
}

/** What a gate is made of. */
export interface GateParts {
  readonly policy: PolicyState;
  readonly cluster: ClusterView;
  readonly certificate: CertificateState;
  readonly reservations: ReservationBook;
  readonly audit: AuditState;
  page(): Promise<string>;
  now(): Date;
  readonly metrics: Metrics;
  readonly log: Logger;
}

type Phase = 'starting' | 'serving' | 'draining';

const PHASE_REASONS: Readonly<Record<Phase, readonly string[]>> = {
  starting: ['starting'],
  serving: [],
  draining: ['shutting down'],
};

export function makeGate(parts: GateParts): Gate {
  const { policy, cluster, certificate, reservations, audit, page, now, metrics, log } = parts;
  let phase: Phase = 'starting';
  const hasEnded = (): boolean => (certificate.expiresAt()?.getTime() ?? 0) <= now().getTime();
  const gate: Gate = {
    policy: policy.policy,
    cluster,
    reservations,
    audited: audit.last,
    page,
    now,
    notReady: () => [
      ...PHASE_REASONS[phase],
      ...(policy.policy() === undefined ? policy.problems() : []),
      ...(hasEnded() ? ['there is no certificate that is valid now', ...certificate.problems()] : []),
      ...cluster.notReady(),
    ],
    remarks: () => [
      ...(policy.policy() === undefined ? [] : policy.problems()),
      ...(hasEnded() ? [] : certificate.problems()),
      ...cluster.remarks(),
      ...squatterRemarks(cluster.inventory(), policy.policy()?.clusterPorts),
      ...audit.remarks(),
    ],
    finishStarting: () => {
      if (phase === 'starting') phase = 'serving';
    },
    startDraining: () => {
      phase = 'draining';
    },
    get isDraining() {
      return phase === 'draining';
    },
    metrics,
    log,
  };
  const { expiresAt: certificateEnd } = certificate;
  metrics.follow({
    notReady: gate.notReady,
    policy: gate.policy,
    inventory: cluster.inventory,
    audited: audit.last,
    certificateEnd,
  });
  return gate;
}
