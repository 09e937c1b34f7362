import type { FastifyInstance } from 'fastify';
import { entitledPools } from '../allocation/entitlement.ts';
import { freeCount, freeNumbers, MOST_FREE } from '../allocation/free-numbers.ts';
import { ownPool } from '../domain/pool.ts';
import { printable } from '../domain/text.ts';
import { makeCurrentMap } from './current-map.ts';
import { JSON_TYPE, noPolicy, RequestFault } from './fault.ts';
import { type Gate, worldOf } from './gate.ts';
import { namespaceOf, queryOf } from './query.ts';
import { sendVersion } from './send-version.ts';

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
  const hostPorts = new Set(gate.audited()?.map.hostPorts.map(({ hostPort }) => hostPort));
  return {
    pool: pool.name,
    contact: pool.contact,
    free: freeNumbers(pool, [{ ...world, hostPorts }], count),
    // Then somebody may hold what looks free.
    ...(!world.inventory.complete && { complete: false }),
  };
}

function readCount(text: string | undefined): number {
  const count = freeCount(text);
  if (count !== undefined) return count;
  throw new RequestFault(
    400,
    'invalid-parameter',
    `count: "${printable(text ?? '')}" is not possible; use 1 to ${MOST_FREE}`,
  );
}
