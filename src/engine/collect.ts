import { expiresSoon } from '../domain/exception.ts';
import { atMost, type Enforcement, type Finding, isStricter, type Need, type Undetermined } from '../domain/finding.ts';
import { printable } from '../domain/text.ts';
import type { BoundRule, RuleOutcome } from '../rules/define.ts';
import type { AppliedRule } from './matching.ts';
import { type Mitigation, weigh } from './weigh.ts';

export interface Evaluation {
  readonly findings: readonly Finding[];
  readonly undetermined: readonly Undetermined[];
  readonly notices: readonly string[];
}

/** Of one rule about one object. A hundred thousand take seconds, in which nobody else is answered. */
const MOST_FINDINGS = 100;

/** Asks every rule that applies, weighs what they find, and makes one finding of what several policies say. */
export function collect(
  rules: readonly AppliedRule[],
  mitigation: Mitigation,
  ask: (rule: BoundRule, mostFindings: number) => RuleOutcome | undefined,
): Evaluation {
  const { namespace } = mitigation.object;
  // What was wrong before only warns: beyond all of that there is still room to see what is new.
  const mostFindings = MOST_FINDINGS + (mitigation.former?.opened.size ?? 0);
  const found: (readonly Finding[])[] = [];
  const undetermined: Undetermined[] = [];
  const rulesByName = new Map<string, BoundRule>();
  for (const applied of rules) {
    const { rule, isMeant } = applied;
    const outcome = ask(rule, mostFindings);
    if (outcome === undefined) continue;
    rulesByName.set(rule.meta.name, rule);
    const weighed = outcome.findings.map((raw) => weigh(raw, applied.policy, rule, mitigation));
    if (isMeant) found.push(weighed);
    else undetermined.push(...perhaps(weighed, applied, namespace));
    for (const needs of outcome.needs) undetermined.push(couldNotKnow(applied, needs, namespace));
  }
  const merged = withoutYielding(mergePolicies(found.flat()), rulesByName);
  return {
    findings: merged,
    undetermined: mergeUndetermined(undetermined),
    notices: endingExceptions(merged, mitigation),
  };
}

/** What a policy would say that may not be meant for the namespace: the strictest of it decides. */
function perhaps(findings: readonly Finding[], applied: AppliedRule, namespace: string): readonly Undetermined[] {
  const [first, ...others] = findings;
  if (first === undefined) return [];
  const strictest = others.reduce((a, b) => (isStricter(b.enforcement, a.enforcement) ? b : a), first);
  return [couldNotKnow(applied, 'namespace', namespace, strictest.enforcement)];
}

function couldNotKnow(
  { rule, policy }: AppliedRule,
  needs: Need,
  namespace: string,
  strongest: Enforcement = rule.enforcement,
): Undetermined {
  const enforcement = atMost(strongest, policy.maxEnforcement);
  const missing =
    needs === 'inventory'
      ? 'the Services of the cluster are not all listed yet; try again in a moment'
      : `the labels of namespace ${printable(namespace)} are not known; try again, or send its Namespace object along`;
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

function endingExceptions(findings: readonly Finding[], { exceptions, now }: Mitigation): readonly string[] {
  const used = new Set(findings.map(({ exception }) => exception));
  return exceptions
    .filter((exception) => used.has(exception.name) && expiresSoon(exception, now))
    .map(
      ({ name, expires }) => `exception ${name} ends after ${expires} (UTC); fix the Service or renew the exception`,
    );
}
