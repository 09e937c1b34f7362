import type { JsonObject } from '../domain/json.ts';
import { textAt } from '../domain/path.ts';
import type { AnsweringEndpoints, ClusterNode } from '../domain/reach.ts';
import { failed, type Result } from '../domain/result.ts';
import { byRef, formatRef, type Service } from '../domain/service.ts';
import { type RunningPod, type Snapshot, SNAPSHOT_RESOURCES, type SnapshotResource } from '../domain/snapshot.ts';
import type { InputProblem } from '../domain/source.ts';
import { compareText, printable } from '../domain/text.ts';
import { readAnsweringEndpoints } from './answering-endpoints.ts';
import { readClusterNode } from './cluster-node.ts';
import { located, type LocatedManifest } from './manifest-file.ts';
import { type NamedLabels, readNamedLabels } from './named-labels.ts';
import { describeProblem, type WireProblem } from './problem.ts';
import { readRunningPod } from './running-pod.ts';
import { readRunningService } from './running-service.ts';

/** What an audit reads of each kind of object; undefined: of that kind nothing could be listed. */
export interface SnapshotParts {
  readonly services: readonly Service[];
  readonly namespaces: readonly NamedLabels[] | undefined;
  readonly nodes: readonly ClusterNode[] | undefined;
  readonly pods: readonly RunningPod[] | undefined;
  readonly endpointslices: readonly AnsweringEndpoints[] | undefined;
}

/** How the objects of a resource look, and what is read of one. */
export interface SnapshotKind<Value> {
  readonly apiVersion: string;
  readonly kind: string;
  /** Undefined for one that says nothing: of no Service, or ended. */
  readonly read: (value: JsonObject) => Result<Value | undefined, WireProblem>;
}

type Item<Resource extends SnapshotResource> = NonNullable<SnapshotParts[Resource]>[number];

export const SNAPSHOT_KINDS: { readonly [Resource in SnapshotResource]: SnapshotKind<Item<Resource>> } = {
  services: { apiVersion: 'v1', kind: 'Service', read: readNamedService },
  namespaces: { apiVersion: 'v1', kind: 'Namespace', read: readNamedLabels },
  nodes: { apiVersion: 'v1', kind: 'Node', read: readClusterNode },
  pods: { apiVersion: 'v1', kind: 'Pod', read: readRunningPod },
  endpointslices: { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', read: readAnsweringEndpoints },
};

/** Nothing runs without a name, and a Service that stands for every nameless one would be in its own way. */
function readNamedService(value: JsonObject): Result<Service, WireProblem> {
  const read = readRunningService(value);
  if (!read.ok || read.value.name !== '') return read;
  return failed([{ path: 'metadata.name', message: 'this is missing; write the name of the Service' }]);
}

/** Sorted, and each object once, in whatever order and how often they were listed. */
export function snapshotOf({ services, namespaces, nodes, pods, endpointslices }: SnapshotParts): Snapshot {
  const parts = { services, namespaces, nodes, pods, endpointslices };
  return {
    services: distinct(services, formatRef).toSorted(byRef),
    namespaceLabels: new Map(namespaces),
    nodes: nodes && distinct(nodes, ({ name }) => name).toSorted((a, b) => compareText(a.name, b.name)),
    endpoints: endpointslices?.flatMap(endpointsWanted(parts)).toSorted((a, b) => byRef(a.service, b.service)),
    pods: pods && distinct(pods, formatRef).filter(podsWanted(parts)).toSorted(byRef),
    notKnown: SNAPSHOT_RESOURCES.filter((resource) => parts[resource] === undefined),
  };
}

/** Whether a snapshot has it: see `Snapshot.pods`. A pod can name a node that is not there, and then runs nowhere. */
export function podsWanted({
  nodes,
  endpointslices,
}: Pick<SnapshotParts, 'nodes' | 'endpointslices'>): (pod: RunningPod) => boolean {
  const names = nodes && new Set(nodes.map(({ name }) => name));
  return ({ hostPorts, nodeName }) => {
    if (names?.has(nodeName) === false) return false;
    return hostPorts.length > 0 || names === undefined || endpointslices === undefined;
  };
}

/**
 * What of an EndpointSlice a snapshot has: the nodes that there are, of Services that only answer where their pods run.
 * Whoever may write EndpointSlices could name any others, by the million. None or one.
 */
export function endpointsWanted({
  services,
  nodes,
}: Pick<SnapshotParts, 'services' | 'nodes'>): (endpoints: AnsweringEndpoints) => readonly AnsweringEndpoints[] {
  const local = services.filter(({ externalTrafficPolicy }) => externalTrafficPolicy === 'Local');
  const refs = new Set(local.map(formatRef));
  const known = new Map(nodes?.map(({ name }) => [name, name]));
  return ({ service, nodes: all }) => {
    if (!refs.has(formatRef(service))) return [];
    // As the node's own string: a million slices name the same few.
    const names = all.flatMap((name) => known.get(name) ?? []);
    return names.length === 0 ? [] : [{ service, nodes: names }];
  };
}

/** The last one of a key counts. */
function distinct<Value>(values: readonly Value[], keyFor: (value: Value) => string): readonly Value[] {
  return [...new Map(values.map((value) => [keyFor(value), value])).values()];
}

/** What a dump says. Objects that cannot be read are left out, and told of. */
export interface SnapshotReading {
  readonly snapshot: Snapshot;
  readonly problems: readonly InputProblem[];
}

/**
 * Reads what `DUMP_COMMAND` printed. A kind of which there is no object counts as not listed: a List does not say what was
 * asked for.
 */
export function readSnapshot(manifests: readonly LocatedManifest[]): SnapshotReading {
  const problems: InputProblem[] = [];
  const byKind = Map.groupBy(manifests, ({ object: { apiVersion, kind } }) => `${apiVersion} ${kind}`);
  const read = <Value>(shape: SnapshotKind<Value>): readonly Value[] | undefined =>
    byKind.get(`${shape.apiVersion} ${shape.kind}`)?.flatMap((manifest) => {
      const result = shape.read(manifest.value);
      if (result.ok) return result.value === undefined ? [] : [result.value];
      for (const problem of result.problems.slice(0, 1)) {
        problems.push({ ...located(problem, manifest), message: describeUnread(shape.kind, manifest.value, problem) });
      }
      return [];
    });
  const snapshot = snapshotOf({
    services: read(SNAPSHOT_KINDS.services) ?? [],
    namespaces: read(SNAPSHOT_KINDS.namespaces),
    nodes: read(SNAPSHOT_KINDS.nodes),
    pods: read(SNAPSHOT_KINDS.pods),
    endpointslices: read(SNAPSHOT_KINDS.endpointslices),
  });
  return { snapshot, problems };
}

/** `Pod shop/web cannot be read: FIELD: MESSAGE`. */
export function describeUnread(kind: string, value: JsonObject, problem: WireProblem): string {
  const [namespace, name] = [textAt(value, ['metadata', 'namespace']), textAt(value, ['metadata', 'name'])];
  const ref = [namespace, name].filter((part) => part !== '').join('/');
  return `${[kind, printable(ref)].filter((part) => part !== '').join(' ')} cannot be read: ${describeProblem(problem)}`;
}
