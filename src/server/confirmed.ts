import type { ServiceRequest } from '../domain/request.ts';
import { formatRef, sameRef, type ServiceRef } from '../domain/service.ts';
import type { Verdict } from '../domain/verdict.ts';
import type { World } from '../domain/world.ts';
import { admit } from '../engine/admit.ts';
import { decide, type Door } from '../engine/decide.ts';
import type { Policy } from '../engine/policy.ts';
import { RequestFault } from './fault.ts';
import { type Gate, worldOf } from './gate.ts';

/** One request, with the policy, door and time that hold until it is answered. */
export interface Asked {
  readonly request: ServiceRequest;
  readonly policy: Policy;
  readonly door: Door;
  readonly now: Date;
}

/** The API server waits while the holders are asked about, so it is about a few. */
const MOST_HOLDERS = 10;

/**
 * The verdict, at once where it is an allowance. Before it denies for a holder, or where nobody has heard of the namespace
 * yet, the API server is asked once: what the gate knows of the cluster is a moment old.
 */
export function admitConfirmed(gate: Gate, asked: Asked): Verdict | Promise<Verdict> {
  const world = worldOf(gate, asked.now);
  const { namespace } = asked.request.service;
  if (asked.policy.readsNamespaceLabels && world.labelsOf(namespace) === undefined) {
    return gate.cluster.fetchLabels(namespace).then((labels) => {
      const labelsOf: World['labelsOf'] = (name) => (name === namespace ? labels : world.labelsOf(name));
      return confirmed(gate, asked, { ...worldOf(gate, asked.now), labelsOf });
    });
  }
  return confirmed(gate, asked, world);
}

function confirmed(gate: Gate, asked: Asked, world: World): Verdict | Promise<Verdict> {
  const verdict = admitLogged(gate, asked, world);
  const holders = holdersInTheWay(verdict, asked.door, world);
  if (holders.length === 0) return verdict;
  return gate.cluster
    .confirm(holders)
    .then((inventory) => (inventory === world.inventory ? verdict : admitLogged(gate, asked, { ...world, inventory })));
}

/** The Services, at most ten, because of which the verdict denies at this door. */
export function holdersInTheWay(verdict: Verdict, door: Door, { inventory }: World): readonly ServiceRef[] {
  const { service } = verdict;
  const refs = new Map<string, ServiceRef>();
  for (const { holder, port } of decide(verdict, door).denials) {
    if (holder === undefined || port === undefined) continue;
    for (const { namespace, name } of inventory.holdersOf(port.number)) {
      const ref = { namespace, name };
      if (service === undefined || !sameRef(ref, service)) refs.set(formatRef(ref), ref);
    }
  }
  return [...refs.values()].slice(0, MOST_HOLDERS);
}

/** A failure in here is a mistake of the gate, never a verdict; the log tells which review showed it. */
function admitLogged(gate: Gate, { request, policy, now }: Asked, world: World): Verdict {
  try {
    return admit(request, policy, world, now);
  } catch (error) {
    gate.log.error({ err: error, uid: request.uid }, 'admit failed');
    throw new RequestFault(500, 'internal', 'the gate failed unexpectedly; its log has the details under the uid');
  }
}
