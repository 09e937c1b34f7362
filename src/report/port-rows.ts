import { formatRef } from '../domain/service.ts';
import type { CsvCell } from './csv.ts';
import type {
  MappedFinding,
  MappedHostPort,
  MappedPool,
  MappedPort,
  MappedService,
  MappedSquatter,
  PortMap,
} from './port-map.ts';

/** One row of a table of everything that is in a map; what it has nothing to say about is empty. */
export type PortRow = Readonly<Partial<Record<(typeof PORT_COLUMNS)[number], CsvCell>>>;

export const PORT_COLUMNS = [
  'kind',
  'node_port',
  'protocol',
  'namespace',
  'name',
  'port',
  'type',
  'pool',
  'contact',
  'sources',
  'external_traffic_policy',
  'answering_nodes',
  'silent_nodes',
  'marks',
  'others',
  'findings',
  'created',
] as const;

/** By number: ports that are open (`port`), numbers that are only carried (`squatter`), and what pods take (`host-port`). */
export function portRows(map: PortMap): readonly PortRow[] {
  const services = new Map(map.services.map((service) => [formatRef(service), service]));
  const pools = new Map(map.pools.map((pool) => [pool.name, pool]));
  const holders = Map.groupBy(map.ports, ({ nodePort }) => nodePort);
  const about = (port: Carrier): PortRow => ({
    ...carrierPart(port, pools),
    ...servicePart(port.nodePort, services.get(formatRef(port))),
  });
  const othersOf = (port: MappedPort): readonly string[] => {
    const refs = (holders.get(port.nodePort) ?? []).map(formatRef);
    return [...new Set(refs)].filter((ref) => ref !== formatRef(port));
  };
  const rows: readonly PortRow[] = [
    ...map.ports.map((port) => ({
      ...about(port),
      kind: 'port',
      marks: port.marks.join(', '),
      others: othersOf(port).join(', '),
    })),
    ...map.squatters.map((squatter) => ({
      ...about(squatter),
      kind: 'squatter',
      type: squatter.type,
      others: squatter.victims.join(', '),
    })),
    ...map.hostPorts.map(hostPortRow),
  ];
  return rows.toSorted((a, b) => Number(a.node_port) - Number(b.node_port));
}

type Carrier = Omit<MappedPort, 'marks'> | MappedSquatter;

function carrierPart(
  { nodePort, protocol, namespace, name, port, pool }: Carrier,
  pools: ReadonlyMap<string, MappedPool>,
): PortRow {
  const contact = pool === undefined ? undefined : pools.get(pool)?.contact;
  const label = /^\d+$/.test(port) ? Number(port) : port;
  return { node_port: nodePort, protocol, namespace, name, port: label, pool, contact };
}

function servicePart(number: number, service: MappedService | undefined): PortRow {
  if (service === undefined) return {};
  const { type, created, sources, externalTrafficPolicy, nodes } = service;
  return {
    type,
    sources: sources?.networks.join(', '),
    external_traffic_policy: externalTrafficPolicy,
    answering_nodes: nodes && withMore(nodes.answering, nodes.moreAnswering).join(', '),
    silent_nodes: nodes && withMore(nodes.silent, nodes.moreSilent).join(', '),
    findings: findingsAbout(number, service.findings),
    created,
  };
}

/** Of the port, and of the object as a whole: `node-port-pool (deny), source-cidrs (warn), node-port-quota (undetermined)`. */
function withMore(names: readonly string[], more: number | undefined): readonly string[] {
  return more === undefined ? names : [...names, `and ${more} more`];
}

function findingsAbout(number: number, findings: readonly MappedFinding[]): string {
  const said = findings
    .filter(({ nodePort = number }) => nodePort === number)
    .map(({ rule, enforcement, undetermined }) => `${rule} (${undetermined ? 'undetermined' : enforcement})`);
  return [...new Set(said)].join(', ');
}

function hostPortRow({ hostPort, because, kind, holders, findings, ...owner }: MappedHostPort): PortRow {
  const { protocol, namespace, name } = owner;
  return {
    kind: 'host-port',
    node_port: hostPort,
    protocol,
    namespace,
    name,
    port: because,
    type: kind,
    others: holders.join(', '),
    findings: findingsAbout(hostPort, findings),
  };
}
