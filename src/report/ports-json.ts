import { formatRanges } from '../domain/port-set.ts';
import { jsonText } from './json-text.ts';
import { type ClusterMap, freeIn, type PortListing, takenIn } from './port-listing.ts';
import type { PortMap } from './port-map.ts';

interface WithFree {
  /** Free in every cluster: `30112-30119`, or one number, with the pool that they belong to. Only where it was asked for. */
  readonly free?: readonly { readonly ports: string; readonly pool?: string }[];
}

/** What `ports -o json` prints of one cluster. */
export type JsonPorts = PortMap & WithFree;

/** What `ports -o json` prints of several. */
export interface PortMapList extends WithFree {
  readonly apiVersion: 'nodeport-gate.dev/v1alpha1';
  readonly kind: 'PortMapList';
  readonly items: readonly ClusterMap[];
  /** Numbers that are taken in one cluster and free in another, by the names of the clusters. */
  readonly differences: readonly {
    readonly nodePort: number;
    readonly pool?: string;
    readonly takenIn: readonly string[];
    readonly freeIn: readonly string[];
  }[];
}

/** In one line. */
export function portsJson(listing: PortListing): string {
  const [only] = listing.clusters;
  const json: JsonPorts | PortMapList =
    only !== undefined && listing.clusters.length === 1 ? { ...only.map, ...freePart(listing) } : listOf(listing);
  return `${jsonText(json)}\n`;
}

function listOf(listing: PortListing): PortMapList {
  const { clusters, numbers } = listing;
  const differences = numbers
    .map((use) => ({
      nodePort: use.nodePort,
      ...(use.pool !== undefined && { pool: use.pool }),
      takenIn: takenIn(use, clusters),
      freeIn: freeIn(use, clusters),
    }))
    .filter((difference) => difference.freeIn.length > 0);
  return {
    apiVersion: 'nodeport-gate.dev/v1alpha1',
    kind: 'PortMapList',
    items: clusters,
    differences,
    ...freePart(listing),
  };
}

function freePart({ free }: PortListing): WithFree {
  if (free === undefined) return {};
  return {
    free: free.map(({ pool, ...range }) => ({ ports: formatRanges([range]), ...(pool !== undefined && { pool }) })),
  };
}
