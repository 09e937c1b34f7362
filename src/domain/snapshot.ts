import type { ClusterNode, ReadyEndpoints } from './reach.ts';
import type { Labels } from './selection.ts';
import type { Service } from './service.ts';
import type { Workload } from './workload.ts';

/** What an audit lists besides the Services, by the names that RBAC uses. */
export const SNAPSHOT_RESOURCES = ['services', 'namespaces', 'nodes', 'pods', 'endpointslices'] as const;
export type SnapshotResource = (typeof SNAPSHOT_RESOURCES)[number];

/** A cluster at one moment, from its API server or from a dump. `undefined`: that kind of object is not known, not "none". */
export interface Snapshot {
  /**
   * All of them, by namespace and name, read as objects whose author is not known any more: of what runs nothing may still be
   * changed.
   */
  readonly services: readonly Service[];
  readonly namespaceLabels: ReadonlyMap<string, Labels>;
  /** Sorted by name. */
  readonly nodes: readonly ClusterNode[] | undefined;
  readonly endpoints: readonly ReadyEndpoints[] | undefined;
  readonly pods: readonly RunningPod[] | undefined;
  /** Of the five, those that it says nothing about. */
  readonly notKnown: readonly SnapshotResource[];
}

/** A pod with what made it; pods that have ended are not among them. */
export interface RunningPod extends Workload {
  /** Empty before the scheduler has found a node. */
  readonly nodeName: string;
  /** The controller among its owners (metadata.ownerReferences); undefined for a pod of its own, and for a static pod. */
  readonly owner: { readonly kind: string; readonly name: string } | undefined;
}
