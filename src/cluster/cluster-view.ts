import type { Inventory } from '../domain/inventory.ts';
import type { Labels } from '../domain/selection.ts';
import type { ServiceRef } from '../domain/service.ts';

/** What the API server said when it was asked once more. */
export interface Confirmed {
  /** As it is now: without a Service that is gone, with one that changed as it is, and with the others as they were known. */
  readonly inventory: Inventory;
  /** Those about whom there was no answer. */
  readonly unanswered: readonly ServiceRef[];
}

/** What is known of the cluster at this moment, and how to ask the API server again. */
export interface ClusterView {
  inventory(): Inventory;
  /** undefined where the labels of the namespace are not known. */
  labelsOf(namespace: string): Labels | undefined;
  /**
   * Asks about these Services once more, for at most 300 ms: about ten of them at most, and whoever can make the API server
   * slow must not gain by it. So of a Service about which there was no answer, what is known stays.
   */
  confirm(services: readonly ServiceRef[]): Promise<Confirmed>;
  /** The labels of a namespace that is not known yet, within 300 ms; undefined when they still are not. */
  fetchLabels(namespace: string): Promise<Labels | undefined>;
  /** Why requests must not come here yet; empty from the first complete listing on. */
  notReady(): readonly string[];
  /** What is wrong although requests may come: watches that fail, for how long nothing was heard of the API server. */
  remarks(): readonly string[];
}

/** What a dump says; without a cluster there is nobody to ask. */
export function fixedView(inventory: Inventory, labels: ReadonlyMap<string, Labels>): ClusterView {
  const labelsOf = (namespace: string): Labels | undefined => labels.get(namespace);
  return {
    inventory: () => inventory,
    labelsOf,
    confirm: () => Promise.resolve({ inventory, unanswered: [] }),
    fetchLabels: (namespace) => Promise.resolve(labelsOf(namespace)),
    notReady: () => [],
    remarks: () => [],
  };
}
