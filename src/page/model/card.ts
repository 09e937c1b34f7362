import { formatRef } from '../../domain/service.ts';
import { allOf, counted } from '../../domain/text.ts';
import type { MappedFinding, MappedHostPort, MappedService, MappedSquatter } from '../../report/port-map.ts';
import { shellWord } from '../../report/shell-word.ts';
import { type Atlas, type AtlasPool, isInRange, type PortEntry } from './atlas.ts';
import { type Cell, cellOf } from './cell.ts';
import { strictestFirst } from './finding-level.ts';
import { moment } from './moment.ts';

/** A line of a card: what it is, and what it says. */
export type Fact = readonly [label: string, text: string];

/** Everything known about one number. */
export interface Card {
  readonly number: number;
  readonly state: Cell['state'];
  readonly pool: readonly Fact[];
  /** What its state means and what to do, in sentences; empty when a Service holds it as it should. */
  readonly advice: readonly string[];
  readonly holders: readonly CardHolder[];
  readonly squatters: readonly CardHolder[];
  readonly hostPorts: readonly CardHolder[];
  /** What goes into a manifest to have this number; only where it may be had. */
  readonly line?: string;
}

export interface CardHolder {
  readonly title: string;
  readonly facts: readonly Fact[];
  readonly findings: readonly MappedFinding[];
  /** The command that shows it. */
  readonly command: string;
}

export function cardOf(atlas: Atlas, number: number): Card {
  const { state } = cellOf(atlas, number);
  const entries = atlas.byNumber.get(number) ?? [];
  return {
    number,
    state,
    pool: poolFacts(atlas, number),
    advice: adviceOf(atlas, number, state),
    holders: holdersOf(atlas, entries),
    squatters: atlas.map.squatters.filter(({ nodePort }) => nodePort === number).map((one) => squatterOf(atlas, one)),
    hostPorts: atlas.map.hostPorts.filter(({ hostPort }) => hostPort === number).map(hostPortOf),
    ...(state === 'free' && { line: `nodePort: ${number}` }),
  };
}

function noPoolText({ map, pools }: Atlas): string {
  if (map.policy === undefined) return 'not known: no policy is in force';
  return pools.length === 0 ? 'none: the policy has no pools' : 'none: the number is outside every pool';
}

/** Of the pool that the number belongs to, and the names of those that have it as well. */
function poolFacts(atlas: Atlas, number: number): readonly Fact[] {
  const [owner, ...others] = atlas.pools.filter(({ set }) => set.has(number));
  if (owner === undefined) return [['Name', noPoolText(atlas)]];
  const { name, contact, ports, free, size, assign } = owner;
  return [
    ['Name', name],
    ['Contact', contact ?? 'none named'],
    ['Its ports', `${ports}; ${free} of ${size} free${assign ? '' : '; the gate assigns none of them'}`],
    ...(others.length === 0 ? [] : [['Also in', others.map((pool) => pool.name).join(', ')] as const]),
  ];
}

function adviceOf(atlas: Atlas, number: number, state: Cell['state']): readonly string[] {
  const isTaken = atlas.byNumber.has(number);
  const outside = isInRange(atlas.range, number) ? [] : [outsideText(atlas.map.range, isTaken)];
  return [...outside, ...(isTaken || outside.length === 0 ? (ADVICE[state]?.(atlas.poolOf(number)) ?? []) : [])];
}

function outsideText(range: string, isTaken: boolean): string {
  return isTaken
    ? `Outside the range ${range}: the API server allocates no such number, so it came past it; a port like this can take over a port of the node itself. Change the Service, and close the hole with manifests/floor.yaml`
    : `Outside the range ${range}: the API server does not allocate it`;
}

const ADVICE: Readonly<Partial<Record<Cell['state'], (pool: AtlasPool | undefined) => readonly string[]>>> = {
  shared: () => [
    'Several Services have this number: clients reach one of them, and which one is not defined. Give all but one another number',
  ],
  squatted: () => [
    'A Service that does not open it carries this number: it takes the number as soon as its type changes. Remove the number from that Service',
  ],
  'host-port': () => [
    'Pods take this number on their nodes, inside the range: a Service that gets it takes their traffic. Give the pods a number outside the range',
  ],
  reserved: (pool) => [
    `Never assigned, and a Service that writes it is reported. To use it, ask ${pool?.contact ?? 'the owner of the pool'} for an exception`,
  ],
  free: (pool) =>
    pool === undefined
      ? ['Free, and in no pool: write it as nodePort']
      : [
          pool.assign
            ? `Free for namespaces that may use pool ${pool.name}: write it as nodePort, or leave nodePort out and get a number of the pool`
            : `Free for namespaces that may use pool ${pool.name}: write it as nodePort; the gate assigns none of this pool`,
        ],
};

/** Each Service once, with all its ports of that number. */
function holdersOf(atlas: Atlas, entries: readonly PortEntry[]): readonly CardHolder[] {
  const held = entries.filter(({ kind }) => kind === 'held');
  return [...Map.groupBy(held, formatRef)].flatMap(([ref, ports]) => {
    const [first] = ports;
    if (first === undefined) return [];
    return [
      {
        title: ref,
        facts: [
          ['Ports', ports.map(({ port, protocol }) => `${port} ${protocol}`).join(', ')] as const,
          ...serviceFacts(atlas, first),
        ],
        findings: strictestFirst(first.findings),
        command: commandFor('service', first),
      },
    ];
  });
}

function serviceFacts(atlas: Atlas, { service, marks }: PortEntry): readonly Fact[] {
  if (service === undefined) return [['Who may connect', notAudited(atlas)]];
  const { type, externalTrafficPolicy, policies, created } = service;
  return [
    ['Who may connect', sourcesText(service, marks.includes('open-to-world'))],
    ['Type', marks.includes('load-balancer') ? `${type}, beside the address of the load balancer` : type],
    ...(externalTrafficPolicy === undefined ? [] : [['Traffic policy', externalTrafficPolicy] as const]),
    ...nodeFacts(atlas, service),
    ['Policies', policies.length === 0 ? 'none matches' : policies.join(', ')],
    ...(created === undefined ? [] : [['Since', `Service created ${moment(created)}`] as const]),
  ];
}

/** Why something is not known that only an audit finds out. */
export function notAudited({ map }: Atlas): string {
  return map.auditedAt === undefined
    ? 'not known: no audit has run; start the gate with --audit-interval'
    : 'not known: the Service or its ports are newer than the last audit';
}

function sourcesText({ sources }: MappedService, isOpen: boolean): string {
  if (sources === undefined) return isOpen ? 'the world: the Service does not say who may' : 'the Service does not say';
  const networks = sources.networks.length === 0 ? 'nobody' : sources.networks.join(', ');
  return `${isOpen ? 'the world: ' : ''}${networks} (${sources.field})`;
}

function nodeFacts({ map }: Atlas, { externalTrafficPolicy, nodes }: MappedService): readonly Fact[] {
  if (externalTrafficPolicy !== 'Local') {
    return [['Answers on', map.nodes === undefined ? 'every node' : `every node (${map.nodes.length})`]];
  }
  if (nodes === undefined) return [['Answers on', 'nodes with a ready pod; which ones is not known']];
  const addresses = new Map((map.nodes ?? []).map((node) => [node.name, node.addresses]));
  const text = (names: readonly string[]): string =>
    names.map((name) => [name, ...(addresses.get(name) ?? [])].join(' ')).join(', ') || 'no node';
  return [
    ['Answers on', `${text(nodes.answering)}${moreText(nodes.moreAnswering)}`],
    ['Silent on', `${text(nodes.silent)}${moreText(nodes.moreSilent)}`],
  ];
}

function moreText(count: number | undefined): string {
  return count === undefined ? '' : `, and ${count} more`;
}

function squatterOf(atlas: Atlas, squatter: MappedSquatter): CardHolder {
  const { type, victims, port, protocol } = squatter;
  return {
    title: formatRef(squatter),
    facts: [
      ['Carries', `port ${port} ${protocol}`],
      ['Type', type ?? notAudited(atlas)],
      ...(victims.length === 0 ? [] : [['Would take it from', allOf(victims)] as const]),
    ],
    findings: strictestFirst(atlas.services.get(formatRef(squatter))?.findings ?? []),
    command: commandFor('service', squatter),
  };
}

function hostPortOf(host: MappedHostPort): CardHolder {
  const { kind, namespace, name, because, protocol, pods, holders } = host;
  return {
    title: `${kind} ${namespace}/${name}`,
    facts: [
      ['Takes it by', `${because} ${protocol}, ${counted(pods, 'pod')}`],
      ...(holders.length === 0 ? [] : [['Node port of', allOf(holders)] as const]),
    ],
    findings: strictestFirst(host.findings),
    command: commandFor(kind.toLowerCase(), host),
  };
}

function commandFor(kind: string, { namespace, name }: { readonly namespace: string; readonly name: string }): string {
  return `kubectl get ${shellWord(kind)} ${shellWord(name)} -n ${shellWord(namespace)} -o yaml`;
}
