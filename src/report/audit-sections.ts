import { counted, firstOf } from '../domain/text.ts';
import { aligned } from './aligned.ts';
import { harmless } from './harmless.ts';
import { holderText, labelText, nameText } from './holder-text.ts';
import { objectName } from './object-title.ts';
import type {
  MappedHostPort,
  MappedPool,
  MappedPort,
  MappedService,
  MappedSources,
  MappedSquatter,
  PortMap,
  PortMark,
} from './port-map.ts';

/** One kind of thing that only a whole cluster shows. */
export interface AuditSection {
  readonly title: string;
  /** What each of its lines is about: `port`. */
  readonly noun: string;
  /** One for each thing, worst first; harmless already. */
  readonly lines: readonly string[];
}

/** How many names of a list a line has room for. */
const MOST_NAMES = 3;

/** The sections that have something to say, worst first. They tell what is so, whatever the policy makes of it. */
export function auditSections(map: PortMap): readonly AuditSection[] {
  const isTakeOver = ({ victims }: MappedSquatter): boolean => victims.length > 0;
  const sections: readonly AuditSection[] = [
    { title: 'held by several Services', noun: 'number', lines: sharedLines(map) },
    {
      title: 'could be taken over by a change of type',
      noun: 'number',
      lines: squatterLines(map.squatters.filter(isTakeOver), map.ports),
    },
    {
      title: 'carried by Services that do not open them',
      noun: 'number',
      lines: squatterLines(
        map.squatters.filter((squatter) => !isTakeOver(squatter)),
        map.ports,
      ),
    },
    marked(map, 'outside-range', `outside ${harmless(map.range)}, which the API server does not allocate`),
    { title: 'taken by pods on their nodes, inside the range', noun: 'port', lines: hostPortLines(map.hostPorts) },
    { title: 'open to the world', noun: 'port', lines: worldLines(map) },
    marked(map, 'unowned', 'outside every pool'),
    marked(map, 'load-balancer', 'open on every node, beside the address of a load balancer'),
    marked(map, 'health-check', 'health checks, which kubectl get services does not show'),
    { title: 'Local, with nodes that do not answer', noun: 'Service', lines: localLines(map.services) },
    { title: 'pools by fullness', noun: 'pool', lines: poolLines(map.pools) },
  ];
  return sections.filter(({ lines }) => lines.length > 0);
}

function marked({ ports }: PortMap, mark: PortMark, title: string): AuditSection {
  const rows = ports.filter(({ marks }) => marks.includes(mark)).map((port) => [numberOf(port), holderOf(port)]);
  return { title, noun: 'port', lines: aligned(rows) };
}

function sharedLines({ ports }: PortMap): readonly string[] {
  const shared = Map.groupBy(
    ports.filter(({ marks }) => marks.includes('shared')),
    ({ nodePort }) => nodePort,
  );
  return aligned([...shared].map(([number, holders]) => [String(number), some(holders.map(holderText))]));
}

function squatterLines(squatters: readonly MappedSquatter[], ports: readonly MappedPort[]): readonly string[] {
  const holders = Map.groupBy(ports, ({ nodePort }) => nodePort);
  const rows = squatters.map((squatter) => {
    const { type, nodePort } = squatter;
    const who = type === undefined ? holderOf(squatter) : `${holderOf(squatter)}, ${harmless(type)}`;
    const victims = (holders.get(nodePort) ?? []).map(holderText);
    return [numberOf(squatter), who, victims.length === 0 ? '' : `would take it from ${some(victims)}`];
  });
  return aligned(rows);
}

function worldLines({ ports, services }: PortMap): readonly string[] {
  const sources = new Map(services.map((service) => [objectName(service), service.sources]));
  const open = ports.filter(({ marks }) => marks.includes('open-to-world'));
  return aligned(open.map((port) => [numberOf(port), holderOf(port), whyOpen(sources.get(objectName(port)))]));
}

function whyOpen(sources: MappedSources | undefined): string {
  if (sources === undefined) return 'nothing says who may connect';
  const networks = sources.networks.filter((network) => network !== '');
  // Behind the field, two colons are no order to CI.
  return harmless(`${sources.field}${networks.length === 0 ? ' names no network' : `: ${some(networks)}`}`);
}

function hostPortLines(ports: readonly MappedHostPort[]): readonly string[] {
  const rows = ports.map(({ hostPort, protocol, because, kind, pods, holders, ...owner }) => {
    const count = kind === 'Pod' ? because : `${because} of ${counted(pods, 'pod')}`;
    const clash = holders.length === 0 ? '' : `also the node port of ${some(holders.map(harmless))}`;
    return [`${hostPort}/${harmless(protocol)}`, `${harmless(kind)} ${nameText(owner)}`, count, clash];
  });
  return aligned(rows);
}

/** Those that nobody reaches first. */
function localLines(services: readonly MappedService[]): readonly string[] {
  const rows = services.flatMap(({ nodes, ...service }) => {
    if (nodes === undefined || nodes.silent.length === 0) return [];
    const { answering, silent, moreAnswering = 0, moreSilent = 0 } = nodes;
    const up = answering.length + moreAnswering;
    const names = up === 0 ? '' : `: ${some(answering.map(harmless), moreAnswering)}`;
    const all = counted(up + silent.length + moreSilent, 'node');
    const text = `${up} of ${all} ${up === 1 ? 'answers' : 'answer'}${names}`;
    return [{ answering, cells: [nameText(service), `${text}; silent: ${some(silent.map(harmless), moreSilent)}`] }];
  });
  const deadFirst = rows.toSorted((a, b) => Math.min(a.answering.length, 1) - Math.min(b.answering.length, 1));
  return aligned(deadFirst.map(({ cells }) => cells));
}

function poolLines(pools: readonly MappedPool[]): readonly string[] {
  const fullness = ({ held, size }: MappedPool): number => held / Math.max(size, 1);
  const fullestFirst = pools.toSorted((a, b) => fullness(b) - fullness(a));
  const rows = fullestFirst.map((pool) => [
    harmless(pool.name),
    `${Math.round(100 * fullness(pool))} %`,
    `${pool.held} of ${pool.size} held`,
    pool.assign ? `${pool.free} free` : `${pool.free} free, not assigned`,
    some(pool.ports.split(', ')),
    harmless(pool.contact ?? ''),
  ]);
  return aligned(rows);
}

type Carrier = Pick<MappedPort, 'nodePort' | 'protocol' | 'namespace' | 'name' | 'port'>;

function numberOf({ nodePort, protocol }: Carrier): string {
  return `${nodePort}/${harmless(protocol)}`;
}

/** `shop/web (http)` */
function holderOf(port: Carrier): string {
  return `${nameText(port)} (${labelText(port.port)})`;
}

/** `beyond`: how many there are behind the last. */
function some(texts: readonly string[], beyond = 0): string {
  const more = texts.length - MOST_NAMES + beyond;
  return beyond > 0 && more > 0
    ? [...texts.slice(0, MOST_NAMES), `and ${more} more`].join(', ')
    : firstOf(texts, MOST_NAMES).join(', ');
}
