import { freeRanges } from '../../allocation/free-ranges.ts';
import { auditCluster } from '../../audit/audit.ts';
import { poolOf, type PoolRange } from '../../domain/pool.ts';
import { failed, ok, type Result } from '../../domain/result.ts';
import type { Policy } from '../../engine/policy.ts';
import { type ClusterMap, type NumberFacts, portListing, type Wanted } from '../../report/port-listing.ts';
import { PORTS_FORMATS, type PortsFormatName } from '../../report/ports-formats.ts';
import { describeProblemAt } from '../../report/problem-line.ts';
import { namespaceFault } from '../check-settings.ts';
import { loadChosenPolicy } from '../chosen-policy.ts';
import { complain } from '../complain.ts';
import { emptyPath } from '../empty-path.ts';
import type { ExitCode, Io } from '../io.ts';
import { clusterFaults, type ClusterFlags, listCluster } from '../live-snapshot.ts';
import { occupancyOf, type ReadCluster, readClusters } from '../read-clusters.ts';
import { unknownPool } from '../unknown-pool.ts';

/** Flags as commander gives them. */
export interface PortsFlags extends ClusterFlags {
  readonly inventory?: readonly string[];
  readonly policy?: readonly string[];
  readonly namespace?: string;
  readonly pool?: string;
  readonly free?: boolean;
  readonly output?: PortsFormatName;
}

/** Prints who has which port, in a cluster or in several. 2 when something could not be read: then it is not the whole. */
export async function ports(flags: PortsFlags, io: Io): Promise<ExitCode> {
  const policy = await policyFor(flags, io);
  if (!policy.ok) return complain(io, policy.problems);
  const clusters = await clustersFor(flags, io);
  if (!clusters.ok) return complain(io, clusters.problems);
  const listing = portListing(
    clusters.value.map((cluster) => mapOf(cluster, policy.value, io.now())),
    wantedFrom(flags),
    factsFrom(policy.value),
    flags.free === true ? freeIn(clusters.value, policy.value, flags) : undefined,
  );
  io.out.write(PORTS_FORMATS[flags.output ?? 'human'](listing));
  const unread = clusters.value.flatMap(({ problems }) => problems);
  return unread.length === 0 ? 0 : complain(io, unread.map(describeProblemAt));
}

/** Everything that can be wrong before a cluster is asked, together. */
async function policyFor(flags: PortsFlags, io: Io): Promise<Result<Policy, string>> {
  const faults = faultsOf(flags);
  if (faults.length > 0) return failed(faults);
  const chosen = await loadChosenPolicy(flags.policy, io.cwd);
  if (!chosen.ok) return chosen;
  const { policy, remarks } = chosen.value;
  const { pool } = flags;
  if (pool !== undefined && policy.pools.every(({ name }) => name !== pool)) {
    return failed([unknownPool(pool, 'the policy', policy.pools)]);
  }
  complain(io, remarks);
  return ok(policy);
}

function faultsOf(flags: PortsFlags): readonly string[] {
  const { inventory = [], namespace, free } = flags;
  const faults = [
    ...namespaceFault(namespace),
    ...emptyPath('--inventory', inventory),
    ...emptyPath('--policy', flags.policy),
    ...clusterFaults(flags, inventory),
  ];
  if (free !== true || namespace === undefined) return faults;
  return [...faults, '--free: what is free belongs to no namespace; leave out --namespace, or ask the command free'];
}

/** One for each inventory; without any the one that the kubeconfig leads to. */
async function clustersFor(flags: PortsFlags, io: Io): Promise<Result<readonly ReadCluster[], string>> {
  if (flags.inventory !== undefined) return readClusters(flags.inventory, io);
  const live = await listCluster(flags, io);
  if (!live.ok) return live;
  complain(io, live.value.remarks);
  return ok([{ ...live.value, cluster: '' }]);
}

function mapOf({ cluster, snapshot }: ReadCluster, policy: Policy, now: Date): ClusterMap {
  return { cluster, map: auditCluster(snapshot, policy, now).map };
}

function wantedFrom({ namespace, pool }: PortsFlags): Wanted {
  return { ...(namespace !== undefined && { namespace }), ...(pool !== undefined && { pool }) };
}

function factsFrom({ pools, clusterPorts }: Policy): NumberFacts {
  return {
    poolOf: (number) => poolOf(pools, number)?.name,
    vacancyOf: (number) => {
      if (!clusterPorts.has(number)) return 'outside';
      return poolOf(pools, number)?.reserved.has(number) === true ? 'reserved' : 'free';
    },
  };
}

function freeIn(clusters: readonly ReadCluster[], policy: Policy, { pool }: PortsFlags): readonly PoolRange[] {
  const ranges = freeRanges(
    policy,
    clusters.map(({ snapshot }) => occupancyOf(snapshot)),
  );
  return ranges.filter((range) => pool === undefined || range.pool === pool);
}
