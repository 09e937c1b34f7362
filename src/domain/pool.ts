import { type PortRange, type PortSet, portSet, without } from './port-set.ts';
import type { NamespaceCriteria } from './selection.ts';
import { compareText } from './text.ts';

/** Chooses one of the pools that a Service is entitled to: `nodeport-gate.dev/pool: NAME`. */
export const POOL_ANNOTATION = 'nodeport-gate.dev/pool';

/** A named set of node ports with owners, compiled from a NodePortPool document. */
export interface Pool {
  readonly name: string;
  readonly ports: PortSet;
  /** A subset of `ports`; never assigned. */
  readonly reserved: PortSet;
  /** `ports` without `reserved` and without what belongs to a pool that takes precedence: what the gate may assign. */
  readonly assignable: PortSet;
  /** Empty when the document names none. */
  readonly contact: string;
  readonly criteria: NamespaceCriteria;
  /** undefined: every type. */
  readonly serviceTypes: readonly string[] | undefined;
  /** Lower wins, as in MetalLB. */
  readonly priority: number;
  readonly assign: boolean;
  readonly quota: PoolQuota;
}

/** How many different numbers of the pool one owner may have; undefined: any number. */
export interface PoolQuota {
  readonly perNamespace: number | undefined;
  readonly perService: number | undefined;
}

/** The order in which pools win: lowest priority number first, then by name. */
export function byPrecedence(a: Pool, b: Pool): number {
  return a.priority - b.priority || compareText(a.name, b.name);
}

/** The pools in order of precedence. A port of several pools belongs to the first of them, so the others do not assign it. */
export function inPrecedence(pools: readonly Pool[]): readonly Pool[] {
  const ordered = pools.toSorted(byPrecedence);
  return ordered.map((pool, index) => ({
    ...pool,
    assignable: without(pool.assignable, portSet(ordered.slice(0, index).flatMap(({ ports }) => ports.ranges))),
  }));
}

/** `team-a`, or `team-a, contact team-a@example.com`. */
export function describePool({ name, contact }: Pick<Pool, 'name' | 'contact'>): string {
  return contact === '' ? name : `${name}, contact ${contact}`;
}

/** In front of a verb: `shop is full`, but `shop, contact shop@example.com, is full`. */
export function poolAsSubject(pool: Pick<Pool, 'name' | 'contact'>): string {
  return pool.contact === '' ? describePool(pool) : `${describePool(pool)},`;
}

/** The pools from the point of view of one Service. */
export interface Entitlement {
  /** All pools, in order of precedence. */
  readonly all: readonly Pool[];
  /** Those whose criteria the Service meets, in order of precedence. */
  readonly entitled: readonly Pool[];
  /** Those with a namespaceSelector, while the labels of the namespace are not known. */
  readonly unknown: readonly Pool[];
  /** The one that missing numbers come from: annotated, else the first entitled one that assigns. */
  readonly assigning: Pool | undefined;
  /** The entitled pool that `nodeport-gate.dev/pool` names, whether or not it assigns. */
  readonly chosen?: Pool | undefined;
  /** The name in `nodeport-gate.dev/pool` when that pool is not among the entitled ones. */
  readonly refusedChoice: string | undefined;
}

/** The pool that messages to the owner of the Service speak of: where its numbers come from, or should. */
export function ownPool({ assigning, chosen, entitled }: Entitlement): Pool | undefined {
  return assigning ?? chosen ?? entitled[0];
}

/** The pool that a number belongs to: of several, the one that takes precedence. */
export function poolOf(pools: readonly Pool[], number: number): Pool | undefined {
  return pools.find(({ ports }) => ports.has(number));
}

/** `reserved`: its pool gives it to nobody. `outside`: the API server does not allocate it. */
export type Vacancy = 'free' | 'reserved' | 'outside';

/** What a number is that nobody has. */
export function vacancyOf(
  number: number,
  { pools, clusterPorts }: { readonly pools: readonly Pool[]; readonly clusterPorts: PortSet },
): Vacancy {
  if (!clusterPorts.has(number)) return 'outside';
  return poolOf(pools, number)?.reserved.has(number) === true ? 'reserved' : 'free';
}

/** Numbers that follow each other, all of one pool, or all outside every pool. */
export interface PoolRange extends PortRange {
  readonly pool?: string;
}
