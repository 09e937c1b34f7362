import { occupancyOf } from '../../allocation/free-numbers.ts';
import { freeRanges } from '../../allocation/free-ranges.ts';
import { auditCluster } from '../../audit/audit.ts';
import { poolOf, type PoolRange, vacancyOf } from '../../domain/pool.ts';
import { failed, ok, problemsOf, type Result } from '../../domain/result.ts';
import { allOf } from '../../domain/text.ts';
import type { Policy } from '../../engine/policy.ts';
import type { PortMap } from '../../report/port-map.ts';
import { type ClusterMap, type NumberFacts, portListing, type Wanted } from '../../report/port-listing.ts';
import { PORTS_FORMATS } from '../../report/ports-formats.ts';
import { describeProblemAt } from '../../report/problem-line.ts';
import { loadChosenPolicy } from '../chosen-policy.ts';
import { complain } from '../complain.ts';
import { emptyPath, namespaceFault, poolFault, stdinFault, unknownPool } from '../flag-faults.ts';
import type { ExitCode, Io } from '../io.ts';
import { clusterFaults, type ClusterFlags } from '../live-snapshot.ts';
import { askCluster, podsNotKnown, type ReadCluster, readClusters } from '../read-clusters.ts';
import { formatFrom } from '../report-settings.ts';

/** Flags as commander gives them. */
export interface PortsFlags extends ClusterFlags {
  readonly inventory?: readonly string[];
  readonly policy?: readonly string[];
  readonly namespace?: string;
  readonly pool?: string;
  readonly free?: boolean;
  readonly output?: string;
}

/** Prints who has which port, in a cluster or in several. 2 when something could not be read: then it is not the whole. */
export async function ports(flags: PortsFlags, io: Io): Promise<ExitCode> {
  const format = formatFrom(flags.output ?? 'human', PORTS_FORMATS);
  const policy = await policyFor(flags, problemsOf(format), io);
  if (!policy.ok || !format.ok) return complain(io, problemsOf(policy));
  const clusters = await clustersFor(flags, io);
  if (!clusters.ok) return complain(io, clusters.problems);
  const listing = portListing(
    clusters.value.map((cluster) => mapOf(cluster, policy.value, io.now())),
    wantedFrom(flags),
    factsFrom(policy.value),
    flags.free === true ? freeEverywhere(clusters.value, policy.value, flags) : undefined,
  );
  if (flags.free === true) complain(io, podsNotKnown(clusters.value));
  if (listing.clusters.every(({ map }) => isBare(map))) complain(io, [nothingFound(flags)]);
  io.out.write(PORTS_FORMATS[format.value](listing));
  const unread = clusters.value.flatMap(({ problems }) => problems);
  return unread.length === 0 ? 0 : complain(io, unread.map(describeProblemAt));
}

/** Everything that can be wrong before a cluster is asked, together. */
async function policyFor(flags: PortsFlags, others: readonly string[], io: Io): Promise<Result<Policy, string>> {
  const faults = [...others, ...faultsOf(flags)];
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
    ...poolFault(flags.pool),
    ...emptyPath('--inventory', inventory),
    ...stdinFault(inventory),
    ...emptyPath('--policy', flags.policy),
    ...clusterFaults(flags, inventory.length > 0 ? '--inventory' : undefined),
  ];
  if (free !== true || namespace === undefined) return faults;
  return [...faults, '--free: what is free belongs to no namespace; leave out --namespace, or ask the command free'];
}

/** One for each inventory; without any the one that the kubeconfig leads to. */
async function clustersFor(flags: PortsFlags, io: Io): Promise<Result<readonly ReadCluster[], string>> {
  return flags.inventory === undefined ? askCluster(flags, io) : readClusters(flags.inventory, io);
}

function isBare(map: PortMap): boolean {
  return map.ports.length + map.squatters.length + map.hostPorts.length === 0;
}

/** For standard error: a name that is spelt wrong looks like a namespace without ports. */
function nothingFound({ namespace, pool }: PortsFlags): string {
  const wanted = [
    ...(namespace === undefined ? [] : [`namespace ${namespace}`]),
    ...(pool === undefined ? [] : [`pool ${pool}`]),
  ];
  if (wanted.length === 0) return 'nobody has a port';
  return `nobody has a port in ${allOf(wanted)}; check the name, or leave the flag out`;
}

function mapOf({ cluster, snapshot }: ReadCluster, policy: Policy, now: Date): ClusterMap {
  return { cluster, map: auditCluster(snapshot, policy, now).map };
}

function wantedFrom({ namespace, pool }: PortsFlags): Wanted {
  return { ...(namespace !== undefined && { namespace }), ...(pool !== undefined && { pool }) };
}

function factsFrom(policy: Policy): NumberFacts {
  return {
    poolOf: (number) => poolOf(policy.pools, number)?.name,
    vacancyOf: (number) => vacancyOf(number, policy),
  };
}

function freeEverywhere(clusters: readonly ReadCluster[], policy: Policy, { pool }: PortsFlags): readonly PoolRange[] {
  const ranges = freeRanges(
    policy,
    clusters.map(({ snapshot }) => occupancyOf(snapshot)),
  );
  return ranges.filter((range) => pool === undefined || range.pool === pool);
}
