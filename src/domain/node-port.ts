import type { Path } from './path.ts';
import { HEALTH_CHECK_PORT_NAME, portLabel, type Service } from './service.ts';

/** A number on the nodes with its protocol: what the firewall sees. */
export interface PortPair {
  readonly number: number;
  readonly protocol: string;
}

/** A node port with the place in the Service that asks for it. */
export interface NodePort extends PortPair {
  /** Name or number of the Service port, or `healthCheck`. */
  readonly label: string;
  readonly path: Path;
}

/** The types of Services whose numbers kube-proxy opens. */
export const OPENING_TYPES: readonly string[] = ['NodePort', 'LoadBalancer'];

/** Whether kube-proxy opens the numbers that a Service of this type carries. */
export function opensNodePorts(type: string): boolean {
  return OPENING_TYPES.includes(type);
}

/** Every number ≠ 0 in the object, whether or not its type opens it (an ExternalName may carry any int32). */
export function carried(service: Service): readonly NodePort[] {
  const found: NodePort[] = [];
  for (const port of service.ports) {
    if (port.nodePort !== 0) {
      found.push({
        number: port.nodePort,
        protocol: port.protocol,
        label: portLabel(port),
        path: nodePortPath(port.index),
      });
    }
  }
  if (service.healthCheckNodePort !== 0) {
    found.push({
      number: service.healthCheckNodePort,
      protocol: 'TCP',
      label: HEALTH_CHECK_PORT_NAME,
      path: HEALTH_CHECK_PATH,
    });
  }
  return found;
}

/**
 * The (number, protocol) pairs that the Service really opens on every node. `allocateLoadBalancerNodePorts: false` does
 * not close a number that is written out; the health-check port is a listener of kube-proxy in the same range.
 */
export function opened(service: Service): readonly NodePort[] {
  return opensNodePorts(service.type) ? carried(service) : [];
}

export function nodePortPath(index: number): Path {
  return ['spec', 'ports', index, 'nodePort'];
}

export const HEALTH_CHECK_PATH: Path = ['spec', 'healthCheckNodePort'];
