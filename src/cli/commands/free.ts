import { entitledPools } from '../../allocation/entitlement.ts';
import { freeCount, freeNumbers, MOST_FREE, occupancyOf } from '../../allocation/free-numbers.ts';
import { describePool, type Entitlement, ownPool, type Pool, POOL_ANNOTATION } from '../../domain/pool.ts';
import { failed, ok, problemsOf, type Result } from '../../domain/result.ts';
import type { Labels } from '../../domain/selection.ts';
import { DUMP_COMMAND } from '../../domain/snapshot.ts';
import { anyOf } from '../../domain/text.ts';
import type { Policy } from '../../engine/policy.ts';
import { FREE_FORMATS, type FreeFormatName } from '../../report/free-ports.ts';
import { describeProblemAt } from '../../report/problem-line.ts';
import { type ChosenPolicy, loadChosenPolicy } from '../chosen-policy.ts';
import { complain } from '../complain.ts';
import { emptyPath, namespaceFault, poolFault, stdinFault, unknownPool } from '../flag-faults.ts';
import type { ExitCode, Io } from '../io.ts';
import { clusterFaults, type ClusterFlags, namesCluster } from '../live-snapshot.ts';
import { askCluster, podsNotKnown, type ReadCluster, readClusters } from '../read-clusters.ts';
import { formatFrom, shownFlag } from '../report-settings.ts';

/** Flags as commander gives them. */
export interface FreeFlags extends ClusterFlags {
  readonly namespace?: string;
  readonly count?: string;
  readonly pool?: string;
  readonly policy?: readonly string[];
  readonly inventory?: readonly string[];
  readonly output?: string;
}

/** Prints the next free ports of a pool, or of a namespace's, free in every cluster that a dump was given of. 1 when none is. */
export async function free(flags: FreeFlags, io: Io): Promise<ExitCode> {
  const question = await readQuestion(flags, io);
  if (!question.ok) return complain(io, question.problems);
  const { policy, remarks, clusters, count, format } = question.value;
  complain(io, remarks);
  const labels = new Map(clusters.flatMap(({ snapshot }) => [...snapshot.namespaceLabels]));
  const pool = poolFor(flags, policy, labels);
  if (!pool.ok) return complain(io, pool.problems);
  complain(io, clusters.length === 0 ? [NO_HOLDERS] : podsNotKnown(clusters));
  const worlds = clusters.map(({ snapshot }) => occupancyOf(snapshot));
  const all = freeNumbers(pool.value, worlds, Infinity);
  const first = all.slice(0, count);
  const leftIn = worlds.map((world, index) => ({
    cluster: clusters[index]?.cluster ?? '',
    left: freeNumbers(pool.value, [world], Infinity).length,
  }));
  const ports = { pool: pool.value, free: first, left: all.length, leftIn: clusters.length > 1 ? leftIn : [] };
  io.out.write(FREE_FORMATS[format](ports));
  return first.length === 0 ? 1 : 0;
}

interface Question extends Pick<ChosenPolicy, 'policy' | 'remarks'> {
  /** A Service may hold different ports in each of them. */
  readonly clusters: readonly ReadCluster[];
  readonly count: number;
  readonly format: FreeFormatName;
}

async function readQuestion(flags: FreeFlags, io: Io): Promise<Result<Question, string>> {
  const count = readCount(flags.count);
  const format = formatFrom(flags.output ?? 'human', FREE_FORMATS);
  const faults = faultsOf(flags);
  if (!count.ok || !format.ok || faults.length > 0) {
    return failed([...faults, ...problemsOf(count), ...problemsOf(format)]);
  }
  const [chosen, clusters] = await Promise.all([loadChosenPolicy(flags.policy, io.cwd), allOf(flags, io)]);
  if (!chosen.ok || !clusters.ok) return failed([...problemsOf(chosen), ...problemsOf(clusters)]);
  return ok({ ...chosen.value, clusters: clusters.value, count: count.value, format: format.value });
}

function faultsOf(flags: FreeFlags): readonly string[] {
  const { namespace, pool, policy, inventory = [] } = flags;
  const isNobodyNamed = namespace === undefined && pool === undefined;
  return [
    ...namespaceFault(namespace),
    ...(isNobodyNamed ? ['--namespace: nobody is named; give it, or --pool NAME'] : []),
    ...poolFault(pool),
    ...emptyPath('--policy', policy),
    ...emptyPath('--inventory', inventory),
    ...stdinFault(inventory),
    ...clusterFaults(flags, inventory.length > 0 ? '--inventory' : undefined),
  ];
}

/** What cannot be read may hold what would be free. */
async function allOf(flags: FreeFlags, io: Io): Promise<Result<readonly ReadCluster[], string>> {
  const clusters = await (namesCluster(flags) ? askCluster(flags, io) : readClusters(flags.inventory ?? [], io));
  if (!clusters.ok) return clusters;
  const unread = clusters.value.flatMap(({ problems }) => problems);
  return unread.length === 0 ? clusters : failed(unread.map(describeProblemAt));
}

const NO_HOLDERS = `no holders are known, so every port counts as free; give --kubeconfig FILE, or --inventory the output of ${DUMP_COMMAND}`;

function poolFor(
  { namespace, pool }: FreeFlags,
  { pools }: Policy,
  labels: ReadonlyMap<string, Labels>,
): Result<Pool, string> {
  if (namespace !== undefined) return poolOfNamespace(namespace, pool, pools, labels.get(namespace));
  const named = pools.find(({ name }) => name === pool);
  return named === undefined ? failed([unknownPool(pool ?? '', 'the policy', pools)]) : ok(named);
}

function poolOfNamespace(
  namespace: string,
  pool: string | undefined,
  pools: readonly Pool[],
  labels: Labels | undefined,
): Result<Pool, string> {
  const annotations = pool === undefined ? {} : { [POOL_ANNOTATION]: pool };
  const entitlement = entitledPools({ namespace, type: 'NodePort', annotations }, pools, labels);
  if (pool !== undefined) return chosenPool(pool, namespace, entitlement);
  const doubt = labelsNeeded(namespace, entitlement);
  const own = ownPool(entitlement);
  // A pool behind one that nobody can decide on may not be the right one.
  if (doubt !== undefined && entitlement.assigning === undefined) return failed([doubt]);
  return own === undefined ? failed([noPool(namespace, pools)]) : ok(own);
}

function chosenPool(name: string, namespace: string, entitlement: Entitlement): Result<Pool, string> {
  const { chosen, entitled, refusedChoice, all } = entitlement;
  if (chosen !== undefined) return ok(chosen);
  if (refusedChoice === undefined) return failed([labelsNeeded(namespace, entitlement) ?? '']);
  const whose = all.some((pool) => pool.name === name) ? `namespace ${namespace}` : 'the policy';
  return failed([unknownPool(name, whose, entitled)]);
}

function labelsNeeded(namespace: string, { unknown }: Entitlement): string | undefined {
  if (unknown.length === 0) return undefined;
  const names = anyOf(unknown.map(({ name }) => name));
  return (
    `namespace ${namespace} may own pool ${names}, depending on its labels, which are not known; ` +
    `give --inventory the output of ${DUMP_COMMAND}`
  );
}

function noPool(namespace: string, pools: readonly Pool[]): string {
  const known = pools.length === 0 ? 'the policy has no pools' : `pools: ${pools.map(describePool).join('; ')}`;
  return `a NodePort Service of namespace ${namespace} has no pool; add the namespace to a NodePortPool (${known})`;
}

function readCount(text: string | undefined): Result<number, string> {
  const count = freeCount(text);
  if (count !== undefined) return ok(count);
  return failed([`--count: ${shownFlag(text ?? '')} is not possible; use 1 to ${MOST_FREE}`]);
}
