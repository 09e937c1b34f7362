import { expiresSoon } from '../domain/exception.ts';
import { atMost, type Finding, isStricter, type Undetermined } from '../domain/finding.ts';
import { entitledPools } from '../allocation/entitlement.ts';
import { opened } from '../domain/node-port.ts';
import type { Service } from '../domain/service.ts';
import type { World } from '../domain/world.ts';
import type { BoundRule, Scene } from '../rules/define.ts';
import type { MatchingPolicies } from './matching.ts';
import type { CompiledPolicy, Policy } from './policy.ts';
import { makeScene } from './scene.ts';
import { type Former, type FormerFindings, type Mitigation, pairKey, weigh } from './weigh.ts';

/** What is judged, and against what. */
export interface Judgement {
  readonly scene: Scene;
  readonly policies: MatchingPolicies;
  readonly policy: Policy;
  readonly world: World;
  readonly now: Date;
}

export interface Evaluation {
  readonly findings: readonly Finding[];
  readonly undetermined: readonly Undetermined[];
  readonly notices: readonly string[];
}

/** Asks every rule of every matching policy, weighs what they find, and makes one finding of what several policies say. */
export function evaluate(judgement: Judgement): Evaluation {
  const { scene, policies, policy, world, now } = judgement;
  const mitigation: Mitigation = {
    service: scene.service,
    exceptions: policy.exceptions,
    namespaceLabels: world.labelsOf(scene.service.namespace),
    now,
    former: formerOf(judgement),
  };
  const findings: Finding[] = [];
  const undetermined: Undetermined[] = [];
  const rulesByName = new Map<string, BoundRule>();
  for (const compiled of policies.matching) {
    for (const rule of compiled.rules) {
      if (!concerns(rule, scene)) continue;
      rulesByName.set(rule.meta.name, rule);
      const outcome = rule.check(scene);
      for (const raw of outcome.findings) findings.push(weigh(raw, compiled, rule, mitigation));
      for (const needs of outcome.needs) undetermined.push(couldNotKnow(rule, compiled, needs));
    }
  }
  for (const compiled of policies.undetermined) {
    for (const rule of compiled.rules) {
      if (concerns(rule, scene)) undetermined.push(couldNotKnow(rule, compiled, 'namespace'));
    }
  }
  const merged = withoutYielding(mergePolicies(findings), rulesByName);
  return {
    findings: merged,
    undetermined: mergeUndetermined(undetermined),
    notices: endingExceptions(merged, judgement),
  };
}

/** Most rules only see a Service that opens, or will open, a node port. */
function concerns({ meta }: BoundRule, { ports, unassigned }: Scene): boolean {
  return meta.subject === 'every-service' || ports.length > 0 || unassigned.length > 0;
}

/** The old object, judged rule by rule when the ratchet asks. */
function formerOf({ scene, policy, world }: Judgement): Former | undefined {
  const { oldService } = scene;
  if (oldService === undefined) return undefined;
  const former = formerScene(oldService, policy, world);
  const known = new Map<BoundRule, FormerFindings>();
  const findingsOf = (rule: BoundRule): FormerFindings => {
    const findings = concerns(rule, former) ? rule.check(former).findings : [];
    const ports = findings.flatMap(({ port }) => (port === undefined ? [] : [pairKey(port)]));
    return { ports: new Set(ports), objects: findings.filter(({ port }) => port === undefined) };
  };
  return {
    service: oldService,
    opened: new Set(former.ports.map(pairKey)),
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
    policy,
    world,
  });
}

function couldNotKnow(rule: BoundRule, policy: CompiledPolicy, needs: Undetermined['needs']): Undetermined {
  const enforcement = rule.meta.absolute === true ? rule.enforcement : atMost(rule.enforcement, policy.maxEnforcement);
  const missing =
    needs === 'inventory'
      ? 'the Services of the cluster are not all listed yet; try again in a moment'
      : 'the labels of the namespace are not known; try again in a moment';
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
