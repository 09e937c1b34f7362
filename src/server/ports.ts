import type { FastifyInstance } from 'fastify';
import { entitledPools } from '../allocation/entitlement.ts';
import { ownPool, type Pool, poolOf } from '../domain/pool.ts';
import { printable } from '../domain/text.ts';
import type { World } from '../domain/world.ts';
import { noPolicy, RequestFault } from './fault.ts';
import { type Gate, worldOf } from './gate.ts';
import { namespaceOf, queryOf } from './query.ts';

interface ListedPort {
  readonly nodePort: number;
  readonly protocol: string;
  readonly namespace: string;
  readonly name: string;
  readonly port: string;
  readonly pool?: string;
}

const MOST_FREE = 100;
const DEFAULT_FREE = 3;

/** `GET /ports`, `GET /ports/free` and `GET /policy`: what the gate knows and goes by. */
export function portDoors(app: FastifyInstance, gate: Gate): void {
  app.get('/ports', (request) => {
    queryOf(request, []);
    return { ports: listPorts(gate) };
  });
  app.get('/ports/free', (request) => {
    const query = queryOf(request, ['namespace', 'count']);
    if (query.namespace === undefined) {
      throw new RequestFault(400, 'missing-parameter', 'namespace is missing; send ?namespace=NAME');
    }
    return freePorts(gate, namespaceOf(query.namespace), readCount(query.count));
  });
  app.get('/policy', (request) => {
    queryOf(request, []);
    const policy = gate.policy();
    if (policy === undefined) throw noPolicy();
    return { hash: policy.hash, documents: policy.documents };
  });
}

function listPorts(gate: Gate): readonly ListedPort[] {
  const pools = gate.policy()?.pools ?? [];
  return gate.cluster.inventory().held.map(({ nodePort, protocol, namespace, name, port }) => {
    const pool = poolOf(pools, nodePort);
    return { nodePort, protocol, namespace, name, port, ...(pool !== undefined && { pool: pool.name }) };
  });
}

function freePorts(gate: Gate, namespace: string, count: number): object {
  const policy = gate.policy();
  if (policy === undefined) throw noPolicy();
  const world = worldOf(gate, gate.now());
  const claimant = { namespace, type: 'NodePort', annotations: {} };
  const pool = ownPool(entitledPools(claimant, policy.pools, world.labelsOf(namespace)));
  if (pool === undefined) {
    const message = `a NodePort Service of namespace ${namespace} has no pool; see /policy for the pools`;
    throw new RequestFault(404, 'no-pool', message);
  }
  return { pool: pool.name, contact: pool.contact, free: firstFree(pool, world, count) };
}

/**
 * Ascending. A number that was given away seconds ago, or that an ExternalName carries, counts as taken: the list is for
 * people who will use it later.
 */
function firstFree(pool: Pool, { inventory, reservations }: World, count: number): readonly number[] {
  const { isHeld, squattersOf } = inventory;
  const free: number[] = [];
  for (const number of pool.assignable.numbers) {
    if (free.length === count) break;
    if (!isHeld(number) && squattersOf(number).length === 0 && reservations.of(number) === undefined) free.push(number);
  }
  return free;
}

function readCount(text: string | undefined): number {
  if (text === undefined) return DEFAULT_FREE;
  const count = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= MOST_FREE) return count;
  throw new RequestFault(
    400,
    'invalid-parameter',
    `count: "${printable(text)}" is not possible; use 1 to ${MOST_FREE}`,
  );
}
