import type { Enforcement } from '../../domain/finding.ts';
import { isStricter } from '../../domain/finding.ts';
import { MAX_PORT, parseRange, type PortRange, type PortSet, portSet } from '../../domain/port-set.ts';
import type { MappedFinding, MappedPool, MappedService, PortMap, PortMark } from '../../report/port-map.ts';

/** What a line about one number is about. */
export type EntryKind = 'held' | 'squatted' | 'host-port' | 'reserved' | 'free';

/** One line of the list of ports: a number with what has it, or with nothing. */
export interface PortEntry {
  readonly kind: EntryKind;
  readonly number: number;
  /** Empty where nothing has the number. */
  readonly protocol: string;
  readonly namespace: string;
  readonly name: string;
  readonly port: string;
  readonly pool: AtlasPool | undefined;
  readonly marks: readonly PortMark[];
  /** The Service, as far as it was looked up. */
  readonly service: MappedService | undefined;
  /** Those about this number, and those about the whole Service. */
  readonly findings: readonly MappedFinding[];
  readonly strictest: Enforcement | undefined;
  /** What a search looks in: everything above that has letters, in lower case. */
  readonly searched: string;
}

export interface AtlasPool extends MappedPool {
  readonly index: number;
  readonly set: PortSet;
  readonly reservedSet: PortSet;
  /** What a search for it may look for, in lower case. */
  readonly searched: string;
}

/** A map that answers questions about numbers. */
export interface Atlas {
  readonly map: PortMap;
  readonly range: PortRange;
  readonly pools: readonly AtlasPool[];
  /** What has a number: holders, squatters and host ports, by number. */
  readonly entries: readonly PortEntry[];
  readonly byNumber: ReadonlyMap<number, readonly PortEntry[]>;
  readonly services: ReadonlyMap<string, MappedService>;
  poolOf(number: number): AtlasPool | undefined;
  /** Numbers of the range that nothing has, as entries; made when first asked for. */
  readonly vacant: readonly PortEntry[];
  /** The same for one number; undefined: something has it, or it is outside the range. */
  vacantAt(number: number): PortEntry | undefined;
}

const NO_RANGE: PortRange = { from: 1, to: 0 };

export function atlasOf(map: PortMap): Atlas {
  const range = parseRange(map.range) ?? NO_RANGE;
  const pools = map.pools.map((pool, index) => ({
    ...pool,
    index,
    set: setOf(pool.ports),
    reservedSet: setOf(pool.reserved),
    searched: `${pool.name}\n${pool.contact ?? ''}`.toLowerCase(),
  }));
  const poolOf = poolFinder(pools);
  const services = new Map(map.services.map((service) => [refOf(service), service]));
  const entries = takenEntries(map, { services, poolOf });
  const byNumber = Map.groupBy(entries, ({ number }) => number);
  const vacantAt = (number: number): PortEntry | undefined =>
    byNumber.has(number) || !isInRange(range, number) ? undefined : vacantEntry(number, poolOf(number));
  let vacant: readonly PortEntry[] | undefined;
  return {
    map,
    range,
    pools,
    entries,
    byNumber,
    services,
    poolOf,
    get vacant() {
      return (vacant ??= vacantEntries(range, vacantAt));
    },
    vacantAt,
  };
}

/** `namespace/name`. */
export function refOf({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
  return `${namespace}/${name}`;
}

export function isInRange({ from, to }: PortRange, number: number): boolean {
  return number >= from && number <= to;
}

function setOf(text: string): PortSet {
  return portSet(text.split(', ').flatMap((part) => parseRange(part) ?? []));
}

/** A number belongs to the first pool that has it; asked for every cell of the map. */
function poolFinder(pools: readonly AtlasPool[]): Atlas['poolOf'] {
  const owner = new Int32Array(MAX_PORT + 1).fill(-1);
  for (const { set, index } of pools.toReversed()) {
    for (const { from, to } of set.ranges) owner.fill(index, from, to + 1);
  }
  return (number) => pools[owner[number] ?? -1];
}

type Known = Pick<Atlas, 'services' | 'poolOf'>;
interface Taken extends Pick<PortEntry, 'kind' | 'number' | 'protocol' | 'namespace' | 'name' | 'port' | 'marks'> {
  /** Of pods; those of a Service stand with it. */
  readonly findings?: readonly MappedFinding[];
}

function takenEntries(map: PortMap, known: Known): readonly PortEntry[] {
  const taken: readonly Taken[] = [
    ...map.ports.map((port) => takenBy('held', port.nodePort, port)),
    ...map.squatters.map((squatter) => takenBy('squatted', squatter.nodePort, { ...squatter, marks: [] })),
    ...map.hostPorts.map((host) => takenBy('host-port', host.hostPort, { ...host, port: host.because, marks: [] })),
  ];
  return taken.map((one) => entryOf(one, known)).sort((a, b) => a.number - b.number);
}

function takenBy(
  kind: EntryKind,
  number: number,
  { protocol, namespace, name, port, marks, findings = [] }: Omit<Taken, 'kind' | 'number'>,
): Taken {
  return { kind, number, protocol, namespace, name, port, marks, findings };
}

function entryOf(taken: Taken, { services, poolOf }: Known): PortEntry {
  const { number, protocol, port, marks } = taken;
  const service = taken.kind === 'host-port' ? undefined : services.get(refOf(taken));
  const findings = (service?.findings ?? taken.findings ?? []).filter(({ nodePort = number }) => nodePort === number);
  const pool = poolOf(number);
  const texts = [number, protocol, refOf(taken), port, pool?.searched, ...marks];
  return {
    ...taken,
    pool,
    service,
    findings,
    strictest: strictestOf(findings),
    searched: [...texts, ...findings.flatMap(({ rule, message }) => [rule, message])].join('\n').toLowerCase(),
  };
}

/** The level of the strictest finding; undefined when there is none. */
export function strictestOf(findings: readonly MappedFinding[]): Enforcement | undefined {
  let strictest: Enforcement | undefined;
  for (const { enforcement } of findings) {
    if (strictest === undefined || isStricter(enforcement, strictest)) strictest = enforcement;
  }
  return strictest;
}

function vacantEntries({ from, to }: PortRange, vacantAt: Atlas['vacantAt']): readonly PortEntry[] {
  const vacant: PortEntry[] = [];
  for (let number = from; number <= to; number += 1) {
    const entry = vacantAt(number);
    if (entry !== undefined) vacant.push(entry);
  }
  return vacant;
}

function vacantEntry(number: number, pool: AtlasPool | undefined): PortEntry {
  return {
    kind: pool?.reservedSet.has(number) === true ? 'reserved' : 'free',
    number,
    protocol: '',
    namespace: '',
    name: '',
    port: '',
    pool,
    marks: [],
    service: undefined,
    findings: [],
    strictest: undefined,
    searched: `${number}\n${pool?.searched ?? ''}`,
  };
}
