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
  /**
   * Numbers on ExternalName objects: not open, but one type change away from it. Those in its range the API server counts
   * as taken a few minutes later (pkg/registry/core/service/portallocator/controller/repair.go looks at no type).
   */
  readonly squatters: readonly HeldPort[];
  /** The same as `holdersOf(nodePort).length > 0`, for those who ask about thousands of numbers: take it out of the object first. */
  isHeld(nodePort: number): boolean;
  holdersOf(nodePort: number): readonly HeldPort[];
  squattersOf(nodePort: number): readonly HeldPort[];
  portsOf(service: ServiceRef): readonly HeldPort[];
  /** What the Services of a namespace hold, in no particular order; costs by that namespace's ports. */
  heldIn(namespace: string): readonly HeldPort[];
}

/** An inventory that follows a cluster. */
export interface Holdings {
  /** Live: reads what has been put so far. Always complete; `withCompleteness` says otherwise. */
  readonly inventory: Inventory;
  /** The former ports of the Service, if any, are replaced by those it has now. */
  put(service: Service): void;
  /** Removing what is not there changes nothing. */
  remove(service: ServiceRef): void;
}

const NONE: readonly HeldPort[] = [];

/** An inventory that does not change; the order of the services does not matter, of two with one name the last counts. */
export function inventoryOf(services: Iterable<Service>, complete = true): Inventory {
  const { inventory, put } = makeHoldings();
  for (const service of services) put(service);
  return withCompleteness(inventory, complete);
}

/**
 * Several clusters as one: what is held in any of them is held. A quota is one of each cluster, so of a namespace the fullest
 * one counts. Without any, nothing is held.
 */
export function unionOf(inventories: readonly Inventory[]): Inventory {
  const [only] = inventories;
  if (only !== undefined && inventories.length === 1) return only;
  const fromAll = (portsIn: (inventory: Inventory) => readonly HeldPort[]): readonly HeldPort[] =>
    inventories.flatMap(portsIn).sort(byNumberThenName);
  return {
    complete: inventories.every(({ complete }) => complete),
    get held() {
      return fromAll(({ held }) => held);
    },
    get squatters() {
      return fromAll(({ squatters }) => squatters);
    },
    isHeld: (nodePort) => inventories.some(({ isHeld }) => isHeld(nodePort)),
    holdersOf: (nodePort) => fromAll(({ holdersOf }) => holdersOf(nodePort)),
    squattersOf: (nodePort) => fromAll(({ squattersOf }) => squattersOf(nodePort)),
    portsOf: (service) => fromAll(({ portsOf }) => portsOf(service)),
    heldIn: (namespace) =>
      inventories.map(({ heldIn }) => heldIn(namespace)).reduce((a, b) => (b.length > a.length ? b : a), NONE),
  };
}

/** The same inventory, still live if it was, that says of itself whether everything was listed. */
export function withCompleteness(inventory: Inventory, complete: boolean): Inventory {
  const { isHeld, holdersOf, squattersOf, portsOf, heldIn } = inventory;
  return {
    complete,
    get held() {
      return inventory.held;
    },
    get squatters() {
      return inventory.squatters;
    },
    isHeld,
    holdersOf,
    squattersOf,
    portsOf,
    heldIn,
  };
}

/** Putting and removing cost by the ports of that one Service; `held` and `squatters` are made when asked for. */
export function makeHoldings(): Holdings {
  const open = makeNumbered();
  const squatting = makeNumbered();
  const byNamespace = new Map<string, Shelf>();
  const taken = new Uint8Array(MAX_PORT + 1);
  const remove = (service: ServiceRef): void => {
    const ref = formatRef(service);
    const former = open.portsOf(ref);
    open.place(ref, NONE);
    for (const { nodePort } of former) taken[nodePort] = open.withNumber(nodePort).length > 0 ? 1 : 0;
    place(byNamespace, service.namespace, ref, NONE);
    squatting.place(ref, NONE);
  };
  return {
    inventory: {
      complete: true,
      get held() {
        return open.sorted();
      },
      get squatters() {
        return squatting.sorted();
      },
      isHeld: (nodePort) => taken[nodePort] === 1,
      holdersOf: open.withNumber,
      squattersOf: squatting.withNumber,
      portsOf: (service) => open.portsOf(formatRef(service)),
      heldIn: (namespace) => byNamespace.get(namespace)?.unsorted() ?? NONE,
    },
    put(service) {
      remove(service);
      const ref = formatRef(service);
      const ports = heldPorts(service).sort(byNumberThenName);
      if (!opensNodePorts(service.type)) {
        squatting.place(ref, ports);
        return;
      }
      open.place(ref, ports);
      place(byNamespace, service.namespace, ref, ports);
      for (const { nodePort } of ports) taken[nodePort] = 1;
    },
    remove,
  };
}

/** An inventory that grows with the batch that is being judged, each object as if those before it existed. */
export interface GrowingInventory {
  /** Reads what has been added and removed so far. */
  readonly inventory: Inventory;
  /** The former ports of the Service, if any, are replaced by those it has now. */
  add(service: Service): void;
  remove(service: ServiceRef): void;
}

/** Adding and asking cost by what was added under one number or one name, not by what the base holds. */
export function growing(base: Inventory): GrowingInventory {
  const { inventory: added, put, remove } = makeHoldings();
  const replaced = new Set<string>();
  const isReplaced = (port: HeldPort): boolean => replaced.has(formatRef(port));
  const remaining = (ports: readonly HeldPort[]): readonly HeldPort[] =>
    replaced.size === 0 ? ports : ports.filter((port) => !isReplaced(port));
  const together = (former: readonly HeldPort[], more: readonly HeldPort[]): readonly HeldPort[] =>
    more.length === 0 ? remaining(former) : [...remaining(former), ...more].sort(byNumberThenName);
  return {
    inventory: {
      complete: base.complete,
      get held() {
        return together(base.held, added.held);
      },
      get squatters() {
        return together(base.squatters, added.squatters);
      },
      isHeld: (nodePort) =>
        added.isHeld(nodePort) || (base.isHeld(nodePort) && base.holdersOf(nodePort).some((port) => !isReplaced(port))),
      holdersOf: (nodePort) => together(base.holdersOf(nodePort), added.holdersOf(nodePort)),
      squattersOf: (nodePort) => together(base.squattersOf(nodePort), added.squattersOf(nodePort)),
      portsOf: (service) => (replaced.has(formatRef(service)) ? added : base).portsOf(service),
      heldIn: (namespace) => [...remaining(base.heldIn(namespace)), ...added.heldIn(namespace)],
    },
    add(service) {
      replaced.add(formatRef(service));
      put(service);
    },
    remove(service) {
      replaced.add(formatRef(service));
      remove(service);
    },
  };
}

/** Ports by the Service that has them. The list of all of them is made when asked for, and kept until something changes. */
interface Shelf {
  readonly isEmpty: boolean;
  /** Replaces what the Service has here; an empty list takes it away. */
  place(ref: string, ports: readonly HeldPort[]): void;
  portsOf(ref: string): readonly HeldPort[];
  sorted(): readonly HeldPort[];
  unsorted(): readonly HeldPort[];
}

function makeShelf(): Shelf {
  const byRef = new Map<string, readonly HeldPort[]>();
  let all: readonly HeldPort[] | undefined;
  let inOrder: readonly HeldPort[] | undefined;
  const unsorted = (): readonly HeldPort[] => (all ??= [...byRef.values()].flat());
  return {
    get isEmpty() {
      return byRef.size === 0;
    },
    place(ref, ports) {
      all = undefined;
      inOrder = undefined;
      if (ports.length === 0) byRef.delete(ref);
      else byRef.set(ref, ports);
    },
    portsOf: (ref) => byRef.get(ref) ?? NONE,
    unsorted,
    sorted: () => (inOrder ??= unsorted().toSorted(byNumberThenName)),
  };
}

/** A shelf that also finds the ports by their number. */
interface Numbered extends Pick<Shelf, 'place' | 'portsOf' | 'sorted'> {
  withNumber(nodePort: number): readonly HeldPort[];
}

function makeNumbered(): Numbered {
  const { place: placeAll, portsOf, sorted } = makeShelf();
  const byNumber = new Map<number, Shelf>();
  return {
    place(ref, ports) {
      for (const { nodePort } of portsOf(ref)) place(byNumber, nodePort, ref, NONE);
      placeAll(ref, ports);
      for (const [nodePort, group] of Map.groupBy(ports, (port) => port.nodePort))
        place(byNumber, nodePort, ref, group);
    },
    portsOf,
    sorted,
    withNumber: (nodePort) => byNumber.get(nodePort)?.sorted() ?? NONE,
  };
}

/** Places on one of many shelves, which are made when needed and thrown away when empty. */
function place<Key>(shelves: Map<Key, Shelf>, key: Key, ref: string, ports: readonly HeldPort[]): void {
  const shelf = shelves.get(key) ?? (ports.length === 0 ? undefined : makeShelf());
  if (shelf === undefined) return;
  shelf.place(ref, ports);
  if (shelf.isEmpty) shelves.delete(key);
  else shelves.set(key, shelf);
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
  return a.nodePort - b.nodePort || compareText(placeOf(a), placeOf(b));
}

function placeOf(port: HeldPort): string {
  return `${formatRef(port)}/${port.port}/${port.protocol}`;
}
