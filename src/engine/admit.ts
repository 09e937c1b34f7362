import { entitledPools } from '../allocation/entitlement.ts';
import { type Entitlement, poolOf } from '../domain/pool.ts';
import type { ServiceRequest } from '../domain/request.ts';
import type { Assignment, Verdict } from '../domain/verdict.ts';
import type { World } from '../domain/world.ts';
import type { NumberView, Scene } from '../rules/scene.ts';
import type { Evaluation } from './collect.ts';
import { evaluate } from './evaluate.ts';
import { type AppliedRule, rulesFor } from './matching.ts';
import type { Policy } from './policy.ts';
import { type Proposal, propose, reservationKey } from './propose.ts';
import { makeScene } from './scene.ts';

/**
 * The verdict on one Service: propose, apply, evaluate. Every door calls this and nothing else. Pure: the same request,
 * policy, world and time give the same verdict; nothing is remembered, logged or counted here.
 */
export function admit(request: ServiceRequest, policy: Policy, world: World, now: Date): Verdict {
  const namespaceLabels = world.labelsOf(request.service.namespace);
  const { rules, isMatched } = rulesFor(policy.policies, request, namespaceLabels);
  if (rules.length === 0 && !isMatched) return untouched(UNMATCHED);

  const { proposal, scene } = prepare(request, rules, policy, world);
  const evaluation = evaluate({ scene, rules, policy, world, now, origin: request.origin });
  if (!isMatched) return unmatched(evaluation, proposal);
  return {
    judged: true,
    ...evaluation,
    assigned: assignmentsOf(proposal, policy),
    changes: proposal.changes,
    service: proposal.service,
  };
}

/** What is judged, and how it came about. */
export interface Prepared {
  readonly entitlement: Entitlement;
  /** Whether every rule that looks at numbers would permit this one. */
  isPermitted(number: number): boolean;
  readonly proposal: Proposal;
  readonly scene: Scene;
}

/** Proposes and applies: what is left to do is to evaluate. */
export function prepare(
  request: ServiceRequest,
  rules: readonly AppliedRule[],
  policy: Policy,
  world: World,
): Prepared {
  const { service, oldService } = request;
  const entitlement = entitledPools(service, policy.pools, world.labelsOf(service.namespace));
  const isPermitted = permission(rules, { pools: entitlement, clusterPorts: policy.clusterPorts });
  const proposal = propose(request, { rules, entitlement, isPermitted, world });
  const scene = makeScene({
    service: proposal.service,
    written: service.raw,
    oldService,
    ports: proposal.ports,
    unassigned: proposal.unassigned,
    entitlement,
    isPermitted,
    policy,
    world,
  });
  return { entitlement, isPermitted, proposal, scene };
}

const UNMATCHED = 'no policy matches it';

/** Where only absolute rules were asked: what they found counts, but nothing is assigned. */
function unmatched(evaluation: Evaluation, { service }: Proposal): Verdict {
  if (evaluation.findings.length === 0) return untouched(UNMATCHED);
  return { judged: true, ...evaluation, assigned: [], changes: [], service };
}

/** Whether every rule that looks at numbers would permit one. */
function permission(rules: readonly AppliedRule[], view: NumberView): (number: number) => boolean {
  const permits = rules.flatMap(({ rule }) => rule.permits ?? []);
  return (number) => permits.every((permit) => permit(number, view));
}

/** The verdict on what the gate leaves alone: allowed, without a word. */
export function untouched(because: string): Verdict {
  return {
    judged: false,
    untouchedBecause: because,
    findings: [],
    undetermined: [],
    assigned: [],
    changes: [],
    notices: [],
    service: undefined,
  };
}

function assignmentsOf({ service, ports }: Proposal, { pools }: Policy): readonly Assignment[] {
  return ports.map((port) => ({
    port: port.label,
    protocol: port.protocol,
    nodePort: port.number,
    pool: poolOf(pools, port.number)?.name,
    because: port.because,
    path: port.path,
    key: reservationKey(service, port),
  }));
}
