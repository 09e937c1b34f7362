import type { ClusterProfile } from '../domain/cluster-profile.ts';
import type { Exception } from '../domain/exception.ts';
import { expiresSoon, isExpired } from '../domain/exception.ts';
import type { Inventory } from '../domain/inventory.ts';
import { byPrecedence, type Pool } from '../domain/pool.ts';
import { formatRanges, type PortSet } from '../domain/port-set.ts';
import {
  type LabelSelector,
  type Labels,
  matchesAnyGlob,
  matchesNamespace,
  type NamespaceCriteria,
} from '../domain/selection.ts';
import type { CompiledPolicy, Policy } from '../engine/policy.ts';

/** A policy as `policy show` prints it: everything that presets and defaults add is in it. Absent facts are absent. */
export interface ShownPolicy {
  readonly hash: string;
  readonly cluster: ClusterProfile;
  readonly policies: readonly ShownRules[];
  /** In order of precedence. */
  readonly pools: readonly ShownPool[];
  readonly exceptions: readonly ShownException[];
}

/** Of something that selects namespaces by label, where nobody knows those of the one that was asked about. */
interface Doubtful {
  readonly depends?: 'namespace labels';
}

export interface ShownRule {
  readonly rule: string;
  readonly enforcement: string;
  readonly options: Readonly<Record<string, unknown>>;
}

export interface ShownRules extends Doubtful {
  readonly name: string;
  readonly preset: string;
  readonly maxEnforcement: string;
  readonly undetermined: string;
  readonly match: Readonly<Record<string, unknown>>;
  readonly allowSuppressions: readonly string[];
  readonly rules: readonly ShownRule[];
}

export interface ShownPool extends Doubtful {
  readonly name: string;
  readonly ports: string;
  readonly reserved?: string;
  readonly contact?: string;
  readonly namespaces?: readonly string[];
  readonly namespaceSelector?: LabelSelector;
  readonly serviceTypes?: readonly string[];
  readonly priority: number;
  readonly assign: boolean;
  readonly quota?: { readonly perNamespace?: number; readonly perService?: number };
  /** How many numbers can be assigned from it. */
  readonly assignable: number;
  /** How many of those somebody holds; only where an inventory is known. */
  readonly held?: number;
}

export interface ShownException extends Doubtful {
  readonly name: string;
  readonly rules: readonly string[];
  readonly namespaces?: readonly string[];
  readonly namespaceSelector?: LabelSelector;
  readonly services?: readonly string[];
  readonly ports?: string;
  readonly reason: string;
  readonly ticket?: string;
  readonly expires: string;
  readonly state: 'in force' | 'ends soon' | 'expired';
  /** The days that it still holds, today included; 0 when expired. */
  readonly daysLeft: number;
}

export interface ShowContext {
  /** Only what concerns it; undefined: everything. */
  readonly namespace: string | undefined;
  readonly labels: Labels | undefined;
  /** undefined where nobody knows who holds what. */
  readonly inventory: Inventory | undefined;
  readonly now: Date;
  presetOf(policy: string): string;
  rulesOf(policy: string): readonly ShownRule[];
}

export function shownPolicy(policy: Policy, context: ShowContext): ShownPolicy {
  const concerned = <Item>(items: readonly Item[], criteriaOf: (item: Item) => NamespaceCriteria) =>
    items.flatMap((item) => {
      const { namespace, labels } = context;
      const match = namespace === undefined ? 'yes' : matchesNamespace(criteriaOf(item), namespace, labels);
      return match === 'no' ? [] : [{ item, doubt: match === 'unknown' ? DOUBTFUL : {} }];
    });
  const isExcluded = ({ match }: CompiledPolicy): boolean =>
    context.namespace !== undefined && matchesAnyGlob(match.excludeNamespaces, context.namespace);
  const policies = policy.policies.filter((each) => !isExcluded(each));
  return {
    hash: policy.hash,
    cluster: policy.profile,
    policies: concerned(policies, ({ match }) => match).map(({ item, doubt }) => ({
      ...showRules(item, context),
      ...doubt,
    })),
    pools: concerned(policy.pools.toSorted(byPrecedence), ({ criteria }) => criteria).map(({ item, doubt }) => ({
      ...showPool(item, context),
      ...doubt,
    })),
    exceptions: concerned(policy.exceptions, ({ criteria }) => criteria).map(({ item, doubt }) => ({
      ...showException(item, context.now),
      ...doubt,
    })),
  };
}

const DOUBTFUL: Doubtful = { depends: 'namespace labels' };

function showRules(policy: CompiledPolicy, { presetOf, rulesOf }: ShowContext): ShownRules {
  const { name, match, maxEnforcement, undetermined, allowSuppressions } = policy;
  return {
    name,
    preset: presetOf(name),
    maxEnforcement,
    undetermined,
    match: present({ ...match }),
    allowSuppressions,
    rules: rulesOf(name),
  };
}

function showPool(pool: Pool, { inventory }: ShowContext): ShownPool {
  const { name, ports, reserved, contact, criteria, serviceTypes, priority, assign, quota, assignable } = pool;
  return {
    name,
    ports: formatRanges(ports.ranges),
    ...(reserved.ranges.length > 0 && { reserved: formatRanges(reserved.ranges) }),
    ...(contact !== '' && { contact }),
    ...present({ ...criteria, serviceTypes }),
    priority,
    assign,
    ...quotaOf(quota),
    assignable: assignable.numbers.length,
    ...(inventory !== undefined && { held: heldOf(assignable, inventory) }),
  };
}

function quotaOf({ perNamespace, perService }: Pool['quota']): Pick<ShownPool, 'quota'> {
  if (perNamespace === undefined && perService === undefined) return {};
  return {
    quota: { ...(perNamespace !== undefined && { perNamespace }), ...(perService !== undefined && { perService }) },
  };
}

function heldOf({ numbers }: PortSet, { isHeld }: Inventory): number {
  return [...numbers].filter((number) => isHeld(number)).length;
}

const DAY_MS = 24 * 3_600_000;

function showException(exception: Exception, now: Date): ShownException {
  const { name, rules, criteria, services, ports, reason, ticket, expires, endsAt } = exception;
  const state = isExpired(exception, now) ? 'expired' : expiresSoon(exception, now) ? 'ends soon' : 'in force';
  return {
    name,
    rules,
    ...present({ ...criteria, services }),
    ...(ports !== undefined && { ports: formatRanges(ports.ranges) }),
    reason,
    ...(ticket !== '' && { ticket }),
    expires,
    state,
    daysLeft: Math.max(0, Math.ceil((endsAt - now.getTime()) / DAY_MS)),
  };
}

/** Without criteria that do not narrow. */
function present<Facts extends object>(
  facts: Facts,
): { readonly [Key in keyof Facts]?: Exclude<Facts[Key], undefined> } {
  const narrowing = Object.entries(facts).filter(([, value]) => {
    return value !== undefined && !(Array.isArray(value) && value.length === 0);
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the entries of `facts` without some of them
  return Object.fromEntries(narrowing) as { readonly [Key in keyof Facts]?: Exclude<Facts[Key], undefined> };
}
