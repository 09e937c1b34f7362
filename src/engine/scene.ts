import { type Availability, choices } from '../allocation/choose.ts';
import { portKey, reservationOwner } from '../allocation/identity.ts';
import { carried } from '../domain/node-port.ts';
import { type Entitlement, ownPool } from '../domain/pool.ts';
import type { Service } from '../domain/service.ts';
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
  readonly policy: Policy;
  readonly world: World;
}

/** What the rules are shown of one Service. */
export function makeScene({ service, oldService, ports, unassigned, entitlement, policy, world }: SceneParts): Scene {
  return {
    service,
    oldService,
    ports,
    unassigned,
    pools: entitlement,
    inventory: world.inventory,
    clusterPorts: policy.clusterPorts,
    unpooledPorts: policy.unpooledPorts,
    freeFor: suggestions(service, entitlement, world),
  };
}

function suggestions(service: Service, entitlement: Entitlement, world: World): Scene['freeFor'] {
  let available: Availability | undefined;
  let lookups = 0;
  return ({ label, protocol }, elsewhere) => {
    lookups += 1;
    if (lookups > MOST_LOOKUPS) return [];
    const { numbers } = ownPool(entitlement)?.assignable ?? elsewhere;
    available ??= availability(service, new Set(carried(service).map(({ number }) => number)), {
      ...world,
      owner: reservationOwner(service, ''),
    });
    return choices(portKey(service, label, protocol), numbers, available, SUGGESTIONS);
  };
}
