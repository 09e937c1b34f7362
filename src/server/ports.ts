import type { FastifyInstance } from 'fastify';
import { entitledPools } from '../allocation/entitlement.ts';
import { freeNumbers } from '../allocation/free-numbers.ts';
import { ownPool } from '../domain/pool.ts';
import { printable } from '../domain/text.ts';
import { makeCurrentMap } from './current-map.ts';
import { JSON_TYPE, noPolicy, RequestFault } from './fault.ts';
import { type Gate, worldOf } from './gate.ts';
import { namespaceOf, queryOf } from './query.ts';
import { sendVersion } from './send-version.ts';

const MOST_FREE = 100;
const DEFAULT_FREE = 3;

/** `GET /ports`, `GET /ports/free` and `GET /policy`: what the gate knows and goes by. */
export function portDoors(app: FastifyInstance, gate: Gate): void {
  const currentMap = makeCurrentMap(gate);
  app.get('/ports', { exposeHeadRoute: true }, (request, reply) => {
    queryOf(request, []);
    return sendVersion(request, reply, currentMap(), JSON_TYPE);
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
  return { pool: pool.name, contact: pool.contact, free: freeNumbers(pool, [world], count) };
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
