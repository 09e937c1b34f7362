import type { JsonObject } from '../domain/json.ts';
import { textAt } from '../domain/path.ts';
import type { ClusterNode, ReadyEndpoints } from '../domain/reach.ts';
import { ok, type Result } from '../domain/result.ts';
import type { Service } from '../domain/service.ts';
import { type RunningPod, type Snapshot, SNAPSHOT_RESOURCES, type SnapshotResource } from '../domain/snapshot.ts';
import type { InputProblem } from '../domain/source.ts';
import { compareText, printable } from '../domain/text.ts';
import { readClusterNode } from './cluster-node.ts';
import { located, type LocatedManifest } from './manifest-file.ts';
import { type NamedLabels, namedLabels } from './named-labels.ts';
import { describeProblem, type WireProblem } from './problem.ts';
import { readReadyEndpoints } from './ready-endpoints.ts';
import { readRunningPod } from './running-pod.ts';
import { readRunningService } from './running-service.ts';

/** What an audit reads of each kind of object; undefined: of that kind nothing could be listed. */
export interface SnapshotParts {
  readonly services: readonly Service[];
  readonly namespaces: readonly NamedLabels[] | undefined;
  readonly nodes: readonly ClusterNode[] | undefined;
  readonly pods: readonly RunningPod[] | undefined;
  readonly endpointslices: readonly ReadyEndpoints[] | undefined;
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
  services: { apiVersion: 'v1', kind: 'Service', read: (value) => readRunningService(value) },
  namespaces: { apiVersion: 'v1', kind: 'Namespace', read: (value) => ok(namedLabels(value)) },
  nodes: { apiVersion: 'v1', kind: 'Node', read: readClusterNode },
  pods: { apiVersion: 'v1', kind: 'Pod', read: readRunningPod },
  endpointslices: { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', read: readReadyEndpoints },
};

/** Sorted, and each object once, in whatever order and how often they were listed. */
export function snapshotOf({ services, namespaces, nodes, pods, endpointslices }: SnapshotParts): Snapshot {
  const parts = { services, namespaces, nodes, pods, endpointslices };
  return {
    services: distinct(services, keyOf),
    namespaceLabels: new Map(namespaces),
    nodes: nodes && distinct(nodes, ({ name }) => name),
    endpoints: endpointslices,
    pods: pods && distinct(pods, keyOf),
    notKnown: SNAPSHOT_RESOURCES.filter((resource) => parts[resource] === undefined),
  };
}

/** No name has a space, so that `a` comes before `a-b`, whatever is in them. */
function keyOf({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
  return `${namespace} ${name}`;
}

/** The last one of a key counts. */
function distinct<Value>(values: readonly Value[], keyFor: (value: Value) => string): readonly Value[] {
  const byKey = new Map(values.map((value) => [keyFor(value), value]));
  return [...byKey].toSorted(([a], [b]) => compareText(a, b)).map(([, value]) => value);
}

/** What a dump says. Objects that cannot be read are left out, and told of. */
export interface SnapshotReading {
  readonly snapshot: Snapshot;
  readonly problems: readonly InputProblem[];
}

/**
 * Reads what `kubectl get services,endpointslices,nodes,pods,namespaces -A -o json` printed. A kind of which there is no
 * object counts as not listed: a List does not say what was asked for.
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
