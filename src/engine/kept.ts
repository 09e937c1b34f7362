import type { HeldPort } from '../domain/inventory.ts';
import { opensNodePorts } from '../domain/node-port.ts';
import type { ServiceRequest } from '../domain/request.ts';
import { HEALTH_CHECK_PORT_NAME, portLabel, type Service, type ServicePort } from '../domain/service.ts';
import { HEALTH_CHECK } from '../domain/service-change.ts';
import { allocatesNodePorts, needsHealthCheckNodePort } from './api-server.ts';

/** A number that the Service already has, for a port that may have been renamed. */
interface FormerPort {
  readonly label: string;
  readonly servicePort: number;
  readonly protocol: string;
  readonly nodePort: number;
}

/**
 * The numbers that ports without one had before, by slot: found by port name, else by port and protocol, so that a
 * rename does not move a live port. A number that the new object uses elsewhere is not kept (the API server's own rule,
 * patchAllocatedValues).
 */
export function keptNumbers(
  service: Service,
  { oldService, heldAlready }: Pick<ServiceRequest, 'oldService' | 'heldAlready'>,
): ReadonlyMap<number, number> {
  const kept = new Map<number, number>();
  const former = oldService === undefined ? heldAlready.map(fromInventory) : openPortsOf(oldService);
  if (former.length === 0) return kept;
  const used = new Set(service.ports.map(({ nodePort }) => nodePort));
  const claimed = new Set<FormerPort>();
  const claim = (keyOfFormer: (port: FormerPort) => string, keyOf: (port: ServicePort) => string): void => {
    const candidates = Map.groupBy(former.toReversed(), keyOfFormer);
    for (const port of service.ports) {
      if (port.nodePort !== 0 || kept.has(port.index)) continue;
      const found = nextUnclaimed(candidates.get(keyOf(port)) ?? [], claimed);
      if (found === undefined) continue;
      claimed.add(found);
      if (!used.has(found.nodePort)) kept.set(port.index, found.nodePort);
    }
  };
  // A port that the new type does not open, or that must not be allocated, has given its number up.
  if (allocatesNodePorts(service)) {
    claim(({ label }) => label, portLabel);
    claim(
      ({ servicePort, protocol }) => `${servicePort}/${protocol}`,
      ({ port, protocol }) => `${port}/${protocol}`,
    );
  }

  const healthCheck = former.find(({ label }) => label === HEALTH_CHECK_PORT_NAME);
  if (healthCheck !== undefined && needsHealthCheckNodePort(service) && service.healthCheckNodePort === 0) {
    kept.set(HEALTH_CHECK, healthCheck.nodePort);
  }
  return kept;
}

/** Takes it out of the list; the first stands last. */
function nextUnclaimed(candidates: FormerPort[], claimed: ReadonlySet<FormerPort>): FormerPort | undefined {
  let next = candidates.pop();
  while (next !== undefined && claimed.has(next)) next = candidates.pop();
  return next;
}

function openPortsOf(old: Service): readonly FormerPort[] {
  if (!opensNodePorts(old.type)) return [];
  const ports: FormerPort[] = old.ports
    .filter(({ nodePort }) => nodePort !== 0)
    .map((port) => ({
      label: portLabel(port),
      servicePort: port.port,
      protocol: port.protocol,
      nodePort: port.nodePort,
    }));
  // The API server keeps a health-check port only from LoadBalancer+Local to LoadBalancer+Local.
  if (needsHealthCheckNodePort(old) && old.healthCheckNodePort !== 0) {
    ports.push({
      label: HEALTH_CHECK_PORT_NAME,
      servicePort: 0,
      protocol: 'TCP',
      nodePort: old.healthCheckNodePort,
    });
  }
  return ports;
}

function fromInventory({ port, servicePort, protocol, nodePort }: HeldPort): FormerPort {
  return { label: port, servicePort, protocol, nodePort };
}
