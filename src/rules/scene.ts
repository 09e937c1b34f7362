import type { Inventory } from '../domain/inventory.ts';
import type { NodePort } from '../domain/node-port.ts';
import type { JsonObject } from '../domain/json.ts';
import type { Path } from '../domain/path.ts';
import type { Entitlement, Pool } from '../domain/pool.ts';
import type { PortSet } from '../domain/port-set.ts';
import type { Reach } from '../domain/reach.ts';
import type { Service } from '../domain/service.ts';
import type { Because } from '../domain/verdict.ts';
import type { Workload, Workloads } from '../domain/workload.ts';

/** A node port that the Service opens, with where its number comes from. */
export interface ScenePort extends NodePort {
  readonly because: Because;
  /** For a number that the API server picked: what `/mutate` would assign now, if it can. */
  readonly wouldGet: number | undefined;
}

/** A port that will be open but has no number yet, and gets none from the gate. */
export interface UnassignedPort {
  readonly label: string;
  readonly protocol: string;
  readonly path: Path;
  /** The pool that should give the number; undefined when the Service has no pool to be assigned from. */
  readonly pool: Pool | undefined;
  /** `exhausted`: every assignable number of the pool has a holder. `not-assigned`: nobody may assign. */
  readonly why: 'exhausted' | 'not-assigned';
}

/**
 * What a rule sees. A rule reports only about `service`, reads no clock and changes nothing; everything here is frozen in
 * the tests.
 */
export interface Scene {
  readonly service: Service;
  /** The same object as it was sent, before the gate or the API server filled anything in. */
  readonly written: JsonObject;
  readonly oldService: Service | undefined;
  /** opened(service), each with its reason; numbers that count as unassigned (a dry run's dummies) are not here. */
  readonly ports: readonly ScenePort[];
  readonly unassigned: readonly UnassignedPort[];
  readonly pools: Entitlement;
  readonly inventory: Inventory;
  /** The workloads that came along; in most places none do. */
  readonly workloads: Workloads;
  /** Known of what runs only, and not everywhere. */
  readonly reach: Reach;
  /** The numbers that the API server can allocate. */
  readonly clusterPorts: PortSet;
  /** The numbers from which the nodes take the source ports of their own connections. */
  readonly ephemeralPorts: PortSet;
  /**
   * Up to three free numbers to suggest for this port, which every rule would permit: the next choices of its key in the
   * Service's own pool, or outside every pool when it has none. For a later group of the same Service those that were not
   * offered to another one yet, as long as there are enough.
   */
  freeFor(port: { readonly label: string; readonly protocol: string }): readonly number[];
}

/** What a rule about workloads sees. The same law holds: it reports only about `workload`. */
export interface WorkloadScene {
  readonly workload: Workload;
  readonly inventory: Inventory;
  /** The numbers that the API server can allocate to node ports. */
  readonly clusterPorts: PortSet;
}

/** What a rule needs to know to say whether it would permit a number. */
export type NumberView = Pick<Scene, 'pools' | 'clusterPorts'>;
