import { inventoryOf } from '../domain/inventory.ts';
import { reachOf } from '../domain/reach.ts';
import type { ServiceRequest } from '../domain/request.ts';
import type { Service } from '../domain/service.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { workloadsOf } from '../domain/workload.ts';
import { NO_RESERVATIONS, type World } from '../domain/world.ts';

/** Asks about a Service as it runs: nobody wants to change it, and nothing in it may change any more. */
export function runningRequest(service: Service): ServiceRequest {
  return {
    origin: 'cluster',
    uid: '',
    operation: 'UPDATE',
    stage: 'final',
    statusOnly: false,
    dryRun: false,
    user: undefined,
    service,
    oldService: undefined,
    heldAlready: [],
  };
}

/** The world of what runs, as a snapshot has it: every Service is known. */
export function runningWorld({ services, namespaceLabels, nodes, endpoints, pods }: Snapshot): World {
  return {
    inventory: inventoryOf(services),
    labelsOf: (namespace) => namespaceLabels.get(namespace),
    reservations: NO_RESERVATIONS,
    workloads: workloadsOf(pods ?? []),
    reach: reachOf(nodes, endpoints),
  };
}
