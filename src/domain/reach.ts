import { formatRef, type ServiceRef } from './service.ts';

/** One node of the cluster, as far as clients of node ports care. */
export interface ClusterNode {
  readonly name: string;
  /** Internal and external IP addresses, in the order of the node's status. */
  readonly addresses: readonly string[];
}

/**
 * Which nodes there are, and which of them have a pod that answers for a Service: with externalTrafficPolicy Local only those
 * do.
 * Each part may be unknown (a manifest in a file, a right that is missing), and then nothing is concluded from it.
 */
export interface Reach {
  /** Sorted by name; undefined: nobody knows. */
  readonly nodes: readonly ClusterNode[] | undefined;
  /** Names of the nodes with an endpoint of the Service that answers; undefined: nobody knows. */
  nodesWithPods(service: ServiceRef): ReadonlySet<string> | undefined;
}

export const UNKNOWN_REACH: Reach = { nodes: undefined, nodesWithPods: () => undefined };

/** Which nodes answer for a Service with externalTrafficPolicy Local, and which drop what reaches them. Names, sorted. */
export interface Answering {
  readonly answering: readonly string[];
  readonly silent: readonly string[];
}

/** undefined where nodes or endpoints are not known. A pod on a node that is not listed counts for nothing. */
export function answeringNodes({ nodes, nodesWithPods }: Reach, service: ServiceRef): Answering | undefined {
  const withPods = nodesWithPods(service);
  if (nodes === undefined || withPods === undefined) return undefined;
  const names = nodes.map(({ name }) => name);
  return {
    answering: names.filter((name) => withPods.has(name)),
    silent: names.filter((name) => !withPods.has(name)),
  };
}

/** The nodes that answer for one Service, as one of its EndpointSlices says. */
export interface AnsweringEndpoints {
  readonly service: ServiceRef;
  readonly nodes: readonly string[];
}

/** `undefined`: that part is not known. */
export function reachOf(
  nodes: readonly ClusterNode[] | undefined,
  endpoints: readonly AnsweringEndpoints[] | undefined,
): Reach {
  const byService = new Map<string, Set<string>>();
  for (const { service, nodes: names } of endpoints ?? []) {
    const ref = formatRef(service);
    const known = byService.get(ref) ?? new Set();
    for (const name of names) known.add(name);
    byService.set(ref, known);
  }
  return {
    nodes,
    nodesWithPods: (service) => (endpoints === undefined ? undefined : (byService.get(formatRef(service)) ?? NONE)),
  };
}

const NONE: ReadonlySet<string> = new Set();
