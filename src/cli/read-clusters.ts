import type { Occupancy } from '../allocation/free-numbers.ts';
import { inventoryOf } from '../domain/inventory.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { NO_RESERVATIONS } from '../domain/world.ts';
import type { SnapshotReading } from '../wire/snapshot.ts';
import { readDumps } from './dump-snapshot.ts';
import type { Io } from './io.ts';

/** One of several clusters. */
export interface ReadCluster extends SnapshotReading {
  /** Its inventory, as it was given. */
  readonly cluster: string;
}

/** Each inventory is a cluster of its own. */
export async function readClusters(paths: readonly string[], io: Io): Promise<Result<readonly ReadCluster[], string>> {
  const read = await Promise.all(paths.map((path) => readDumps([path], io)));
  const problems = read.flatMap((each) => (each.ok ? [] : each.problems));
  if (problems.length > 0) return failed(problems);
  return ok(read.flatMap((each, index) => (each.ok ? [{ ...each.value, cluster: paths[index] ?? '' }] : [])));
}

/** What stands in the way of a number there. */
export function occupancyOf({ services, pods = [] }: Pick<Snapshot, 'services' | 'pods'>): Occupancy {
  return {
    inventory: inventoryOf(services),
    reservations: NO_RESERVATIONS,
    hostPorts: new Set(pods.flatMap(({ hostPorts }) => hostPorts.map(({ number }) => number))),
  };
}
