import { type Availability, choices } from '../allocation/choose.ts';
import { groupKey, portKey, reservationOwner } from '../allocation/identity.ts';
import { carried } from '../domain/node-port.ts';
import { type Entitlement, ownPool } from '../domain/pool.ts';
import { portLabel, type Service } from '../domain/service.ts';
import type { World } from '../domain/world.ts';
import type { Scene, ScenePort, UnassignedPort } from '../rules/define.ts';
import { availability } from './place.ts';
import type { Policy } from './policy.ts';

/** How many free numbers a message suggests. */
const SUGGESTIONS = 3;

/** Looking for free numbers costs a walk through the pool: the owner of a Service with thousands of wrong ports gets this many answers. */
const MOST_LOOKUPS = 100;

export interface SceneParts {
  readonly service: Service;
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
  const { service, oldService, ports, unassigned, entitlement, policy, world } = parts;
  return {
    service,
    oldService,
    ports,
    unassigned,
    pools: entitlement,
    inventory: world.inventory,
    clusterPorts: policy.clusterPorts,
    freeFor: suggestions(parts),
  };
}

function suggestions({ service, entitlement, isPermitted, policy, world }: SceneParts): Scene['freeFor'] {
  const { numbers } = ownPool(entitlement)?.assignable ?? policy.unpooledPorts;
  let available: Availability | undefined;
  // Several rules ask about the same ports, and all of them shall get an answer to the first ones.
  const answers = new Map<string, readonly number[]>();
  const lookUp = (label: string, protocol: string): readonly number[] => {
    available ??= availability(service, new Set(carried(service).map(({ number }) => number)), {
      ...world,
      isPermitted,
      owner: reservationOwner(service, ''),
    });
    return choices(keyOf(service, label, protocol), numbers, available, SUGGESTIONS);
  };
  return ({ label, protocol }) => {
    const key = portKey(service, label, protocol);
    const known = answers.get(key);
    if (known !== undefined || answers.size >= MOST_LOOKUPS) return known ?? [];
    const answer = lookUp(label, protocol);
    answers.set(key, answer);
    return answer;
  };
}

/** The key that the port would choose with: what is suggested is what the gate would assign. */
function keyOf(service: Service, label: string, protocol: string): string {
  const port = service.ports.find((one) => portLabel(one) === label && one.protocol === protocol);
  if (port === undefined) return portKey(service, label, protocol);
  return groupKey(
    service,
    service.ports.filter((one) => one.port === port.port),
  );
}
