import { reservationOwner } from '../allocation/identity.ts';
import { growing, type Inventory } from '../domain/inventory.ts';
import { opened } from '../domain/node-port.ts';
import type { ServiceRequest } from '../domain/request.ts';
import type { Service, ServiceRef } from '../domain/service.ts';
import type { Verdict } from '../domain/verdict.ts';
import type { Reservation, Reservations, World } from '../domain/world.ts';
import { admit } from './admit.ts';
import { decide, type Decision, type Door } from './decide.ts';
import type { Policy } from './policy.ts';

export interface Judged {
  /** As it was judged. */
  readonly request: ServiceRequest;
  readonly verdict: Verdict;
  readonly decision: Decision;
}

/** Several objects that are judged in order, each as if those that were taken in before it existed. */
export interface Batch {
  /** With what was taken in and forgotten so far. */
  readonly world: World;
  judge(request: ServiceRequest, now: Date): Judged;
  /** The same for a manifest, which cannot say what runs already: the Service keeps the ports that it holds. */
  judgeManifest(request: ServiceRequest, now: Date): Judged;
  /** The object exists from now on. */
  take(judged: Judged): void;
  forget(ref: ServiceRef): void;
}

/** What of a batch stays the same for all of its objects. */
export interface BatchContext {
  readonly policy: Policy;
  readonly world: World;
  readonly door: Door;
  /** All manifests that are going to be judged. */
  readonly manifests: readonly ServiceRequest[];
}

export function startBatch({ policy, world, door, manifests }: BatchContext): Batch {
  const { inventory, add, remove } = growing(world.inventory);
  const grown = { ...world, inventory, reservations: keepingWritten(world.reservations, manifests) };
  let taken = 0;
  const judge: Batch['judge'] = (request, now) => {
    const verdict = admit(request, policy, grown, now);
    return { request, verdict, decision: decide(verdict, door) };
  };
  return {
    world: grown,
    judge,
    judgeManifest: (request, now) => judge(keepingPorts(request, inventory), now),
    take({ request, verdict }) {
      taken += 1;
      add(named(verdict.service ?? request.service, taken));
    },
    forget: remove,
  };
}

/** Numbers that stand in a manifest come first: nobody is given one before, or told to take it, while there are others. */
function keepingWritten(reservations: Reservations, manifests: readonly ServiceRequest[]): Reservations {
  const written = new Map<number, Reservation>();
  for (const [order, { service, uid }] of manifests.entries()) {
    const owner = reservationOwner(service, uid);
    for (const { number } of opened(service)) {
      if (!written.has(number)) written.set(number, { number, owner, key: '', order });
    }
  }
  return written.size === 0
    ? reservations
    : { ...reservations, of: (number) => reservations.of(number) ?? written.get(number) };
}

function keepingPorts(request: ServiceRequest, inventory: Inventory): ServiceRequest {
  const { service } = request;
  return service.name === '' ? request : { ...request, heldAlready: inventory.portsOf(service) };
}

/** Two Services made from one generateName are two Services, although neither has its name yet. */
function named(service: Service, order: number): Service {
  return service.name === '' ? { ...service, name: `${service.generateName}#${order}` } : service;
}
