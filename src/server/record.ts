import { firstOf } from '../domain/text.ts';
import type { Verdict } from '../domain/verdict.ts';
import type { Decision, Door } from '../engine/decide.ts';
import type { ReviewFacts } from '../wire/admission-review.ts';
import { assignedOf, logDecision, loggedName, MOST_ASSIGNED, rulesOf } from './decision-log.ts';
import type { Gate } from './gate.ts';
import type { Metrics, Outcome } from './metrics.ts';

/** One decision, as it goes into the log and the metrics. */
export interface Recorded extends Omit<ReviewFacts, 'objectType'> {
  readonly door: Door;
  readonly outcome: Outcome;
  /** undefined when no rule was asked. */
  readonly verdict: Verdict | undefined;
  /** Empty when the policy was not asked. */
  readonly policyHash: string;
  readonly seconds: number;
}

/** The one place where decisions are counted and logged. */
export function record({ metrics, log }: Gate, recorded: Recorded): void {
  const { uid, operation, namespace, name, user, dryRun, door, outcome, verdict, policyHash, seconds } = recorded;
  metrics.measure({ door, operation, outcome, dryRun, seconds });
  if (verdict !== undefined && !dryRun) countViolations(metrics, door, outcome, verdict);
  logDecision(log, {
    uid: loggedName(uid),
    operation: loggedName(operation),
    namespace: loggedName(namespace),
    name: loggedName(name),
    user: loggedName(user),
    dryRun,
    door,
    decision: outcome,
    rules: verdict === undefined ? [] : rulesOf([...verdict.findings, ...verdict.undetermined]),
    assigned: firstOf(assignedOf(verdict?.assigned ?? []), MOST_ASSIGNED),
    policy: policyHash,
    durationMs: Math.round(seconds * 1e6) / 1e3,
  });
}

/** Each finding once for each request that an API server made: by `/validate`, or by `/mutate` when it ends the request. */
function countViolations({ countViolation }: Metrics, door: Door, outcome: Outcome, { findings }: Verdict): void {
  if (door !== 'validate' && !(door === 'mutate' && outcome === 'deny')) return;
  for (const { rule, enforcement } of findings) countViolation(rule, enforcement);
}

/** `isMutated`: the answer carries a patch. */
export function outcomeOf({ judged }: Verdict, { allowed, warnings }: Decision, isMutated: boolean): Outcome {
  if (!judged) return 'untouched';
  if (!allowed) return 'deny';
  if (isMutated) return 'mutate';
  return warnings.length > 0 ? 'warn' : 'allow';
}
