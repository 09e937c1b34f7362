import { MAX_PORT, parseRange, type PortRange, type PortSet, portSet } from '../../domain/port-set.ts';
import { formatRef } from '../../domain/service.ts';
import type {
  MappedFinding,
  MappedHostPort,
  MappedPool,
  MappedPort,
  MappedService,
  MappedSquatter,
  PortMap,
  PortMark,
} from '../../report/port-map.ts';
import { type FindingLevel, levelOf, strictestOf } from './finding-level.ts';

/** What a line about one number is about. */
export type EntryKind = 'held' | 'squatted' | 'host-port' | 'reserved' | 'free';

/** One line of the list of ports: a number with what has it, or with nothing. */
export interface PortEntry {
  readonly kind: EntryKind;
  readonly number: number;
  /** Empty where nothing has the number. */
  readonly protocol: string;
  /** `Service`, or the kind of what made the pods. */
  readonly owner: string;
  readonly namespace: string;
  readonly name: string;
  readonly port: string;
  /** The first that has the number. */
  readonly pool: AtlasPool | undefined;
  readonly marks: readonly PortMark[];
  /** The Service, as far as it was looked up. */
  readonly service: MappedService | undefined;
  /** Those about this number, and those about the whole Service. */
  readonly findings: readonly MappedFinding[];
  readonly strictest: FindingLevel | undefined;
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

/** What has a number, as the map has it. */
type Taker = MappedPort | MappedSquatter | MappedHostPort;

/** A map that answers questions about numbers. */
export interface Atlas {
  readonly map: PortMap;
  readonly range: PortRange;
  readonly pools: readonly AtlasPool[];
  /** What has a number: holders, squatters and host ports, by number. */
  readonly entries: readonly PortEntry[];
  readonly byNumber: ReadonlyMap<number, readonly PortEntry[]>;
  /** The entry of what the map has. */
  readonly entryOf: ReadonlyMap<Taker, PortEntry>;
  readonly services: ReadonlyMap<string, MappedService>;
  /** The first that has the number. */
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
  const services = new Map(map.services.map((service) => [formatRef(service), service]));
  const entryOf = takenEntries(map, { services, poolOf });
  const entries = [...entryOf.values()].sort((a, b) => a.number - b.number);
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
    entryOf,
    services,
    poolOf,
    get vacant() {
      return (vacant ??= vacantEntries(range, vacantAt));
    },
    vacantAt,
  };
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
interface Taken extends Pick<
  PortEntry,
  'kind' | 'number' | 'protocol' | 'owner' | 'namespace' | 'name' | 'port' | 'marks'
> {
  /** Of pods; those of a Service stand with it. */
  readonly findings?: readonly MappedFinding[];
}

function takenEntries(map: PortMap, known: Known): ReadonlyMap<Taker, PortEntry> {
  const entries = new Map<Taker, PortEntry>();
  const add = (taker: Taker, taken: Omit<Taken, 'protocol' | 'namespace' | 'name'>): void => {
    const { protocol, namespace, name } = taker;
    entries.set(taker, entryFor({ ...taken, protocol, namespace, name }, known));
  };
  for (const held of map.ports) {
    const { nodePort, port, marks } = held;
    add(held, { kind: 'held', number: nodePort, owner: 'Service', port, marks });
  }
  for (const squatter of map.squatters) {
    const { nodePort, port } = squatter;
    add(squatter, { kind: 'squatted', number: nodePort, owner: 'Service', port, marks: [] });
  }
  for (const host of map.hostPorts) {
    const { hostPort, kind, because, findings } = host;
    add(host, { kind: 'host-port', number: hostPort, owner: kind, port: because, marks: [], findings });
  }
  return entries;
}

function entryFor(taken: Taken, { services, poolOf }: Known): PortEntry {
  const { number, protocol, port, marks } = taken;
  const service = taken.kind === 'host-port' ? undefined : services.get(formatRef(taken));
  const findings = (service?.findings ?? taken.findings ?? []).filter(({ nodePort = number }) => nodePort === number);
  const pool = poolOf(number);
  const texts = [number, protocol, formatRef(taken), port, pool?.searched, ...marks];
  return {
    ...taken,
    pool,
    service,
    findings,
    strictest: strictestOf(findings.map(levelOf)),
    searched: [...texts, ...findings.flatMap(({ rule, message }) => [rule, message])].join('\n').toLowerCase(),
  };
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
    owner: '',
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
