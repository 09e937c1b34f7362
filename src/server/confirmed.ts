import type { ServiceRequest } from '../domain/request.ts';
import { formatRef, type ServiceRef } from '../domain/service.ts';
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

/** The API server waits while the gate asks it, so it is asked about a few. */
const MOST_ASKED = 10;

/**
 * The verdict, at once wherever nothing speaks against it. What the gate knows of the cluster is a moment old, so the API
 * server is asked once more before a denial because of other Services, about a namespace that nobody has heard of yet, and
 * about a Service that is to be created although the inventory has one of that name.
 */
export function admitConfirmed(gate: Gate, asked: Asked): Verdict | Promise<Verdict> {
  const world = worldOf(gate, asked.now);
  const needsLabels =
    asked.policy.readsNamespaceLabels && world.labelsOf(asked.request.service.namespace) === undefined;
  const seemsThere = isCreatedAgain(asked.request, world);
  return needsLabels || seemsThere ? prepared(gate, asked, { needsLabels, seemsThere }) : confirmed(gate, asked, world);
}

async function prepared(
  gate: Gate,
  asked: Asked,
  { needsLabels, seemsThere }: { readonly needsLabels: boolean; readonly seemsThere: boolean },
): Promise<Verdict> {
  const { service } = asked.request;
  const [labels, isThere] = await Promise.all([
    needsLabels ? gate.cluster.fetchLabels(service.namespace) : undefined,
    seemsThere && isStillThere(gate, service),
  ]);
  const world = worldOf(gate, asked.now);
  const labelsOf: World['labelsOf'] = (name) =>
    (name === service.namespace ? labels : undefined) ?? world.labelsOf(name);
  const request = isThere ? { ...asked.request, nameTaken: true as const } : asked.request;
  return confirmed(gate, { ...asked, request }, { ...world, labelsOf });
}

/** Without an answer it counts as gone: a Service that is made again must get the numbers that it had. */
async function isStillThere({ cluster }: Gate, service: ServiceRef): Promise<boolean> {
  const { inventory, unanswered } = await cluster.confirm([service]);
  return unanswered.length === 0 && inventory.portsOf(service).length > 0;
}

/** Either it was deleted a moment ago, or the API server will refuse it for its name, but only after its numbers. */
function isCreatedAgain({ operation, stage, service }: ServiceRequest, { inventory }: World): boolean {
  return operation === 'CREATE' && stage === 'proposed' && inventory.portsOf(service).length > 0;
}

function confirmed(gate: Gate, asked: Asked, world: World): Verdict | Promise<Verdict> {
  const verdict = admitLogged(gate, asked, world);
  const others = othersInTheWay(verdict, asked.door);
  if (others.length === 0) return verdict;
  return gate.cluster
    .confirm(others)
    .then(({ inventory }) =>
      inventory === world.inventory ? verdict : admitLogged(gate, asked, { ...world, inventory }),
    );
}

/** The other Services, at most ten, because of which the verdict denies at this door. */
export function othersInTheWay(verdict: Verdict, door: Door): readonly ServiceRef[] {
  const refs = new Map<string, ServiceRef>();
  for (const { namespace, name } of decide(verdict, door).denials.flatMap(({ dependsOn = [] }) => dependsOn)) {
    refs.set(formatRef({ namespace, name }), { namespace, name });
  }
  const { service } = verdict;
  if (service !== undefined) refs.delete(formatRef(service));
  return [...refs.values()].slice(0, MOST_ASKED);
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
