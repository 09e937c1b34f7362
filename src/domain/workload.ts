import { type JsonObject, own } from './json.ts';
import type { Path } from './path.ts';
import type { Labels } from './selection.ts';

/** A port that a pod takes on the node it runs on. */
export interface HostPort {
  readonly number: number;
  readonly protocol: string;
  /** The container's own field that says it: its `hostPort`, or `containerPort` under hostNetwork. */
  readonly path: Path;
  /** Under hostNetwork every container port is one on the host (SetDefaults_Pod, pkg/apis/core/v1/defaults.go). */
  readonly because: 'hostPort' | 'hostNetwork';
}

/** What the rules need to know of an object that makes pods: a Pod, or anything with a pod template. */
export interface Workload {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  /** Empty while only generateName is known. */
  readonly name: string;
  readonly generateName: string;
  readonly annotations: Readonly<Record<string, string>>;
  /** Of its pods. */
  readonly podLabels: Labels;
  /** How many pods it asks for; undefined where their number follows the nodes (DaemonSet) or ends (Job). */
  readonly replicas: number | undefined;
  /** A DaemonSet that nothing keeps from any node: no nodeSelector, no affinity of nodes. */
  readonly isOnEveryNode: boolean;
  readonly hostPorts: readonly HostPort[];
  readonly raw: JsonObject;
}

/** The workloads that are known. None of them is no proof that there are none. */
export interface Workloads {
  /** Those of the namespace whose pods have all of these labels; none for an empty selector. */
  selectedBy(namespace: string, selector: Labels): readonly Workload[];
}

export const NO_WORKLOADS: Workloads = { selectedBy: () => [] };

/** Finds them by namespace and the labels of their pods. */
export function workloadsOf(workloads: readonly Workload[]): Workloads {
  const byNamespace = Map.groupBy(workloads, ({ namespace }) => namespace);
  return {
    selectedBy(namespace, selector) {
      const wanted = Object.entries(selector);
      if (wanted.length === 0) return [];
      return (byNamespace.get(namespace) ?? []).filter(({ podLabels }) =>
        wanted.every(([key, value]) => own(podLabels, key) === value),
      );
    },
  };
}
