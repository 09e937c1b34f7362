import { pino, type Logger } from 'pino';
import { type ClusterView, fixedView } from '../../src/cluster/cluster-view.ts';
import { type Inventory, inventoryOf } from '../../src/domain/inventory.ts';
import type { Labels } from '../../src/domain/selection.ts';
import type { Policy } from '../../src/engine/policy.ts';
import { type AuditState, NO_AUDITS } from '../../src/server/audit-state.ts';
import { type Gate, type GateParts, makeGate } from '../../src/server/gate.ts';
import { makeMetrics, type Metrics } from '../../src/server/metrics.ts';
import { makeReservations, RESERVATION_MS } from '../../src/server/reservations.ts';
import { NOW } from './now.ts';

export interface GateFacts {
  readonly policy: Policy | undefined;
  readonly policyProblems?: readonly string[];
  readonly inventory?: Inventory;
  readonly labels?: ReadonlyMap<string, Labels>;
  /** In place of inventory and labels. */
  readonly cluster?: ClusterView;
  readonly certificateEnd?: Date | undefined;
  readonly certificateProblems?: readonly string[];
  readonly audit?: AuditState;
  readonly page?: () => Promise<string>;
  readonly now?: () => Date;
  readonly metrics?: Metrics;
  readonly log?: Logger;
}

/** As much of a page as the server looks at. */
export const PAGE = `<!doctype html>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'">
<title>the page</title>
`;

/** A policy and a certificate that never change. */
export function gateParts(facts: GateFacts): GateParts {
  const { policy, policyProblems = [], inventory = inventoryOf([]), labels = new Map(), now = () => NOW } = facts;
  const end = 'certificateEnd' in facts ? facts.certificateEnd : new Date(now().getTime() + 365 * 86_400_000);
  return {
    policy: { policy: () => policy, problems: () => policyProblems },
    cluster: facts.cluster ?? fixedView(inventory, labels),
    certificate: { expiresAt: () => end, problems: () => facts.certificateProblems ?? [] },
    reservations: makeReservations(RESERVATION_MS),
    ...sinksOf(facts),
    now,
  };
}

function sinksOf({
  audit = NO_AUDITS,
  page = () => Promise.resolve(PAGE),
  metrics = makeMetrics('test'),
  log = pino({ enabled: false }),
}: GateFacts): Pick<GateParts, 'audit' | 'page' | 'metrics' | 'log'> {
  return { audit, page, metrics, log };
}

/** A gate that has finished starting. */
export function openGate(facts: GateFacts): Gate {
  const gate = makeGate(gateParts(facts));
  gate.finishStarting();
  return gate;
}
