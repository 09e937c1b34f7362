import { entitledPools } from '../../allocation/entitlement.ts';
import { freeNumbers, type Occupancy } from '../../allocation/free-numbers.ts';
import { describePool, type Entitlement, ownPool, type Pool, POOL_ANNOTATION } from '../../domain/pool.ts';
import { failed, ok, type Result } from '../../domain/result.ts';
import type { Labels } from '../../domain/selection.ts';
import { anyOf, printable } from '../../domain/text.ts';
import { NO_RESERVATIONS } from '../../domain/world.ts';
import type { Policy } from '../../engine/policy.ts';
import { freePortsText } from '../../report/free-ports.ts';
import { type ChosenPolicy, loadChosenPolicy } from '../chosen-policy.ts';
import { namespaceFault } from '../check-settings.ts';
import { complain } from '../complain.ts';
import { loadInventory } from '../inventory-file.ts';
import type { ExitCode, Io } from '../io.ts';

/** Flags as commander gives them. */
export interface FreeFlags {
  readonly namespace: string;
  readonly count?: string;
  readonly pool?: string;
  readonly policy?: readonly string[];
  readonly inventory?: readonly string[];
  readonly output?: string;
}

const MOST_FREE = 100;
const DEFAULT_FREE = '3';

/** Prints the next free ports of a namespace's pool, free in every cluster that a dump was given of. 1 when none is. */
export async function free(flags: FreeFlags, io: Io): Promise<ExitCode> {
  const question = await readQuestion(flags, io);
  if (!question.ok) return complain(io, question.problems);
  const { policy, remarks, worlds, labels, count } = question.value;
  complain(io, remarks);
  const pool = poolFor(flags, policy, labels.get(flags.namespace));
  if (!pool.ok) return complain(io, pool.problems);
  if (worlds.length === 0) complain(io, [NO_HOLDERS]);
  const all = freeNumbers(pool.value, worlds, Infinity);
  const first = all.slice(0, count);
  const { name, contact } = pool.value;
  const isJson = flags.output === 'json';
  io.out.write(
    isJson ? `${JSON.stringify({ pool: name, contact, free: first })}\n` : freePortsText(pool.value, first, all.length),
  );
  return first.length === 0 ? 1 : 0;
}

type Question = Clusters & Pick<ChosenPolicy, 'policy' | 'remarks'> & { readonly count: number };

async function readQuestion(flags: FreeFlags, { cwd }: Io): Promise<Result<Question, string>> {
  const count = readCount(flags.count ?? DEFAULT_FREE);
  const [chosen, clusters] = await Promise.all([
    loadChosenPolicy(flags.policy, cwd),
    loadClusters(flags.inventory ?? [], cwd),
  ]);
  const faults = namespaceFault(flags.namespace);
  if (chosen.ok && clusters.ok && count.ok && faults.length === 0) {
    return ok({ ...clusters.value, ...chosen.value, count: count.value });
  }
  return failed([...faults, ...[count, chosen, clusters].flatMap((each) => (each.ok ? [] : each.problems))]);
}

const NO_HOLDERS =
  'no holders are known, so every port counts as free; ' +
  'give --inventory the output of kubectl get namespaces,services -A -o json';

interface Clusters {
  /** One for each dump: a Service may hold different ports in each of them. */
  readonly worlds: readonly Occupancy[];
  readonly labels: ReadonlyMap<string, Labels>;
}

async function loadClusters(paths: readonly string[], cwd: string): Promise<Result<Clusters, string>> {
  const loaded = await Promise.all(paths.map((path) => loadInventory(path, cwd)));
  const problems = loaded.flatMap((each) => (each.ok ? [] : each.problems));
  if (problems.length > 0) return failed(problems);
  const dumps = loaded.flatMap((each) => (each.ok ? [each.value] : []));
  return ok({
    worlds: dumps.map(({ inventory }) => ({ inventory, reservations: NO_RESERVATIONS })),
    labels: new Map(dumps.flatMap(({ namespaceLabels }) => [...namespaceLabels])),
  });
}

function poolFor({ namespace, pool }: FreeFlags, policy: Policy, labels: Labels | undefined): Result<Pool, string> {
  const annotations = pool === undefined ? {} : { [POOL_ANNOTATION]: pool };
  const entitlement = entitledPools({ namespace, type: 'NodePort', annotations }, policy.pools, labels);
  if (pool !== undefined) return chosenPool(pool, namespace, entitlement);
  const doubt = labelsNeeded(namespace, entitlement);
  const own = ownPool(entitlement);
  // A pool behind one that nobody can decide on may not be the right one.
  if (doubt !== undefined && entitlement.assigning === undefined) return failed([doubt]);
  return own === undefined ? failed([noPool(namespace, policy)]) : ok(own);
}

function chosenPool(name: string, namespace: string, entitlement: Entitlement): Result<Pool, string> {
  const { chosen, entitled, refusedChoice, all } = entitlement;
  if (chosen !== undefined) return ok(chosen);
  if (refusedChoice === undefined) return failed([labelsNeeded(namespace, entitlement) ?? '']);
  const wrong = all.some((pool) => pool.name === name)
    ? `is no pool of namespace ${namespace}`
    : 'is no pool of the policy';
  const own = entitled.map((pool) => pool.name);
  const advice = own.length === 0 ? 'it has none' : `use ${anyOf(own)}`;
  return failed([`--pool: ${printable(name)} ${wrong}; ${advice}`]);
}

function labelsNeeded(namespace: string, { unknown }: Entitlement): string | undefined {
  if (unknown.length === 0) return undefined;
  const names = anyOf(unknown.map(({ name }) => name));
  return (
    `namespace ${namespace} may own pool ${names}, depending on its labels, which are not known; ` +
    'give --inventory the output of kubectl get namespaces,services -A -o json'
  );
}

function noPool(namespace: string, { pools }: Policy): string {
  const known = pools.length === 0 ? 'the policy has no pools' : `pools: ${pools.map(describePool).join('; ')}`;
  return `a NodePort Service of namespace ${namespace} has no pool; add the namespace to a NodePortPool (${known})`;
}

function readCount(text: string): Result<number, string> {
  const count = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= MOST_FREE) return ok(count);
  return failed([`--count: ${printable(text)} is not possible; use 1 to ${MOST_FREE}`]);
}
