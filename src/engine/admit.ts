import { entitledPools } from '../allocation/entitlement.ts';
import { poolOf } from '../domain/pool.ts';
import type { ServiceRequest } from '../domain/request.ts';
import type { Assignment, Verdict } from '../domain/verdict.ts';
import type { World } from '../domain/world.ts';
import { evaluate } from './evaluate.ts';
import { matchingPolicies } from './matching.ts';
import type { Policy } from './policy.ts';
import { type Proposal, propose, reservationKey } from './propose.ts';
import { makeScene } from './scene.ts';

/**
 * The verdict on one Service: propose, apply, evaluate. Every door calls this and nothing else. Pure: the same request,
 * policy, world and time give the same verdict; nothing is remembered, logged or counted here.
 */
export function admit(request: ServiceRequest, policy: Policy, world: World, now: Date): Verdict {
  const { service, oldService } = request;
  const namespaceLabels = world.labelsOf(service.namespace);
  const policies = matchingPolicies(policy.policies, request, namespaceLabels);
  if (policies.matching.length === 0 && policies.undetermined.length === 0) return untouched('no policy matches it');

  const entitlement = entitledPools(service, policy.pools, namespaceLabels);
  const rules = policies.matching.flatMap((matching) => matching.rules);
  const proposal = propose(request, rules, entitlement, world);
  const scene = makeScene({
    service: proposal.service,
    oldService,
    ports: proposal.ports,
    unassigned: proposal.unassigned,
    entitlement,
    policy,
    world,
  });
  return {
    judged: true,
    ...evaluate({ scene, policies, policy, world, now }),
    assigned: assignmentsOf(proposal, policy),
    changes: proposal.changes,
    service: proposal.service,
  };
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
