import { valueAt } from '../domain/path.ts';
import { byPrecedence, type Pool } from '../domain/pool.ts';
import {
  formatRanges,
  parseRange,
  type PortRange,
  type PortSet,
  portSet,
  sharedRanges,
  without,
} from '../domain/port-set.ts';
import { matchesGlob, type NamespaceCriteria } from '../domain/selection.ts';
import type { SourceDocument } from './documents.ts';
import type { Problem } from './problem.ts';

export interface PoolSource {
  readonly pool: Pool;
  readonly document: SourceDocument;
}

/** What the cluster can allocate at all, and who says so. */
export interface ClusterRange {
  readonly ports: PortSet;
  /** `the ClusterProfile at prod.yaml:40`, or that it is the default. */
  readonly saidBy: string;
}

/** Pools that contradict themselves or the cluster. The range is undefined where nobody could read it. */
export function poolProblems(pools: readonly PoolSource[], cluster: ClusterRange | undefined): readonly Problem[] {
  return pools.flatMap((source) => [
    ...reservedOutside(source),
    ...(cluster === undefined ? [] : outsideCluster(source, cluster)),
  ]);
}

function reservedOutside({ pool, document }: PoolSource): readonly Problem[] {
  return itemsOutside(document, 'reserved', pool.ports).map(({ index, outside }) =>
    document.problem({
      path: ['spec', 'reserved', index],
      part: 'value',
      message:
        `${outside} is outside spec.ports (${formatRanges(pool.ports.ranges)}, ${document.lineOf(['spec', 'ports'])}) ` +
        `of pool ${pool.name}; reserve only ports of the pool`,
    }),
  );
}

function outsideCluster({ pool, document }: PoolSource, { ports, saidBy }: ClusterRange): readonly Problem[] {
  return itemsOutside(document, 'ports', ports).map(({ index, outside }) =>
    document.problem({
      path: ['spec', 'ports', index],
      part: 'value',
      message:
        `${outside} of pool ${pool.name} is outside ${formatRanges(ports.ranges)}, the cluster's range ` +
        `(serviceNodePortRange, ${saidBy}); change one of them`,
    }),
  );
}

interface ItemOutside {
  readonly index: number;
  readonly outside: string;
}

/** The items of a list of ports that are not wholly inside `allowed`, each with the part that is not. */
function itemsOutside(document: SourceDocument, key: 'ports' | 'reserved', allowed: PortSet): readonly ItemOutside[] {
  const items = valueAt(document.value, ['spec', key]);
  if (!Array.isArray(items)) return [];
  return items.flatMap((item: unknown, index) => {
    const range = parseRange(String(item));
    if (range === undefined || allowed.ranges.some(({ from, to }) => from <= range.from && range.to <= to)) return [];
    return [{ index, outside: formatRanges(without(portSet([range]), allowed).ranges) }];
  });
}

/** Pools of one priority that share ports: nobody could say whose a shared port is. */
export function overlaps(pools: readonly PoolSource[]): readonly Problem[] {
  return rivals(pools, (a, b) => sharedRanges(a.ports, b.ports).length > 0).map(([first, second]) => {
    const shared: readonly PortRange[] = sharedRanges(first.pool.ports, second.pool.ports);
    return second.document.problem({
      path: ['spec', 'ports'],
      part: 'key',
      message:
        `${formatRanges(shared)} is also in pool ${first.pool.name} (${first.document.lineOf(['spec', 'ports'])}) with the ` +
        `same priority ${second.pool.priority}; give the pools different ports or priorities`,
    });
  });
}

/** Pools of one priority that a Service could choose from: settled by name, which the author may not have meant. */
export function settledByName(pools: readonly PoolSource[]): readonly Problem[] {
  return rivals(pools, mayEntitleSame).map(([first, second]) =>
    second.document.problem({
      path: ['spec', 'priority'],
      part: 'key',
      message:
        `pools ${first.pool.name} (${first.document.lineOf(['spec'])}) and ${second.pool.name} may have the same owners and ` +
        `have the same priority ${second.pool.priority}, resolved by name: ${first.pool.name} before ${second.pool.name}; ` +
        'give them different priorities',
    }),
  );
}

/**
 * Each pool with the first one before it, of the same priority, that it meets: n pools give less than n pairs. Two of one
 * name are a problem already.
 */
function rivals(
  pools: readonly PoolSource[],
  meets: (a: Pool, b: Pool) => boolean,
): readonly (readonly [first: PoolSource, second: PoolSource])[] {
  const ordered = pools.toSorted((a, b) => byPrecedence(a.pool, b.pool));
  return ordered.flatMap((second, index) => {
    const first = ordered
      .slice(0, index)
      .find(({ pool }) => settledOnlyByName(pool, second.pool) && meets(pool, second.pool));
    return first === undefined ? [] : [[first, second] as const];
  });
}

function settledOnlyByName(a: Pool, b: Pool): boolean {
  return a.priority === b.priority && a.name !== b.name;
}

function mayEntitleSame(a: Pool, b: Pool): boolean {
  const types =
    a.serviceTypes === undefined || b.serviceTypes?.some((type) => a.serviceTypes?.includes(type)) !== false;
  return types && mayMeet(a.criteria, b.criteria);
}

/** Any two selectors may select the same namespace, so only names can tell owners apart. */
function mayMeet(a: NamespaceCriteria, b: NamespaceCriteria): boolean {
  if (a.namespaces === undefined || b.namespaces === undefined) return true;
  return a.namespaces.some((left) => b.namespaces?.some((right) => globsMayMeet(left, right)));
}

/** False only when no name matches both: two globs meet unless their fixed beginnings or ends differ. */
function globsMayMeet(a: string, b: string): boolean {
  if (!a.includes('*')) return matchesGlob(b, a);
  if (!b.includes('*')) return matchesGlob(a, b);
  const [headA, headB] = [a.slice(0, a.indexOf('*')), b.slice(0, b.indexOf('*'))];
  const [tailA, tailB] = [a.slice(a.lastIndexOf('*') + 1), b.slice(b.lastIndexOf('*') + 1)];
  return (headA.startsWith(headB) || headB.startsWith(headA)) && (tailA.endsWith(tailB) || tailB.endsWith(tailA));
}
