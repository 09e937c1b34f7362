import { type Availability, choose } from '../allocation/choose.ts';
import { groupKey, healthCheckKey } from '../allocation/identity.ts';
import type { Inventory } from '../domain/inventory.ts';
import type { Pool } from '../domain/pool.ts';
import { sameRef, type Service, type ServicePort } from '../domain/service.ts';
import { HEALTH_CHECK } from '../domain/service-change.ts';
import { compareText } from '../domain/text.ts';
import type { Because } from '../domain/verdict.ts';
import type { Reservations } from '../domain/world.ts';
import { allocatesNodePorts, needsHealthCheckNodePort } from './api-server.ts';

/** Where missing numbers come from. */
export interface Supply {
  readonly pool: Pool | undefined;
  readonly inventory: Inventory;
  readonly reservations: Reservations;
  /** Whose reservations are this Service's own. */
  readonly owner: string;
  /** Whether the rules would let the Service have the number. */
  isPermitted(number: number): boolean;
  /** The numbers that the Service opens already. */
  readonly running: ReadonlySet<number>;
}

/** What a slot without a number gets. */
export type Placement =
  | { readonly number: number; readonly because: Because }
  | { readonly number: 0; readonly why: 'exhausted' | 'not-assigned' };

/**
 * Added to the order of a number that another Service carries without opening it: above that of every reservation, since
 * the API server refuses to allocate such a number for as long as it is carried.
 */
const SQUATTED = 2 ** 52;

/** Ports that must get one number together. */
interface Group {
  readonly key: string;
  readonly slots: readonly number[];
}

/**
 * A number for every slot that will be open and has none: the one that is `settled` for it, the one its sibling of the
 * same `port` number has (as the API server does on CREATE), or the pool's choice for its key. Groups choose in the order
 * of their keys, so the order of `spec.ports` does not matter.
 */
export function placeMissing(
  service: Service,
  settled: ReadonlyMap<number, Placement>,
  supply: Supply,
): ReadonlyMap<number, Placement> {
  const placed = new Map(settled);
  const groups = allocatesNodePorts(service) ? groupsWithout(service, placed, supply) : [];
  if (needsHealthCheckNodePort(service) && service.healthCheckNodePort === 0 && !placed.has(HEALTH_CHECK)) {
    groups.push({ key: healthCheckKey(service), slots: [HEALTH_CHECK] });
  }
  if (groups.length === 0) return placed;

  chooseInTurn(groups.sort(byKey), service, placed, supply);
  return placed;
}

function chooseInTurn(
  groups: readonly Group[],
  service: Service,
  placed: Map<number, Placement>,
  supply: Supply,
): void {
  const used = new Set([...service.ports.map(({ nodePort }) => nodePort), service.healthCheckNodePort]);
  for (const { number } of placed.values()) used.add(number);
  const available = availability(service, used, supply);
  let last: Placement | undefined;
  for (const { key, slots } of groups) {
    // A pool that gave nothing to one key gives nothing to the next, and asking costs a walk through it.
    const placement: Placement = last?.number === 0 ? last : fromPool(key, available, supply);
    last = placement;
    used.add(placement.number);
    for (const slot of slots) placed.set(slot, placement);
  }
}

/** The groups that have to choose; a port whose sibling has a number is placed with it. */
function groupsWithout(service: Service, placed: Map<number, Placement>, { isPermitted, running }: Supply): Group[] {
  const numbers = new Map<number, Placement>();
  for (const port of service.ports) {
    const placement = placed.get(port.index) ?? written(port, running);
    if (placement !== undefined && !numbers.has(port.port)) numbers.set(port.port, placement);
  }
  const missing = service.ports.filter(({ index, nodePort }) => nodePort === 0 && !placed.has(index));
  const alone: ServicePort[] = [];
  for (const port of missing) {
    const shared = numbers.get(port.port);
    // The API server shares on CREATE only; a new port must not inherit what was forgiven to a running one.
    if (shared === undefined || !isPermitted(shared.number)) alone.push(port);
    else placed.set(port.index, shared);
  }
  return [...Map.groupBy(alone, ({ port }) => port).values()].map((siblings) => ({
    key: groupKey(service, siblings),
    slots: siblings.map(({ index }) => index),
  }));
}

function written({ nodePort }: ServicePort, running: ReadonlySet<number>): Placement | undefined {
  return nodePort === 0 ? undefined : { number: nodePort, because: running.has(nodePort) ? 'kept' : 'explicit' };
}

function fromPool(key: string, available: Availability, supply: Supply): Placement {
  const { pool, inventory, reservations, owner } = supply;
  if (pool === undefined) return { number: 0, why: 'not-assigned' };
  const wanted = choose(key, pool.assignable.numbers, available);
  const remembered = reservations.find(owner, key)?.number;
  if (
    remembered !== undefined &&
    remembered !== wanted &&
    pool.assignable.has(remembered) &&
    !available.isTaken(remembered) &&
    available.lastResortOrder(remembered) === undefined
  ) {
    return { number: remembered, because: 'reservation' };
  }
  if (wanted === undefined) return { number: 0, why: 'exhausted' };
  return { number: wanted, because: inventory.complete ? 'hash' : 'hash, inventory incomplete' };
}

/** What stands between a Service and a number; a Service never stands in its own way. */
export function availability(
  service: Service,
  used: ReadonlySet<number>,
  { inventory, reservations, owner, isPermitted }: Omit<Supply, 'pool' | 'running'>,
): Availability {
  // Taken out once: it is asked for every number of the pool, and looking it up on an object with getters costs more than the answer.
  const { isHeld } = inventory;
  const own = new Set(inventory.portsOf(service).map(({ nodePort }) => nodePort));
  const isHeldByOther = (port: number): boolean =>
    !own.has(port) || inventory.holdersOf(port).some((holder) => !sameRef(holder, service));
  const isSquatted = (port: number): boolean =>
    inventory.squattersOf(port).some((squatter) => !sameRef(squatter, service));
  return {
    isTaken: (port) => (isHeld(port) && isHeldByOther(port)) || used.has(port) || !isPermitted(port),
    // The reservation that was made first is the least likely to be still on its way.
    lastResortOrder: (port) => {
      const reservation = reservations.of(port);
      const order = reservation === undefined || reservation.owner === owner ? undefined : reservation.order;
      return isSquatted(port) ? SQUATTED + (order ?? 0) : order;
    },
  };
}

function byKey(a: Group, b: Group): number {
  return compareText(a.key, b.key);
}
