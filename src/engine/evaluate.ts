import { expiresSoon } from '../domain/exception.ts';
import { atMost, type Enforcement, type Finding, isStricter, type Need, type Undetermined } from '../domain/finding.ts';
import { entitledPools } from '../allocation/entitlement.ts';
import { opened } from '../domain/node-port.ts';
import type { Service } from '../domain/service.ts';
import { printable } from '../domain/text.ts';
import type { World } from '../domain/world.ts';
import type { BoundRule, Scene } from '../rules/define.ts';
import type { AppliedRule } from './matching.ts';
import type { Policy } from './policy.ts';
import { makeScene } from './scene.ts';
import { type Former, type FormerFindings, type Mitigation, pairKey, placeKey, weigh } from './weigh.ts';

/** What is judged, and against what. */
export interface Judgement {
  readonly scene: Scene;
  readonly rules: readonly AppliedRule[];
  readonly policy: Policy;
  readonly world: World;
  readonly now: Date;
}

export interface Evaluation {
  readonly findings: readonly Finding[];
  readonly undetermined: readonly Undetermined[];
  readonly notices: readonly string[];
}

/** Of one rule about one Service. A hundred thousand take seconds, in which nobody else is answered. */
const MOST_FINDINGS = 100;

/** Asks every rule that applies, weighs what they find, and makes one finding of what several policies say. */
export function evaluate(judgement: Judgement): Evaluation {
  const { scene, rules, policy, world, now } = judgement;
  const mitigation: Mitigation = {
    service: scene.service,
    opened: opened(scene.service),
    opensUnknown: scene.unassigned.length > 0,
    exceptions: policy.exceptions,
    namespaceLabels: world.labelsOf(scene.service.namespace),
    now,
    former: formerOf(judgement),
  };
  // What was wrong before only warns: beyond all of that there is still room to see what is new.
  const mostFindings = MOST_FINDINGS + (mitigation.former?.opened.size ?? 0);
  const found: (readonly Finding[])[] = [];
  const undetermined: Undetermined[] = [];
  const rulesByName = new Map<string, BoundRule>();
  for (const applied of rules) {
    const { rule, isMeant } = applied;
    if (!concerns(rule, scene)) continue;
    rulesByName.set(rule.meta.name, rule);
    const outcome = rule.check(scene, mostFindings);
    const weighed = outcome.findings.map((raw) => weigh(raw, applied.policy, rule, mitigation));
    if (isMeant) found.push(weighed);
    else undetermined.push(...perhaps(weighed, applied, scene));
    for (const needs of outcome.needs) undetermined.push(couldNotKnow(applied, needs, scene));
  }
  const merged = withoutYielding(mergePolicies(found.flat()), rulesByName);
  return {
    findings: merged,
    undetermined: mergeUndetermined(undetermined),
    notices: endingExceptions(merged, judgement),
  };
}

/** What a policy would say that may not be meant for the namespace: the strictest of it decides. */
function perhaps(findings: readonly Finding[], applied: AppliedRule, scene: Scene): readonly Undetermined[] {
  const [first, ...others] = findings;
  if (first === undefined) return [];
  const strictest = others.reduce((a, b) => (isStricter(b.enforcement, a.enforcement) ? b : a), first);
  return [couldNotKnow(applied, 'namespace', scene, strictest.enforcement)];
}

/** Most rules only see a Service that opens, or will open, a node port. */
function concerns({ meta }: BoundRule, { ports, unassigned }: Scene): boolean {
  return meta.subject === 'every-service' || ports.length > 0 || unassigned.length > 0;
}

/** The old object, judged rule by rule when the ratchet asks. */
function formerOf({ scene, policy, world }: Judgement): Former | undefined {
  const { service, oldService } = scene;
  if (oldService === undefined) return undefined;
  const former = formerScene(oldService, policy, world);
  const openedBefore = new Set(former.ports.map(pairKey));
  const opensMore = opened(service).some((pair) => !openedBefore.has(pairKey(pair)));
  const known = new Map<BoundRule, FormerFindings>();
  const findingsOf = (rule: BoundRule): FormerFindings => {
    const findings = concerns(rule, former) ? rule.check(former, Infinity).findings : [];
    const ports = findings.flatMap(({ port }) => (port === undefined ? [] : [pairKey(port)]));
    const ofObject = Map.groupBy(
      findings.filter(({ port }) => port === undefined),
      placeKey,
    );
    const objects = new Map([...ofObject].map(([key, group]) => [key, group.map(({ value }) => value)]));
    const exposedBefore = new Set(rule.meta.exposure(oldService).map(pairKey));
    const exposesMore = rule.meta.exposure(service).some((pair) => !exposedBefore.has(pairKey(pair)));
    return { ports: new Set(ports), objects, grows: opensMore || exposesMore };
  };
  return {
    opened: openedBefore,
    findingsOf(rule) {
      const findings = known.get(rule) ?? findingsOf(rule);
      known.set(rule, findings);
      return findings;
    },
  };
}

function formerScene(service: Service, policy: Policy, world: World): Scene {
  const entitlement = entitledPools(service, policy.pools, world.labelsOf(service.namespace));
  return makeScene({
    service,
    oldService: undefined,
    ports: opened(service).map((port) => ({ ...port, because: 'kept', wouldGet: undefined })),
    unassigned: [],
    entitlement,
    // Nobody reads what is suggested for the past.
    isPermitted: () => true,
    policy,
    world,
  });
}

function couldNotKnow(
  { rule, policy }: AppliedRule,
  needs: Need,
  { service }: Scene,
  strongest: Enforcement = rule.enforcement,
): Undetermined {
  const enforcement = atMost(strongest, policy.maxEnforcement);
  const missing =
    needs === 'inventory'
      ? 'the Services of the cluster are not all listed yet; try again in a moment'
      : `the labels of namespace ${printable(service.namespace)} are not known; try again, or send its Namespace object along`;
  return {
    rule: rule.meta.name,
    needs,
    enforcement,
    denies: policy.undetermined === 'deny' && enforcement === 'deny',
    message: `cannot be judged: ${missing}`,
  };
}

/** The same rule and field from several policies is one finding: the strictest, with all policies named. */
function mergePolicies(findings: readonly Finding[]): readonly Finding[] {
  const groups = Map.groupBy(findings, ({ rule, field }) => `${rule} ${field}`);
  return [...groups.values()].flatMap((group) => {
    const policies = [...new Set(group.flatMap((finding) => finding.policies))].sort();
    const [only] = policies;
    if (policies.length === 1 || only === undefined) return group;
    const strictest = group.reduce((a, b) => (isStricter(b.enforcement, a.enforcement) ? b : a));
    return group
      .filter((finding) => finding.policies[0] === strictest.policies[0])
      .map((finding) => ({ ...finding, policies }));
  });
}

/** Leaves out what another rule already says about the same field, at least as strictly. */
function withoutYielding(findings: readonly Finding[], rules: ReadonlyMap<string, BoundRule>): readonly Finding[] {
  const byField = Map.groupBy(findings, ({ field }) => field);
  return findings.filter((finding) => {
    const yieldsTo = rules.get(finding.rule)?.meta.yieldsTo ?? [];
    const others = yieldsTo.length === 0 ? [] : (byField.get(finding.field) ?? []);
    return !others.some(
      (other) => yieldsTo.includes(other.rule) && !isStricter(finding.enforcement, other.enforcement),
    );
  });
}

function mergeUndetermined(all: readonly Undetermined[]): readonly Undetermined[] {
  const groups = Map.groupBy(all, ({ rule, needs }) => `${rule} ${needs}`);
  return [...groups.values()].flatMap((group) => {
    const [first, ...others] = group;
    if (first === undefined) return [];
    return [
      others.reduce(
        (a, b) => ({ ...(isStricter(b.enforcement, a.enforcement) ? b : a), denies: a.denies || b.denies }),
        first,
      ),
    ];
  });
}

function endingExceptions(findings: readonly Finding[], { policy, now }: Judgement): readonly string[] {
  const used = new Set(findings.map(({ exception }) => exception));
  return policy.exceptions
    .filter((exception) => used.has(exception.name) && expiresSoon(exception, now))
    .map(
      ({ name, expires }) => `exception ${name} ends after ${expires} (UTC); fix the Service or renew the exception`,
    );
}
