import { generatedOwnerPrefix, keyName, portKey, reservationOwner } from '../allocation/identity.ts';
import type { Change } from '../domain/patch.ts';
import type { Entitlement } from '../domain/pool.ts';
import { carried, opened } from '../domain/node-port.ts';
import type { ServiceRequest } from '../domain/request.ts';
import { HEALTH_CHECK_PORT_NAME, portLabel, type Service } from '../domain/service.ts';
import { changed, HEALTH_CHECK, nodePortChange } from '../domain/service-change.ts';
import type { Because } from '../domain/verdict.ts';
import type { World } from '../domain/world.ts';
import type { ScenePort, UnassignedPort } from '../rules/scene.ts';
import {
  allocatesNodePorts,
  dropsHealthCheckNodePort,
  dropsNodePorts,
  needsHealthCheckNodePort,
  refilledHealthCheckNodePort,
  refilledNodePorts,
} from './api-server.ts';
import { keptNumbers } from './kept.ts';
import type { AppliedRule } from './matching.ts';
import { type Placement, placeMissing } from './place.ts';

/** The Service as it will be, and what the gate does to make it so. */
export interface Proposal {
  /** After the gate's changes, and after what the API server itself fills in and drops. */
  readonly service: Service;
  readonly changes: readonly Change[];
  readonly ports: readonly ScenePort[];
  readonly unassigned: readonly UnassignedPort[];
}

/** What a proposal depends on besides the request. */
export interface Situation {
  readonly rules: readonly AppliedRule[];
  readonly entitlement: Entitlement;
  /** Whether the rules would let the Service have the number. */
  isPermitted(number: number): boolean;
  readonly world: World;
}

/** A number in the object that nobody is known to have written: not the author, not the past. */
interface Doubtful {
  readonly slot: number;
  readonly number: number;
}

/**
 * First what rules may set, then numbers for the ports that have none. Nothing that the author wrote and nothing that
 * runs is ever renumbered. A `final` object is not changed; numbers that a dry run makes up (`32769`) count as missing.
 */
export function propose(request: ServiceRequest, situation: Situation): Proposal {
  const { oldService } = request;
  const isFinal = request.stage === 'final' || request.statusOnly;
  const settings = isFinal || request.operation !== 'CREATE' ? [] : settingsOf(request.service, situation.rules);
  const service = changed(request.service, settings);
  const numbering = numberPorts({ ...request, service }, isFinal, situation);
  const { bare, placed } = numbering;
  const numbers = [...placed].filter(([, { number }]) => number !== 0);
  const filled = changed(
    bare,
    numbers.map(([slot, { number }]) => nodePortChange(slot, number)),
  );
  const stored = isFinal || oldService === undefined ? filled : dropped(filled, oldService);
  return {
    service: stored,
    changes: isFinal ? [] : [...settings, ...assignments(service, oldService, numbers)],
    ports: scenePorts(stored, request, numbering),
    unassigned: unassignedPorts(stored, placed, situation.entitlement),
  };
}

interface Numbering {
  /** The Service without the numbers that nobody is known to have written. */
  readonly bare: Service;
  /** What each slot gets that has no number in `bare`. */
  readonly placed: ReadonlyMap<number, Placement>;
  /** The slots with a number that the API server picked, and what the gate would have assigned; 0 if nothing. */
  readonly picked: ReadonlyMap<number, number>;
}

/**
 * Numbers for the slots that have none. A doubtful number is compared with what the gate would assign: equal means that
 * it is the gate's own, from the first round of a reinvocation or from `/mutate`. Otherwise it stays as it is, except for
 * the dummies of a dry run.
 */
function numberPorts(request: ServiceRequest, isFinal: boolean, situation: Situation): Numbering {
  const { service, oldService, uid } = request;
  const { entitlement, isPermitted, world } = situation;
  const doubtful = doubtfulNumbers(service, oldService);
  const bare = changed(
    service,
    doubtful.map(({ slot }) => nodePortChange(slot, 0)),
  );
  const supply = {
    ...world,
    isPermitted,
    // The API server allocates before it looks at the name: what is refused for its name must not ask for a held number.
    pool: request.nameTaken === true ? undefined : entitlement.assigning,
    owner: reservationOwner(service, uid),
    running: numbersOpenedBy(oldService),
  };
  const kept = new Map<number, Placement>();
  for (const [slot, number] of keptNumbers(bare, request)) kept.set(slot, { number, because: 'kept' });
  const wanted = placeMissing(bare, kept, supply);
  const picked = new Map<number, number>();
  if (doubtful.length === 0 || (isFinal && request.dryRun)) return { bare, placed: wanted, picked };

  // What stays as it is cannot be chosen by the other slots.
  const staying = doubtful.map(({ slot, number }) => {
    const placement = stayingAs(number, wanted.get(slot), isFinal, () => wasGivenTo(service, number, world));
    if (placement.because === 'api-server') picked.set(slot, wanted.get(slot)?.number ?? 0);
    return [slot, placement] as const;
  });
  return { bare, placed: placeMissing(bare, new Map([...kept, ...staying]), supply), picked };
}

/** Why a doubtful number is there. Before the API server has allocated anything, it is another webhook's. */
function stayingAs(
  number: number,
  wanted: Placement | undefined,
  isFinal: boolean,
  isOurs: () => boolean,
): { readonly number: number; readonly because: Because } {
  if (wanted !== undefined && 'because' in wanted && wanted.number === number) return wanted;
  if (isOurs()) return { number, because: 'hash' };
  return { number, because: isFinal ? 'api-server' : 'explicit' };
}

/** What `set` asks for, without the fields that the author wrote. */
function settingsOf(service: Service, rules: readonly AppliedRule[]): readonly Change[] {
  const byField = new Map<unknown, Change>();
  // A policy that only records does not change anything either.
  for (const { rule } of rules.filter(({ isMeant, policy }) => isMeant && policy.maxEnforcement !== 'audit')) {
    for (const change of rule.set(service)) {
      if (!service.authorship.wroteSpecField(String(change.path[1]))) byField.set(change.path[1], change);
    }
  }
  return [...byField.values()];
}

function doubtfulNumbers(service: Service, old: Service | undefined): readonly Doubtful[] {
  const { authorship, healthCheckNodePort, ports } = service;
  const former = new Set(old === undefined ? [] : carried(old).map(({ number }) => number));
  // Where the API server allocates nothing, it picked nothing either: such a number was put there by somebody.
  const doubtful = (allocatesNodePorts(service) ? ports : [])
    .filter((port) => port.nodePort !== 0 && !former.has(port.nodePort))
    .filter((port) => authorship.ownerOfNodePort(port) === 'nobody')
    .map(({ index, nodePort }) => ({ slot: index, number: nodePort }));
  const isHealthCheckNew = healthCheckNodePort !== 0 && !former.has(healthCheckNodePort);
  return isHealthCheckNew && needsHealthCheckNodePort(service) && authorship.ownerOfHealthCheckNodePort() === 'nobody'
    ? [...doubtful, { slot: HEALTH_CHECK, number: healthCheckNodePort }]
    : doubtful;
}

/**
 * Whether the gate gave this number to this Service seconds ago. Each webhook call has a uid of its own, so a Service
 * made from generateName is recognised by its prefix.
 */
function wasGivenTo(service: Service, number: number, { reservations }: World): boolean {
  const reservation = reservations.of(number);
  if (reservation === undefined) return false;
  const isGenerated = keyName(service) !== service.name;
  return isGenerated
    ? reservation.owner.startsWith(generatedOwnerPrefix(service))
    : reservation.owner === reservationOwner(service, '');
}

/** The patch: only numbers that the API server would not fill in by itself. */
function assignments(
  service: Service,
  old: Service | undefined,
  numbers: readonly (readonly [number, Placement])[],
): readonly Change[] {
  const refilled = old === undefined ? new Map<number, number>() : refilledNodePorts(service, old);
  const refilledHealthCheck = old === undefined ? 0 : refilledHealthCheckNodePort(service, old);
  const missing = new Set(service.ports.filter(({ nodePort }) => nodePort === 0).map(({ index }) => index));
  const open = numbers.filter(([slot]) => missing.has(slot));
  // A number that the patch gives to one port is used then, and no longer refilled into its sibling.
  const given = new Set(open.flatMap(([slot, { number }]) => (refilled.get(slot) === number ? [] : [number])));
  const changes = open
    .filter(([, { number }]) => given.has(number))
    .sort(([a], [b]) => a - b)
    .map(([slot, { number }]) => nodePortChange(slot, number));
  const healthCheck = numbers.find(([slot]) => slot === HEALTH_CHECK)?.[1].number ?? 0;
  return healthCheck === 0 || service.healthCheckNodePort !== 0 || healthCheck === refilledHealthCheck
    ? changes
    : [...changes, nodePortChange(HEALTH_CHECK, healthCheck)];
}

function dropped(service: Service, old: Service): Service {
  const changes: Change[] = [];
  if (dropsNodePorts(service, old)) {
    for (const { index, nodePort } of service.ports) if (nodePort !== 0) changes.push(nodePortChange(index, 0));
  }
  if (service.healthCheckNodePort !== 0 && dropsHealthCheckNodePort(service, old)) {
    changes.push(nodePortChange(HEALTH_CHECK, 0));
  }
  return changed(service, changes);
}

function scenePorts(
  service: Service,
  { oldService }: ServiceRequest,
  { placed, picked }: Numbering,
): readonly ScenePort[] {
  const former = numbersOpenedBy(oldService);
  return opened(service).map((port) => {
    const slot = slotOf(port.path);
    const placement = placed.get(slot);
    const written: Because = former.has(port.number) ? 'kept' : 'explicit';
    const because = placement !== undefined && 'because' in placement ? placement.because : written;
    return { ...port, because, wouldGet: picked.get(slot) || undefined };
  });
}

function unassignedPorts(
  service: Service,
  placed: ReadonlyMap<number, Placement>,
  { assigning }: Entitlement,
): readonly UnassignedPort[] {
  const at = (slot: number, label: string, protocol: string): readonly UnassignedPort[] => {
    const placement = placed.get(slot);
    if (placement === undefined || !('why' in placement)) return [];
    return [{ label, protocol, path: nodePortChange(slot, 0).path, pool: assigning, why: placement.why }];
  };
  return [
    ...service.ports.flatMap((port) => at(port.index, portLabel(port), port.protocol)),
    ...at(HEALTH_CHECK, HEALTH_CHECK_PORT_NAME, 'TCP'),
  ];
}

function slotOf(path: readonly (string | number)[]): number {
  const index = path[2];
  return typeof index === 'number' ? index : HEALTH_CHECK;
}

/** The key under which a port that was assigned is remembered. */
export function reservationKey(service: Service, port: Pick<ScenePort, 'label' | 'protocol'>): string {
  return portKey(service, port.label, port.protocol);
}

function numbersOpenedBy(service: Service | undefined): ReadonlySet<number> {
  return new Set(service === undefined ? [] : opened(service).map(({ number }) => number));
}
