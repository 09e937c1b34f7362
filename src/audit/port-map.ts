import { DEFAULT_SERVICE_NODE_PORT_RANGE, rangeOf } from '../domain/cluster-profile.ts';
import { freeNumbers, type Occupancy } from '../allocation/free-numbers.ts';
import type { HeldPort, Inventory } from '../domain/inventory.ts';
import { type Pool, poolOf } from '../domain/pool.ts';
import { formatRanges, type PortSet, portSet } from '../domain/port-set.ts';
import { formatRef, HEALTH_CHECK_PORT_NAME, sameRef } from '../domain/service.ts';
import { compareText } from '../domain/text.ts';
import { NO_RESERVATIONS } from '../domain/world.ts';
import type { Policy } from '../engine/policy.ts';
import {
  type MappedPool,
  type MappedPort,
  type MappedService,
  type MappedSquatter,
  PORT_MARKS,
  type PortMap,
  type PortMark,
} from '../report/port-map.ts';

/** What an audit found out beside holders and pools. */
type Audited = Pick<PortMap, 'auditedAt' | 'hostPorts' | 'nodes' | 'notKnown'>;

export interface MapParts {
  readonly inventory: Inventory;
  readonly policy: Policy | undefined;
  readonly services: readonly MappedService[];
  readonly audited: Audited;
}

/** Where no policy is in force nobody knows of another range. */
const DEFAULT_PORTS = portSet([rangeOf(DEFAULT_SERVICE_NODE_PORT_RANGE)]);

/** The map of an inventory. */
export function portMapOf({ inventory, policy, services, audited }: MapParts): PortMap {
  const { auditedAt, hostPorts, nodes, notKnown } = audited;
  const pools = policy?.pools ?? [];
  const clusterPorts = policy?.clusterPorts ?? DEFAULT_PORTS;
  const byRef = new Map(services.map((service) => [formatRef(service), service]));
  const placed = { inventory, pools, clusterPorts };
  const occupied = {
    inventory,
    reservations: NO_RESERVATIONS,
    hostPorts: new Set(hostPorts.map(({ hostPort }) => hostPort)),
  };
  return {
    apiVersion: 'nodeport-gate.dev/v1alpha1',
    kind: 'PortMap',
    ...(policy !== undefined && { policy: { hash: policy.hash } }),
    ...(auditedAt !== undefined && { auditedAt }),
    range: formatRanges(clusterPorts.ranges),
    ports: inventory.held.map((port) => mappedPort(port, byRef.get(formatRef(port)), placed)),
    squatters: inventory.squatters.map((port) => mappedSquatter(port, byRef.get(formatRef(port)), placed)),
    hostPorts,
    services,
    pools: pools.map((pool) => mappedPool(pool, occupied)),
    ...(nodes !== undefined && { nodes }),
    notKnown,
  };
}

interface Placed {
  readonly inventory: Inventory;
  readonly pools: readonly Pool[];
  readonly clusterPorts: PortSet;
}

function mappedPort(held: HeldPort, facts: MappedService | undefined, placed: Placed): MappedPort {
  const { inventory, pools, clusterPorts } = placed;
  const { nodePort, port } = held;
  const pool = poolOf(pools, nodePort);
  const isHealthCheck = port === HEALTH_CHECK_PORT_NAME;
  const isMarked: Readonly<Record<PortMark, boolean>> = {
    shared: inventory.holdersOf(nodePort).some((other) => !sameRef(other, held)),
    'outside-range': !clusterPorts.has(nodePort),
    unowned: pools.length > 0 && pool === undefined,
    'open-to-world': facts?.isOpenToWorld === true,
    'load-balancer': facts?.type === 'LoadBalancer' && !isHealthCheck,
    'health-check': isHealthCheck,
  };
  return { ...listed(held, pool), marks: PORT_MARKS.filter((mark) => isMarked[mark]) };
}

function mappedSquatter(
  held: HeldPort,
  facts: MappedService | undefined,
  { inventory, pools }: Placed,
): MappedSquatter {
  const victims = inventory.holdersOf(held.nodePort).map(formatRef);
  return {
    ...listed(held, poolOf(pools, held.nodePort)),
    ...(facts !== undefined && { type: facts.type }),
    victims: [...new Set(victims)].sort(compareText),
  };
}

function listed(
  { nodePort, protocol, namespace, name, port }: HeldPort,
  pool: Pool | undefined,
): Omit<MappedPort, 'marks'> {
  return { nodePort, protocol, namespace, name, port, ...(pool !== undefined && { pool: pool.name }) };
}

function mappedPool(pool: Pool, occupied: Occupancy): MappedPool {
  const { name, contact, ports, reserved, priority, assign } = pool;
  return {
    name,
    ...(contact !== '' && { contact }),
    ports: formatRanges(ports.ranges),
    reserved: formatRanges(reserved.ranges),
    priority,
    assign,
    size: ports.numbers.length,
    held: ports.numbers.filter(occupied.inventory.isHeld).length,
    free: freeNumbers(pool, [occupied], Infinity).length,
  };
}
