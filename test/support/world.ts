import type { Inventory } from '../../src/domain/inventory.ts';
import { inventoryOf } from '../../src/domain/inventory.ts';
import { type Reach, UNKNOWN_REACH } from '../../src/domain/reach.ts';
import type { Labels } from '../../src/domain/selection.ts';
import type { Service } from '../../src/domain/service.ts';
import { type Workload, workloadsOf } from '../../src/domain/workload.ts';
import { NO_RESERVATIONS, type Reservations, type World } from '../../src/domain/world.ts';

/** A world with these Services in it; namespace labels are not known unless given. */
export function worldOf(
  services: readonly Service[] = [],
  options: {
    readonly complete?: boolean;
    readonly labels?: Readonly<Record<string, Labels>>;
    readonly reservations?: Reservations;
    readonly inventory?: Inventory;
    readonly workloads?: readonly Workload[];
    readonly reach?: Reach;
  } = {},
): World {
  return {
    inventory: options.inventory ?? inventoryOf(services, options.complete ?? true),
    labelsOf: (namespace) => options.labels?.[namespace],
    reservations: options.reservations ?? NO_RESERVATIONS,
    workloads: workloadsOf(options.workloads ?? []),
    reach: options.reach ?? UNKNOWN_REACH,
  };
}
