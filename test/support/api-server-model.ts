import { isJsonObject, type JsonObject } from '../../src/domain/json.ts';

/**
 * kube-apiserver's treatment of Service node ports, holes included, written after Kubernetes v1.35.4
 * pkg/registry/core/service/storage (alloc.go, storage.go) and strategy.go. It knows ports, types and the allocator's
 * bitmap, nothing else. The e2e suite runs the real one; this one runs ten thousand attacks in a second.
 */
export interface PortSpec {
  readonly name: string;
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
  readonly nodePort: number;
}

export interface ServiceObject {
  readonly namespace: string;
  readonly name: string;
  readonly type: string;
  readonly ports: readonly PortSpec[];
  readonly local: boolean;
  readonly healthCheckNodePort: number;
  readonly allocate: boolean;
  /** Keys of the ports whose number somebody wrote, and `healthCheck`: what managedFields would say. */
  readonly owned: readonly string[];
}

export interface Gate {
  mutate(
    old: ServiceObject | undefined,
    object: ServiceObject,
  ): { readonly allowed: boolean; readonly object: ServiceObject };
  validate(old: ServiceObject | undefined, object: ServiceObject): { readonly allowed: boolean };
}

export type Outcome =
  | 'stored'
  | 'refused by the API server'
  | 'denied by /mutate'
  | 'denied by /validate'
  | 'not found';

const RANGE = { from: 30_000, to: 32_767 };

class Refused extends Error {}

/** One API server with an empty store. `pick` says which free number its allocator comes up with. */
export function makeApiServer(gate: Gate, pick: (free: readonly number[]) => number) {
  const store = new Map<string, ServiceObject>();
  const bits = new Set<number>();

  function allocate(number: number, transaction: number[]): void {
    if (number < RANGE.from || number > RANGE.to || bits.has(number)) throw new Refused(`${number}`);
    bits.add(number);
    transaction.push(number);
  }

  function allocateNext(transaction: number[]): number {
    const free: number[] = [];
    for (let port = RANGE.from; port <= RANGE.to; port += 1) if (!bits.has(port)) free.push(port);
    const number = pick(free);
    allocate(number, transaction);
    return number;
  }

  /** BeginCreate and BeginUpdate: fills in numbers, takes bits; what to release is returned for the commit. */
  function allocateAll(
    old: ServiceObject | undefined,
    object: ServiceObject,
    transaction: number[],
  ): [ServiceObject, number[]] {
    const ports = old === undefined ? initNodePorts(object, transaction) : updateNodePorts(old, object, transaction);
    const release = old === undefined ? [] : toRelease(old, { ...object, ports });
    let healthCheckNodePort = object.healthCheckNodePort;
    const needed = old !== undefined && needsHealthCheck(old);
    if (!needed && needsHealthCheck(object)) {
      if (healthCheckNodePort === 0) healthCheckNodePort = allocateNext(transaction);
      else allocate(healthCheckNodePort, transaction);
    }
    return [{ ...object, ports, healthCheckNodePort }, release];
  }

  function initNodePorts(object: ServiceObject, transaction: number[]): readonly PortSpec[] {
    if (!opens(object.type)) return object.ports;
    const byPort = new Map<number, number>();
    return object.ports.map((port) => {
      if (port.nodePort === 0 && !allocates(object)) return port;
      const shared = byPort.get(port.port);
      if (shared === undefined) {
        const requested = object.ports.find(
          ({ port: number, nodePort }) => number === port.port && nodePort !== 0,
        )?.nodePort;
        const nodePort = requested ?? allocateNext(transaction);
        if (requested !== undefined) allocate(requested, transaction);
        byPort.set(port.port, nodePort);
        return { ...port, nodePort };
      }
      if (port.nodePort === 0) return { ...port, nodePort: shared };
      if (port.nodePort !== shared) allocate(port.nodePort, transaction);
      return port;
    });
  }

  function updateNodePorts(old: ServiceObject, object: ServiceObject, transaction: number[]): readonly PortSpec[] {
    if (!opens(object.type)) return object.ports;
    const former = numbersOf(old);
    const taken = new Set<number>();
    return object.ports.map((port) => {
      if (port.nodePort === 0 && !allocates(object)) return port;
      if (port.nodePort === 0) return { ...port, nodePort: allocateNext(transaction) };
      if (!former.includes(port.nodePort) && !taken.has(port.nodePort)) {
        allocate(port.nodePort, transaction);
        taken.add(port.nodePort);
      }
      return port;
    });
  }

  function write(old: ServiceObject | undefined, submitted: ServiceObject): Outcome {
    const mutated = gate.mutate(old, submitted);
    if (!mutated.allowed) return 'denied by /mutate';
    const transaction: number[] = [];
    const rollBack = (outcome: Outcome): Outcome => {
      for (const number of transaction) bits.delete(number);
      return outcome;
    };
    try {
      const patched = old === undefined ? mutated.object : patchAllocatedValues(old, mutated.object);
      const [allocated, release] = allocateAll(old, patched, transaction);
      const final = old === undefined ? allocated : dropTypeDependentFields(old, allocated);
      validateService(old, final);
      if (!gate.validate(old, final).allowed) return rollBack('denied by /validate');
      for (const number of release) bits.delete(number);
      store.set(`${final.namespace}/${final.name}`, final);
      return 'stored';
    } catch (error) {
      if (error instanceof Refused) return rollBack('refused by the API server');
      throw error;
    }
  }

  return {
    bits,
    services: (): readonly ServiceObject[] => [...store.values()],
    create: (object: ServiceObject): Outcome =>
      store.has(`${object.namespace}/${object.name}`) ? 'refused by the API server' : write(undefined, object),
    update(namespace: string, name: string, change: (live: ServiceObject) => ServiceObject): Outcome {
      const live = store.get(`${namespace}/${name}`);
      return live === undefined ? 'not found' : write(live, change(live));
    },
    delete(namespace: string, name: string): Outcome {
      const live = store.get(`${namespace}/${name}`);
      if (live === undefined) return 'not found';
      store.delete(`${namespace}/${name}`);
      // releaseAllocatedResources frees whatever the object carries, of any type: that is the hole.
      for (const number of numbersOf(live)) bits.delete(number);
      if (needsHealthCheck(live)) bits.delete(live.healthCheckNodePort);
      return 'stored';
    },
  };
}

/** The numbers that a stored object opens on every node. */
export function openNumbers(object: ServiceObject): readonly number[] {
  return opens(object.type) ? [...numbersOf(object), object.healthCheckNodePort].filter((number) => number !== 0) : [];
}

/** As a webhook is sent it. */
export function toManifest(object: ServiceObject): JsonObject {
  const { namespace, name, type, ports, local, healthCheckNodePort, allocate, owned } = object;
  const isExternal = opens(type);
  const fields = Object.fromEntries(
    ports.map((port) => [
      JSON.stringify({ port: port.port, protocol: port.protocol }),
      owned.includes(port.name) ? { 'f:port': {}, 'f:nodePort': {} } : { 'f:port': {} },
    ]),
  );
  const keyed = Object.fromEntries(Object.entries(fields).map(([key, value]) => [`k:${key}`, value]));
  const healthCheck = owned.includes('healthCheck') ? { 'f:healthCheckNodePort': {} } : {};
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      namespace,
      name,
      managedFields: [
        { manager: 'kubectl', operation: 'Update', fieldsV1: { 'f:spec': { 'f:ports': keyed, ...healthCheck } } },
      ],
    },
    spec: {
      type,
      ports: ports.map(({ nodePort, ...rest }) => ({ ...rest, ...(nodePort !== 0 && { nodePort }) })),
      ...(isExternal && { externalTrafficPolicy: local ? 'Local' : 'Cluster' }),
      ...(healthCheckNodePort !== 0 && { healthCheckNodePort }),
      ...(type === 'LoadBalancer' && { allocateLoadBalancerNodePorts: allocate }),
    },
  };
}

/** Takes over the numbers of a patched manifest. */
export function withNumbersOf(object: ServiceObject, manifest: unknown): ServiceObject {
  const spec = isJsonObject(manifest) && isJsonObject(manifest['spec']) ? manifest['spec'] : {};
  const ports = Array.isArray(spec['ports']) ? (spec['ports'] as readonly JsonObject[]) : [];
  return {
    ...object,
    ports: object.ports.map((port, index) => ({ ...port, nodePort: Number(ports[index]?.['nodePort'] ?? 0) })),
    healthCheckNodePort: Number(spec['healthCheckNodePort'] ?? 0),
  };
}

function opens(type: string): boolean {
  return type === 'NodePort' || type === 'LoadBalancer';
}

function allocates({ type, allocate }: ServiceObject): boolean {
  return type === 'NodePort' || (type === 'LoadBalancer' && allocate);
}

function needsHealthCheck({ type, local }: ServiceObject): boolean {
  return type === 'LoadBalancer' && local;
}

function numbersOf({ ports }: ServiceObject): readonly number[] {
  return ports.map(({ nodePort }) => nodePort).filter((number) => number !== 0);
}

function patchAllocatedValues(old: ServiceObject, object: ServiceObject): ServiceObject {
  let { ports, healthCheckNodePort } = object;
  if (allocates(old) && allocates(object)) {
    const used = new Set(numbersOf(old).filter((number) => numbersOf(object).includes(number)));
    const byName = new Map(old.ports.map(({ name, nodePort }) => [name, nodePort]));
    ports = ports.map((port) => {
      const former = byName.get(port.name) ?? 0;
      return port.nodePort === 0 && !used.has(former) ? { ...port, nodePort: former } : port;
    });
  }
  if (needsHealthCheck(old) && needsHealthCheck(object) && healthCheckNodePort === 0) {
    healthCheckNodePort = old.healthCheckNodePort;
  }
  return { ...object, ports, healthCheckNodePort };
}

function dropTypeDependentFields(old: ServiceObject, object: ServiceObject): ServiceObject {
  const former = numbersOf(old);
  const drops = opens(old.type) && !opens(object.type) && numbersOf(object).every((number) => former.includes(number));
  const dropsHealthCheck =
    needsHealthCheck(old) && !needsHealthCheck(object) && object.healthCheckNodePort === old.healthCheckNodePort;
  return {
    ...object,
    ports: drops ? object.ports.map((port) => ({ ...port, nodePort: 0 })) : object.ports,
    healthCheckNodePort: dropsHealthCheck ? 0 : object.healthCheckNodePort,
  };
}

/** What matters of ValidateService and ValidateServiceUpdate. */
function validateService(old: ServiceObject | undefined, object: ServiceObject): void {
  const pairs = object.ports
    .filter(({ nodePort }) => nodePort !== 0)
    .map(({ nodePort, protocol }) => `${nodePort}/${protocol}`);
  if (new Set(pairs).size !== pairs.length) throw new Refused('duplicate nodePort');
  const keys = object.ports.map(({ port, protocol }) => `${port}/${protocol}`);
  if (new Set(keys).size !== keys.length) throw new Refused('duplicate port');
  if (object.type === 'ClusterIP' && pairs.length > 0) throw new Refused('nodePort on a ClusterIP');
  if (object.healthCheckNodePort !== 0 && !needsHealthCheck(object)) throw new Refused('healthCheckNodePort');
  if (old !== undefined) validateUpdate(old, object);
}

function validateUpdate(old: ServiceObject, object: ServiceObject): void {
  const hasBoth = needsHealthCheck(old) && needsHealthCheck(object);
  if (hasBoth && old.healthCheckNodePort !== object.healthCheckNodePort) throw new Refused('healthCheckNodePort');
}

function toRelease(old: ServiceObject, object: ServiceObject): number[] {
  const released: number[] = [];
  if (opens(object.type)) released.push(...numbersOf(old).filter((number) => !numbersOf(object).includes(number)));
  else if (opens(old.type)) released.push(...numbersOf(old));
  if (needsHealthCheck(old) && !needsHealthCheck(object)) released.push(old.healthCheckNodePort);
  return released;
}
