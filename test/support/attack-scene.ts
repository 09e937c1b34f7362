import { rules } from '../../src/rules/index.ts';
import type { Policy } from '../../src/engine/policy.ts';
import { type Gate, makeApiServer, type PortSpec, type ServiceObject } from './api-server-model.ts';
import { gateFor } from './gate.ts';
import { policyDocument, policyOf, poolDocument } from './policy.ts';

/** Numbers of namespace `evil`, and what its owner would like to have instead. */
export const OWN_POOL = { from: 30_300, to: 30_309 };
export const VICTIM = { number: 31_999, healthCheck: 31_998 };

/** Every rule that guards numbers; nothing that would deny for other reasons. */
function attackPolicy(): Policy {
  const guards = rules.filter(({ meta }) => meta.guardsPorts === true).map(({ meta }) => meta.name);
  return policyOf(
    policyDocument(
      Object.fromEntries(guards.map((name) => [name, name === 'node-port-pool' ? { unowned: 'deny' } : {}])),
    ),
    poolDocument('evil', `${OWN_POOL.from}-${OWN_POOL.to}`, { namespaces: ['evil'] }),
    poolDocument('victim', '31990-31999', { namespaces: ['victim'] }),
  );
}

export function port(overrides: Partial<PortSpec> = {}): PortSpec {
  return { name: 'http', port: 80, protocol: 'TCP', nodePort: 0, ...overrides };
}

export function service(overrides: Partial<ServiceObject> = {}): ServiceObject {
  return {
    namespace: 'evil',
    name: 'web',
    type: 'NodePort',
    ports: [port()],
    local: false,
    healthCheckNodePort: 0,
    allocate: true,
    owned: [],
    ...overrides,
  };
}

/** A Service that writes this number into its first port. */
export function withNumber(nodePort: number, overrides: Partial<ServiceObject> = {}): ServiceObject {
  return service({ ports: [port({ nodePort })], owned: ['http'], ...overrides });
}

export type ApiServer = ReturnType<typeof makeApiServer>;

/**
 * An API server in which `victim/db` holds 31999 and, for its health check, 31998. `before` happens while no gate is there.
 */
export function scene(options: { readonly guarded: boolean; before?: (server: ApiServer) => void }): ApiServer {
  let isUp = false;
  const policy = attackPolicy();
  const guard = gateFor(policy, () => server.services());
  const gate: Gate = {
    mutate: (old, object) => (isUp ? guard.mutate(old, object) : { allowed: true, object }),
    validate: (old, object) => (isUp ? guard.validate(old, object) : { allowed: true }),
  };
  // The lowest free number: what a random pick could be, and the same in every run.
  const server: ApiServer = makeApiServer(gate, (free) => free[0] ?? 0);
  server.create(
    service({
      namespace: 'victim',
      name: 'db',
      type: 'LoadBalancer',
      local: true,
      ports: [port({ nodePort: VICTIM.number })],
      healthCheckNodePort: VICTIM.healthCheck,
      owned: ['http', 'healthCheck'],
    }),
  );
  options.before?.(server);
  isUp = options.guarded;
  return server;
}
