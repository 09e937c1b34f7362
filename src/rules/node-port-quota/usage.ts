import type { HeldPort } from '../../domain/inventory.ts';
import { opened, type PortPair } from '../../domain/node-port.ts';
import { type Pool, type PoolQuota, poolOf } from '../../domain/pool.ts';
import { sameRef } from '../../domain/service.ts';
import { compareText } from '../../domain/text.ts';
import type { Scene } from '../scene.ts';

/** One limit, and the numbers that it is about. */
export interface Limit {
  readonly most: number;
  /** The pool whose numbers are counted; undefined: all numbers. */
  readonly pool: Pool | undefined;
  /** Whether the Service has more of these numbers than before the update. */
  readonly isGrowing: boolean;
}

/** The limits that the Service meets, the smallest first: the rule's own, and those of the pools that it has ports of. */
export function limitsOn(scene: Scene, ruleOwn: number | undefined, owner: keyof PoolQuota): readonly Limit[] {
  const ofRule = ruleOwn === undefined ? [] : [{ most: ruleOwn, pool: undefined }];
  const ofPools = scene.pools.all.flatMap((pool) => {
    const most = pool.quota[owner];
    return most !== undefined && ownCount(scene, pool) > 0 ? [{ most, pool }] : [];
  });
  return [...ofRule, ...ofPools]
    .map(({ most, pool }) => ({ most, pool, isGrowing: isGrowing(scene, pool) }))
    .sort((a, b) => a.most - b.most);
}

/** How many different numbers the Service has or will have; one number for two protocols is one. */
export function ownCount(scene: Scene, pool: Pool | undefined): number {
  return numbersIn(scene, scene.ports, pool).size + countToCome(scene, pool);
}

function isGrowing(scene: Scene, pool: Pool | undefined): boolean {
  const { oldService } = scene;
  const before = oldService === undefined ? 0 : numbersIn(scene, opened(oldService), pool).size;
  return ownCount(scene, pool) > before;
}

/** What the other Services of the namespace hold. One that has no name yet is nobody in the inventory. */
export function heldByOthers({ inventory, service }: Scene): readonly HeldPort[] {
  const held = inventory.heldIn(service.namespace);
  return service.name === '' ? held : held.filter((port) => !sameRef(port, service));
}

/** How many different numbers the namespace has with this Service; what the Service itself held before does not count. */
export function namespaceCount(scene: Scene, others: readonly HeldPort[], pool: Pool | undefined): number {
  const numbers = numbersIn(scene, scene.ports, pool);
  for (const { nodePort } of others) if (isIn(scene, nodePort, pool)) numbers.add(nodePort);
  return numbers.size + countToCome(scene, pool);
}

/** The Services that have the most of these numbers, each with how many. */
export function greatestHolders(
  scene: Scene,
  others: readonly HeldPort[],
  pool: Pool | undefined,
): readonly { readonly name: string; readonly count: number }[] {
  const counted = others.filter(({ nodePort }) => isIn(scene, nodePort, pool));
  return [...Map.groupBy(counted, ({ name }) => name)]
    .map(([name, ports]) => ({ name, count: new Set(ports.map(({ nodePort }) => nodePort)).size }))
    .sort((a, b) => b.count - a.count || compareText(a.name, b.name));
}

/** Ports of one `port` number get one node port together; the health check gets its own. */
function countToCome({ service, unassigned }: Scene, pool: Pool | undefined): number {
  const waiting = pool === undefined ? unassigned : unassigned.filter((port) => port.pool === pool);
  return new Set(waiting.map(({ path }) => (typeof path[2] === 'number' ? service.ports[path[2]]?.port : 'health')))
    .size;
}

function numbersIn(scene: Scene, ports: readonly PortPair[], pool: Pool | undefined): Set<number> {
  return new Set(ports.map(({ number }) => number).filter((number) => isIn(scene, number, pool)));
}

/** Whether the number belongs to the pool: of several that contain it, to the one that takes precedence. */
function isIn({ pools }: Scene, number: number, pool: Pool | undefined): boolean {
  return pool === undefined || (pool.ports.has(number) && poolOf(pools.all, number) === pool);
}
