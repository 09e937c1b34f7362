import { opensNodePorts } from '../domain/node-port.ts';
import type { Service } from '../domain/service.ts';

/**
 * What the API server does to a Service between `/mutate` and `/validate`, as far as node ports go. Read in Kubernetes
 * v1.35.4, pkg/registry/core/service: storage/storage.go (patchAllocatedValues) and strategy.go (dropTypeDependentFields).
 */

/** Whether the API server would give this Service numbers for its ports (needsNodePort in storage.go). */
export function allocatesNodePorts({ type, allocateLoadBalancerNodePorts }: Service): boolean {
  return type === 'NodePort' || (type === 'LoadBalancer' && allocateLoadBalancerNodePorts);
}

/** Whether the API server would give this Service a health-check port; `allocateLoadBalancerNodePorts` plays no part in it. */
export function needsHealthCheckNodePort({ type, externalTrafficPolicy }: Service): boolean {
  return type === 'LoadBalancer' && externalTrafficPolicy === 'Local';
}

/**
 * The numbers that the API server copies from the old object into ports without one: by port name, where both types
 * allocate, and not when the new object already uses that number. By position in `spec.ports`.
 */
export function refilledNodePorts(service: Service, old: Service): ReadonlyMap<number, number> {
  const refilled = new Map<number, number>();
  if (!allocatesNodePorts(old) || !allocatesNodePorts(service)) return refilled;
  const used = new Set(service.ports.map(({ nodePort }) => nodePort));
  const byName = new Map(old.ports.map(({ name, nodePort }) => [name, nodePort]));
  for (const port of service.ports) {
    if (port.nodePort !== 0) continue;
    const former = byName.get(port.name) ?? 0;
    if (former !== 0 && !used.has(former)) refilled.set(port.index, former);
  }
  return refilled;
}

/** The health-check port that the API server copies from the old object; 0 when it does not. */
export function refilledHealthCheckNodePort(service: Service, old: Service): number {
  const both = needsHealthCheckNodePort(old) && needsHealthCheckNodePort(service);
  return both && service.healthCheckNodePort === 0 ? old.healthCheckNodePort : 0;
}

/** Whether an update wipes all node ports, because the new type has no use for them and brings no new number. */
export function dropsNodePorts(service: Service, old: Service): boolean {
  if (!opensNodePorts(old.type) || opensNodePorts(service.type)) return false;
  const former = new Set(old.ports.map(({ nodePort }) => nodePort));
  return service.ports.every(({ nodePort }) => nodePort === 0 || former.has(nodePort));
}

/** Whether an update wipes the health-check port. */
export function dropsHealthCheckNodePort(service: Service, old: Service): boolean {
  return (
    needsHealthCheckNodePort(old) &&
    !needsHealthCheckNodePort(service) &&
    service.healthCheckNodePort === old.healthCheckNodePort
  );
}
