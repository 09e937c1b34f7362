import { HEALTH_CHECK_PATH, nodePortPath } from './node-port.ts';
import { applyChanges, type Change } from './patch.ts';
import type { Service, ServicePort } from './service.ts';

/** Position of the health check among a Service's node ports; all others are positions in `spec.ports`. */
export const HEALTH_CHECK = -1;

/** Fills in one node port; number 0 takes it away. `slot` is a position in `spec.ports` or HEALTH_CHECK. */
export function nodePortChange(slot: number, number: number): Change {
  return { path: slot === HEALTH_CHECK ? HEALTH_CHECK_PATH : nodePortPath(slot), value: number };
}

/** The Service as it reads once the changes are made; `raw` changes with it. */
export function changed(service: Service, changes: readonly Change[]): Service {
  if (changes.length === 0) return service;
  const numbers = new Map<unknown, number>();
  for (const { path, value } of changes) if (path[1] === 'ports') numbers.set(path[2], Number(value));
  const others = changes.filter(({ path }) => path[1] !== 'ports').reduce(withChange, service);
  const ports = numbers.size === 0 ? service.ports : service.ports.map((port) => withNodePort(port, numbers));
  return { ...others, ports, raw: applyChanges(service.raw, changes) };
}

function withChange(service: Service, { path, value }: Change): Service {
  const [, field] = path;
  switch (field) {
    case 'healthCheckNodePort':
      return { ...service, healthCheckNodePort: Number(value) };
    case 'externalTrafficPolicy':
      return { ...service, externalTrafficPolicy: String(value) };
    case 'allocateLoadBalancerNodePorts':
      return { ...service, allocateLoadBalancerNodePorts: value === true };
    default:
      throw new RangeError(`no rule may change spec.${String(field)}`);
  }
}

function withNodePort(port: ServicePort, numbers: ReadonlyMap<unknown, number>): ServicePort {
  const nodePort = numbers.get(port.index);
  return nodePort === undefined ? port : { ...port, nodePort };
}
