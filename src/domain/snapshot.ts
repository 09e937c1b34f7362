import type { AnsweringEndpoints, ClusterNode } from './reach.ts';
import type { Labels } from './selection.ts';
import type { Service } from './service.ts';
import type { Workload } from './workload.ts';

/** What an audit lists, by the names that RBAC uses, and in this order: what is known of the first says what it needs of pods. */
export const SNAPSHOT_RESOURCES = ['services', 'endpointslices', 'nodes', 'pods', 'namespaces'] as const;
export type SnapshotResource = (typeof SNAPSHOT_RESOURCES)[number];

/** How people get all of them at once. */
export const DUMP_COMMAND = `kubectl get ${SNAPSHOT_RESOURCES.join(',')} -A -o json`;

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
  /** By namespace and name of their Services, each of which may have several. */
  readonly endpoints: readonly AnsweringEndpoints[] | undefined;
  /**
   * By namespace and name. Where nodes and endpoints are known, only those that take ports of their node: the others say
   * nothing then that the endpoints do not say better.
   */
  readonly pods: readonly RunningPod[] | undefined;
  /** Of the five, those that it says nothing about. */
  readonly notKnown: readonly SnapshotResource[];
}

/** A pod with what made it; pods that have ended are not among them. */
export interface RunningPod extends Workload {
  readonly nodeName: string;
  /** The controller among its owners (metadata.ownerReferences); undefined for a pod of its own, and for a static pod. */
  readonly owner: PodOwner | undefined;
}

/** What made a pod; its template is at `spec.template`, as that of every controller of Kubernetes itself. */
export interface PodOwner {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}
