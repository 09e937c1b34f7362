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
  return changes.length === 0
    ? service
    : { ...changes.reduce(withChange, service), raw: applyChanges(service.raw, changes) };
}

function withChange(service: Service, { path, value }: Change): Service {
  const [, field, index] = path;
  switch (field) {
    case 'ports':
      return { ...service, ports: service.ports.map((port) => withNodePort(port, index, value)) };
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

function withNodePort(port: ServicePort, index: string | number | undefined, value: Change['value']): ServicePort {
  return port.index === index ? { ...port, nodePort: Number(value) } : port;
}
