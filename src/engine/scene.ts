import { type Availability, choices } from '../allocation/choose.ts';
import { groupKey, portKey, reservationOwner } from '../allocation/identity.ts';
import type { JsonObject } from '../domain/json.ts';
import { carried } from '../domain/node-port.ts';
import { type Entitlement, ownPool } from '../domain/pool.ts';
import { portLabel, type Service } from '../domain/service.ts';
import type { World } from '../domain/world.ts';
import type { Scene, ScenePort, UnassignedPort } from '../rules/scene.ts';
import { availability } from './place.ts';
import type { Policy } from './policy.ts';

/** How many free numbers a message suggests. */
const SUGGESTIONS = 3;

/** Looking for free numbers costs a walk through the pool: the owner of a Service with thousands of wrong ports gets this many answers. */
const MOST_LOOKUPS = 100;

export interface SceneParts {
  readonly service: Service;
  readonly written: JsonObject;
  readonly oldService: Service | undefined;
  readonly ports: readonly ScenePort[];
  readonly unassigned: readonly UnassignedPort[];
  readonly entitlement: Entitlement;
  isPermitted(number: number): boolean;
  readonly policy: Policy;
  readonly world: World;
}

/** What the rules are shown of one Service. */
export function makeScene(parts: SceneParts): Scene {
  const { service, written, oldService, ports, unassigned, entitlement, policy, world } = parts;
  return {
    service,
    written,
    oldService,
    ports,
    unassigned,
    pools: entitlement,
    inventory: world.inventory,
    workloads: world.workloads,
    reach: world.reach,
    clusterPorts: policy.clusterPorts,
    ephemeralPorts: policy.ephemeralPorts,
    freeFor: suggestions(parts),
  };
}

/**
 * The next choices of the port's key. Ports of one Service that choose separately are told different numbers, as long as
 * there are enough: what was offered to one ranks behind the rest for those who ask later.
 */
function suggestions({ service, entitlement, isPermitted, policy, world }: SceneParts): Scene['freeFor'] {
  const { numbers } = ownPool(entitlement)?.assignable ?? policy.unpooledPorts;
  let available: Availability | undefined;
  // Several rules ask about the same ports, and all of them shall get an answer to the first ones.
  const answers = new Map<string, readonly number[]>();
  const byKey = new Map<string, readonly number[]>();
  const offered = new Set<number>();
  const lookUp = (key: string): readonly number[] => {
    const { isTaken, lastResortOrder } = (available ??= availability(
      service,
      new Set(carried(service).map(({ number }) => number)),
      { ...world, isPermitted, owner: reservationOwner(service, '') },
    ));
    const orderOf = (port: number): number | undefined => lastResortOrder(port) ?? (offered.has(port) ? 0 : undefined);
    const found = choices(key, numbers, { isTaken, lastResortOrder: orderOf }, SUGGESTIONS);
    for (const number of found) offered.add(number);
    return found;
  };
  return ({ label, protocol }) => {
    const asked = portKey(service, label, protocol);
    const known = answers.get(asked);
    if (known !== undefined || answers.size >= MOST_LOOKUPS) return known ?? [];
    const key = choiceKey(service, label, protocol);
    const answer = byKey.get(key) ?? lookUp(key);
    byKey.set(key, answer);
    answers.set(asked, answer);
    return answer;
  };
}

/** The key that the port would choose with: what is suggested is what the gate would assign. */
export function choiceKey(service: Service, label: string, protocol: string): string {
  const port = service.ports.find((one) => portLabel(one) === label && one.protocol === protocol);
  if (port === undefined) return portKey(service, label, protocol);
  return groupKey(
    service,
    service.ports.filter((one) => one.port === port.port),
  );
}
