import { choices } from '../allocation/choose.ts';
import { entitledPools } from '../allocation/entitlement.ts';
import type { Enforcement, Finding, Undetermined } from '../domain/finding.ts';
import type { HeldPort } from '../domain/inventory.ts';
import type { Entitlement, Pool } from '../domain/pool.ts';
import type { ServiceRequest } from '../domain/request.ts';
import { type Labels, type Match, matchesNamespace } from '../domain/selection.ts';
import { sameRef } from '../domain/service.ts';
import type { Assignment, Verdict } from '../domain/verdict.ts';
import type { World } from '../domain/world.ts';
import { admit, type Prepared, prepare } from './admit.ts';
import { concerns, isAskedAbout } from './evaluate.ts';
import { type AppliedRule, rulesFor } from './matching.ts';
import type { CompiledPolicy, Policy, PolicyMatch } from './policy.ts';
import { choiceKey } from './scene.ts';

/** How a verdict came about. */
export interface Explanation {
  readonly verdict: Verdict;
  readonly policies: readonly PolicyAccount[];
  readonly entitlement: Entitlement;
  /** Every pool, in order of precedence. */
  readonly pools: readonly PoolAccount[];
  readonly ports: readonly PortAccount[];
  readonly rules: readonly RuleAccount[];
}

export interface PolicyAccount {
  readonly policy: CompiledPolicy;
  readonly match: Match;
  /** The first criterion that does not hold, or, for `unknown`, that nobody can decide. */
  readonly because: keyof PolicyMatch | undefined;
}

export interface PoolAccount {
  readonly pool: Pool;
  readonly match: Match;
  readonly because: 'serviceTypes' | 'namespaces' | 'namespaceSelector' | undefined;
}

export interface PortAccount {
  readonly assigned: Assignment;
  /** Only of a number of the pool that the Service is assigned from. */
  readonly choice: ChoiceAccount | undefined;
}

export interface ChoiceAccount {
  readonly key: string;
  /** 1 for the number that the key wants most. */
  readonly place: number;
  readonly of: number;
  /** Of a number that the hash chose: what it would rather have had, in that order, the first of them. */
  readonly passedOver: readonly PassedOver[];
}

export interface PassedOver {
  readonly number: number;
  readonly because: 'held' | 'squatted' | 'used-by-itself' | 'not-permitted' | 'reserved';
  /** Who has it; only for `held` and `squatted`. */
  readonly holder: HeldPort | undefined;
}

/** One rule of one policy. */
export interface RuleAccount {
  readonly rule: string;
  readonly policy: string;
  readonly enforcement: Enforcement;
  readonly outcome: RuleResult;
}

export type RuleResult =
  | { readonly kind: 'passed' }
  | { readonly kind: 'found'; readonly findings: readonly Finding[] }
  | { readonly kind: 'undetermined'; readonly undetermined: readonly Undetermined[] }
  /** Another rule says it already. */
  | { readonly kind: 'left-out'; readonly yieldsTo: readonly string[] }
  | { readonly kind: 'not-asked'; readonly because: 'origin' | 'opens-nothing' };

/** A pool may have thousands of numbers; whoever reads this wants to know the first ones. */
const MOST_PASSED_OVER = 5;

/** What `admit` says, with everything that led to it. Asks the same functions, one criterion and one rule at a time. */
export function explain(request: ServiceRequest, policy: Policy, world: World, now: Date): Explanation {
  const { service } = request;
  const labels = world.labelsOf(service.namespace);
  const verdict = admit(request, policy, world, now);
  const isRunning = request.origin === 'cluster';
  const { rules } = rulesFor(policy.policies, request, labels);
  const prepared = prepare(request, rules, policy, world);
  return {
    verdict,
    policies: policy.policies.map((each) => accountOfPolicy(each, request, labels)),
    entitlement: prepared.entitlement,
    pools: policy.pools.map((pool) => accountOfPool(pool, request, labels)),
    ports: verdict.assigned.map((assigned) => ({
      // What runs has it already, whoever wrote it.
      assigned: isRunning && assigned.because === 'explicit' ? { ...assigned, because: 'kept' } : assigned,
      choice: choiceOf(assigned, prepared, world),
    })),
    rules: rules
      .filter(({ rule }) => rule.meta.subject !== 'workload')
      .map((applied) => accountOfRule(applied, verdict, prepared, request)),
  };
}

const EVERYTHING: PolicyMatch = {
  namespaces: undefined,
  namespaceSelector: undefined,
  excludeNamespaces: [],
  serviceSelector: undefined,
  serviceTypes: undefined,
  excludeUsers: [],
  excludeGroups: [],
};

/** In the order in which a reader would look. */
const CRITERIA = [
  'excludeNamespaces',
  'namespaces',
  'namespaceSelector',
  'excludeUsers',
  'excludeGroups',
  'serviceTypes',
  'serviceSelector',
] as const satisfies readonly (keyof PolicyMatch)[];

function accountOfPolicy(policy: CompiledPolicy, request: ServiceRequest, labels: Labels | undefined): PolicyAccount {
  const isMatchedBy = (match: PolicyMatch): boolean =>
    rulesFor([{ ...policy, match, rules: [] }], request, labels).isMatched;
  const because = CRITERIA.find((name) => !isMatchedBy({ ...EVERYTHING, [name]: policy.match[name] }));
  if (because !== undefined) return { policy, match: 'no', because };
  const match = matchesNamespace(policy.match, request.service.namespace, labels);
  return { policy, match, because: match === 'yes' ? undefined : 'namespaceSelector' };
}

function accountOfPool(pool: Pool, { service }: ServiceRequest, labels: Labels | undefined): PoolAccount {
  const matchOf = (one: Pool): Match => {
    const { entitled, unknown } = entitledPools(service, [one], labels);
    return entitled.length > 0 ? 'yes' : unknown.length > 0 ? 'unknown' : 'no';
  };
  const match = matchOf(pool);
  const { namespaces, namespaceSelector } = pool.criteria;
  const alone = { ...pool, serviceTypes: undefined, criteria: { namespaces: undefined, namespaceSelector: undefined } };
  const narrowed = [
    ['serviceTypes', { ...alone, serviceTypes: pool.serviceTypes }],
    ['namespaces', { ...alone, criteria: { namespaces, namespaceSelector: undefined } }],
    ['namespaceSelector', { ...alone, criteria: { namespaces: undefined, namespaceSelector } }],
  ] as const;
  return { pool, match, because: narrowed.find(([, one]) => matchOf(one) === match && match !== 'yes')?.[0] };
}

function accountOfRule(
  { rule, policy }: AppliedRule,
  verdict: Verdict,
  { scene }: Prepared,
  { origin }: ServiceRequest,
): RuleAccount {
  const { name, yieldsTo = [] } = rule.meta;
  const account = { rule: name, policy: policy.name, enforcement: rule.enforcement };
  if (!isAskedAbout(rule, origin)) return { ...account, outcome: { kind: 'not-asked', because: 'origin' } };
  if (!concerns(rule, scene)) return { ...account, outcome: { kind: 'not-asked', because: 'opens-nothing' } };
  const findings = verdict.findings.filter((each) => each.rule === name && each.policies.includes(policy.name));
  if (findings.length > 0) return { ...account, outcome: { kind: 'found', findings } };
  const undetermined = verdict.undetermined.filter((each) => each.rule === name);
  if (undetermined.length > 0) return { ...account, outcome: { kind: 'undetermined', undetermined } };
  const isLeftOut = rule.check(scene, 1).findings.length > 0;
  return { ...account, outcome: isLeftOut ? { kind: 'left-out', yieldsTo } : { kind: 'passed' } };
}

function choiceOf(
  { nodePort, port, protocol, pool, because }: Assignment,
  { entitlement: { assigning }, proposal: { service, ports }, isPermitted }: Prepared,
  { inventory }: World,
): ChoiceAccount | undefined {
  if (assigning === undefined || assigning.name !== pool) return undefined;
  const { numbers } = assigning.assignable;
  const key = choiceKey(service, port, protocol);
  const wanted = choices(key, numbers, { isTaken: () => false, lastResortOrder: () => undefined }, numbers.length);
  const place = wanted.indexOf(nodePort) + 1;
  const usedByItself = new Set(ports.map(({ number }) => number));
  const accountOf = (number: number): PassedOver => {
    const holder = inventory.holdersOf(number).find((each) => !sameRef(each, service));
    if (holder !== undefined) return { number, because: 'held', holder };
    if (usedByItself.has(number)) return { number, because: 'used-by-itself', holder: undefined };
    if (!isPermitted(number)) return { number, because: 'not-permitted', holder: undefined };
    const [squatter] = inventory.squattersOf(number);
    return { number, because: squatter === undefined ? 'reserved' : 'squatted', holder: squatter };
  };
  // A reserved number of the pool is no choice at all.
  if (place === 0) return undefined;
  const before = because.startsWith('hash') ? Math.min(place - 1, MOST_PASSED_OVER) : 0;
  const passedOver = wanted.slice(0, before).map(accountOf);
  return { key, place, of: numbers.length, passedOver };
}
