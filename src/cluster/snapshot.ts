import type { JsonObject } from '../domain/json.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import type { Snapshot, SnapshotResource } from '../domain/snapshot.ts';
import {
  describeUnread,
  endpointsWanted,
  podsWanted,
  SNAPSHOT_KINDS,
  type SnapshotKind,
  snapshotOf,
} from '../wire/snapshot.ts';
import type { ApiClient } from './api/api-client.ts';
import { ApiRefused } from './api/api-errors.ts';
import { listCollection } from './collection-list.ts';

/** A cluster at one moment, as far as it could be listed. */
export interface ListedSnapshot {
  readonly snapshot: Snapshot;
  /** One sentence for each part that may not be listed, and for each object that cannot be read. */
  readonly faults: readonly string[];
}

const PAGE_SIZE = 500;
/** They have some 10 KB each, and a page is parsed in one go: nobody is answered meanwhile. */
const PODS_PER_PAGE = 100;
const PAGE_TIMEOUT_MS = 30_000;
/** Pages expire when a list takes longer than five minutes; a cluster in which that happens again and again is too slow. */
const MOST_BEGINNINGS = 3;

/**
 * Lists the five kinds one after the other, to be no burden, and reads each object at once: nothing is kept of it but what an
 * audit needs. Without the right to list one of them that part is not known; without Services there is nothing to audit.
 * Rejects as `listCollection` does.
 */
export async function listSnapshot(client: ApiClient, signal: AbortSignal): Promise<ListedSnapshot> {
  const faults: string[] = [];
  const list = async <Value>(resource: SnapshotResource, kind: SnapshotKind<Value>): Promise<readonly Value[]> => {
    const reads = await listFromTheStart(client, { resource, kind, signal });
    const values: Value[] = [];
    for (const read of reads) {
      if (!read.ok) faults.push(...read.problems);
      else if (read.value !== undefined) values.push(read.value);
    }
    return values;
  };
  const listIfAllowed = async <Value>(
    resource: SnapshotResource,
    kind: SnapshotKind<Value>,
  ): Promise<readonly Value[] | undefined> => {
    try {
      return await list(resource, kind);
    } catch (error) {
      if (!(error instanceof ApiRefused) || error.status !== 403) throw error;
      faults.push(error.message);
      return undefined;
    }
  };
  const services = await list('services', SNAPSHOT_KINDS.services);
  const nodes = await listIfAllowed('nodes', SNAPSHOT_KINDS.nodes);
  // Of what follows there may be far more than an audit needs, so the rest is dropped as it is read.
  const endpoints = endpointsWanted({ services, nodes });
  const slices = narrowed(SNAPSHOT_KINDS.endpointslices, (slice) => endpoints(slice)[0]);
  const endpointslices = await listIfAllowed('endpointslices', slices);
  const isWanted = podsWanted({ nodes, endpointslices });
  const pods = await listIfAllowed(
    'pods',
    narrowed(SNAPSHOT_KINDS.pods, (pod) => (isWanted(pod) ? pod : undefined)),
  );
  const namespaces = await listIfAllowed('namespaces', SNAPSHOT_KINDS.namespaces);
  const snapshot = snapshotOf({ services, endpointslices, nodes, pods, namespaces });
  return { snapshot, faults };
}

/** The same kind, of which less is kept: undefined for an object of which nothing is. */
function narrowed<Value>(
  { read, ...kind }: SnapshotKind<Value>,
  keep: (value: Value) => Value | undefined,
): SnapshotKind<Value> {
  return {
    ...kind,
    read: (object) => {
      const value = read(object);
      return value.ok && value.value !== undefined ? ok(keep(value.value)) : value;
    },
  };
}

interface Question<Value> {
  readonly resource: SnapshotResource;
  readonly kind: SnapshotKind<Value>;
  readonly signal: AbortSignal;
}

type Read<Value> = Result<Value | undefined, string>;

/** Begins again when the pages have expired in between. */
async function listFromTheStart<Value>(client: ApiClient, question: Question<Value>): Promise<readonly Read<Value>[]> {
  const { resource, kind, signal } = question;
  for (let beginning = 1; ; beginning += 1) {
    try {
      const { objects } = await listCollection(client, {
        path: pathOf(resource, kind),
        pageSize: resource === 'pods' ? PODS_PER_PAGE : PAGE_SIZE,
        timeoutMs: PAGE_TIMEOUT_MS,
        signal,
        trim: (object) => readAs(kind, object),
      });
      return objects;
    } catch (error) {
      const hasExpired = error instanceof ApiRefused && error.status === 410;
      if (!hasExpired || beginning === MOST_BEGINNINGS) throw error;
    }
  }
}

function pathOf(resource: SnapshotResource, { apiVersion }: SnapshotKind<unknown>): string {
  return `/${apiVersion.includes('/') ? 'apis' : 'api'}/${apiVersion}/${resource}`;
}

function readAs<Value>(kind: SnapshotKind<Value>, object: JsonObject): Read<Value> {
  const read = kind.read(object);
  if (read.ok) return read;
  return failed(read.problems.slice(0, 1).map((problem) => describeUnread(kind.kind, object, problem)));
}
