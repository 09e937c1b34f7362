import type { PoolRange, Vacancy } from '../domain/pool.ts';
import { formatRef } from '../domain/service.ts';
import type { MappedHostPort, MappedPort, MappedSquatter, PortMap } from './port-map.ts';

/** The map of one cluster. */
export interface ClusterMap {
  /** As its inventory was given. */
  readonly cluster: string;
  readonly map: PortMap;
}

/** Of which numbers somebody wants to know; absent: of all. */
export interface Wanted {
  readonly namespace?: string;
  readonly pool?: string;
}

/** What `ports` prints. */
export interface PortListing {
  /** Of each cluster what is wanted. */
  readonly clusters: readonly ClusterMap[];
  /** Every number that somebody has in one of several clusters, ascending; empty with one cluster. */
  readonly numbers: readonly NumberUse[];
  /** Free in every cluster, ascending; undefined where nobody asked. */
  readonly free: readonly PoolRange[] | undefined;
}

/** One number in several clusters. */
export interface NumberUse {
  readonly nodePort: number;
  readonly pool?: string;
  /** In the order of the clusters, who has it there, whoever it is; without any it can be free. */
  readonly holders: readonly (readonly NumberHolder[])[];
  /** What it is where nobody has it. */
  readonly otherwise: Vacancy;
}

export type NumberHolder =
  | { readonly as: 'holder'; readonly port: MappedPort }
  | { readonly as: 'squatter'; readonly port: MappedSquatter }
  | { readonly as: 'host-port'; readonly port: MappedHostPort };

/** What the policy says of a number. */
export interface NumberFacts {
  readonly poolOf: (number: number) => string | undefined;
  readonly vacancyOf: (number: number) => Vacancy;
}

export function portListing(
  clusters: readonly ClusterMap[],
  wanted: Wanted,
  facts: NumberFacts,
  free: readonly PoolRange[] | undefined,
): PortListing {
  const shown = clusters.map(({ cluster, map }) => ({ cluster, map: partOf(map, wanted, facts) }));
  return { clusters: shown, numbers: clusters.length < 2 ? [] : numberUses(clusters, shown, facts), free };
}

function partOf(map: PortMap, { namespace, pool }: Wanted, { poolOf }: NumberFacts): PortMap {
  const isWanted = (number: number, object: { readonly namespace: string }): boolean =>
    (namespace === undefined || object.namespace === namespace) && (pool === undefined || poolOf(number) === pool);
  const ports = map.ports.filter((port) => isWanted(port.nodePort, port));
  const squatters = map.squatters.filter((port) => isWanted(port.nodePort, port));
  const named = new Set([...ports, ...squatters].map(formatRef));
  return {
    ...map,
    ports,
    squatters,
    hostPorts: map.hostPorts.filter((port) => isWanted(port.hostPort, port)),
    services:
      namespace === undefined && pool === undefined
        ? map.services
        : map.services.filter((each) => named.has(formatRef(each))),
    pools: pool === undefined ? map.pools : map.pools.filter(({ name }) => name === pool),
  };
}

/** A number that is wanted in one cluster is looked up in all of them: its holder elsewhere may be somebody else. */
function numberUses(
  all: readonly ClusterMap[],
  shown: readonly ClusterMap[],
  { poolOf, vacancyOf }: NumberFacts,
): readonly NumberUse[] {
  const byNumber = all.map(({ map }) => holdersByNumber(map));
  const numbers = new Set(shown.flatMap(({ map }) => [...holdersByNumber(map).keys()]));
  return [...numbers]
    .toSorted((a, b) => a - b)
    .map((nodePort) => {
      const pool = poolOf(nodePort);
      return {
        nodePort,
        ...(pool !== undefined && { pool }),
        holders: byNumber.map((holders) => holders.get(nodePort) ?? []),
        otherwise: vacancyOf(nodePort),
      };
    });
}

function holdersByNumber({ ports, squatters, hostPorts }: PortMap): ReadonlyMap<number, readonly NumberHolder[]> {
  const holders: readonly NumberHolder[] = [
    ...ports.map((port) => ({ as: 'holder' as const, port })),
    ...squatters.map((port) => ({ as: 'squatter' as const, port })),
    ...hostPorts.map((port) => ({ as: 'host-port' as const, port })),
  ];
  return Map.groupBy(holders, (holder) => numberOf(holder));
}

function numberOf(holder: NumberHolder): number {
  return holder.as === 'host-port' ? holder.port.hostPort : holder.port.nodePort;
}

/** The clusters in which nobody has the number although somebody could. */
export function freeIn({ holders, otherwise }: NumberUse, clusters: readonly ClusterMap[]): readonly string[] {
  return otherwise === 'free' ? clusters.filter((_, index) => holders[index]?.length === 0).map(nameOf) : [];
}

/** The clusters in which somebody has it. */
export function takenIn({ holders }: NumberUse, clusters: readonly ClusterMap[]): readonly string[] {
  return clusters.filter((_, index) => holders[index]?.length !== 0).map(nameOf);
}

function nameOf({ cluster }: ClusterMap): string {
  return cluster;
}
