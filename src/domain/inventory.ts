import { opensNodePorts } from './node-port.ts';
import { MAX_PORT } from './port-set.ts';
import { formatRef, HEALTH_CHECK_PORT_NAME, portLabel, type Service, type ServiceRef } from './service.ts';
import { compareText } from './text.ts';

/** One number that a Service has, with the place it has it for. */
export interface HeldPort extends ServiceRef {
  readonly nodePort: number;
  readonly protocol: string;
  /** Port name, port number, or `healthCheck`. */
  readonly port: string;
  /** `spec.ports[].port`; 0 for the health check. Together with the protocol it identifies a port that was renamed. */
  readonly servicePort: number;
}

/**
 * Which Service holds which node port. The API server's allocator keeps one bit per number, whatever the protocol, so two
 * Services can never share a number: holders are looked up by number alone.
 */
export interface Inventory {
  /** False while a cluster is not fully listed: then a missing holder proves nothing. */
  readonly complete: boolean;
  readonly held: readonly HeldPort[];
  /** Numbers on ExternalName objects: not open, but one type change away from it. */
  readonly squatters: readonly HeldPort[];
  /** The same as `holdersOf(nodePort).length > 0`, for those who ask about thousands of numbers. */
  isHeld(nodePort: number): boolean;
  holdersOf(nodePort: number): readonly HeldPort[];
  portsOf(service: ServiceRef): readonly HeldPort[];
}

const NONE: readonly HeldPort[] = [];

/** An immutable inventory; the order of the services does not matter. */
export function inventoryOf(services: Iterable<Service>, complete = true): Inventory {
  const all = [...services];
  const held = all.filter((service) => opensNodePorts(service.type)).flatMap(heldPorts);
  const squatters = all.filter((service) => !opensNodePorts(service.type)).flatMap(heldPorts);
  return makeInventory(held.sort(byNumberThenName), squatters.sort(byNumberThenName), complete);
}

/** An inventory that grows with the batch that is being judged, each object as if those before it existed. */
export interface GrowingInventory {
  /** Reads what has been added so far. */
  readonly inventory: Inventory;
  /** The former ports of the Service, if any, are replaced by those it has now. */
  add(service: Service): void;
}

/** Adding and asking cost by what was added under one number or one name, not by what the base holds. */
export function growing(base: Inventory): GrowingInventory {
  const added = new Map<string, readonly HeldPort[]>();
  const addedByNumber = new Map<number, Map<string, readonly HeldPort[]>>();
  const squatters = new Map<string, readonly HeldPort[]>();
  const isReplaced = (port: HeldPort): boolean => added.has(formatRef(port));
  const remains = (ports: readonly HeldPort[]): readonly HeldPort[] =>
    added.size === 0 ? ports : ports.filter((port) => !isReplaced(port));
  const together = (former: readonly HeldPort[], more: readonly HeldPort[]): readonly HeldPort[] =>
    more.length === 0 ? remains(former) : [...remains(former), ...more].sort(byNumberThenName);
  return {
    inventory: {
      complete: base.complete,
      get held() {
        return together(base.held, [...added.values()].flat());
      },
      get squatters() {
        return together(base.squatters, [...squatters.values()].flat());
      },
      isHeld: (nodePort) =>
        (addedByNumber.get(nodePort)?.size ?? 0) > 0 ||
        (base.isHeld(nodePort) && base.holdersOf(nodePort).some((port) => !isReplaced(port))),
      holdersOf: (nodePort) =>
        together(base.holdersOf(nodePort), [...(addedByNumber.get(nodePort)?.values() ?? [])].flat()),
      portsOf: (service) => added.get(formatRef(service)) ?? base.portsOf(service),
    },
    add(service) {
      const ref = formatRef(service);
      for (const { nodePort } of added.get(ref) ?? NONE) addedByNumber.get(nodePort)?.delete(ref);
      const ports = heldPorts(service).sort(byNumberThenName);
      const isOpen = opensNodePorts(service.type);
      added.set(ref, isOpen ? ports : NONE);
      squatters.set(ref, isOpen ? NONE : ports);
      for (const [nodePort, group] of Map.groupBy(isOpen ? ports : NONE, (port) => port.nodePort)) {
        const holders = addedByNumber.get(nodePort) ?? new Map<string, readonly HeldPort[]>();
        addedByNumber.set(nodePort, holders.set(ref, group));
      }
    },
  };
}

function makeInventory(held: readonly HeldPort[], squatters: readonly HeldPort[], complete: boolean): Inventory {
  const byNumber = Map.groupBy(held, (port) => port.nodePort);
  const byService = Map.groupBy(held, formatRef);
  const taken = new Uint8Array(MAX_PORT + 1);
  for (const { nodePort } of held) taken[nodePort] = 1;
  return {
    complete,
    held,
    squatters,
    isHeld: (nodePort) => taken[nodePort] === 1,
    holdersOf: (nodePort) => byNumber.get(nodePort) ?? NONE,
    portsOf: (service) => byService.get(formatRef(service)) ?? NONE,
  };
}

function heldPorts({ namespace, name, ports, healthCheckNodePort }: Service): HeldPort[] {
  const held: HeldPort[] = [];
  for (const port of ports) {
    const { nodePort, protocol } = port;
    if (nodePort === 0) continue;
    held.push({ namespace, name, nodePort, protocol, port: portLabel(port), servicePort: port.port });
  }
  if (healthCheckNodePort !== 0) {
    const port = HEALTH_CHECK_PORT_NAME;
    held.push({ namespace, name, nodePort: healthCheckNodePort, protocol: 'TCP', port, servicePort: 0 });
  }
  return held;
}

function byNumberThenName(a: HeldPort, b: HeldPort): number {
  const left = `${formatRef(a)}/${a.port}/${a.protocol}`;
  const right = `${formatRef(b)}/${b.port}/${b.protocol}`;
  return a.nodePort - b.nodePort || compareText(left, right);
}
