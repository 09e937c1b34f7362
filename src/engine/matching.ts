import type { ServiceRequest, User } from '../domain/request.ts';
import { type Labels, type Match, matchesAnyGlob, matchesLabels, matchesNamespace } from '../domain/selection.ts';
import type { Service } from '../domain/service.ts';
import type { Workload } from '../domain/workload.ts';
import type { BoundRule } from '../rules/define.ts';
import type { CompiledPolicy, PolicyMatch } from './policy.ts';

/** A rule of one policy that is asked about a Service. */
export interface AppliedRule {
  readonly rule: BoundRule;
  readonly policy: CompiledPolicy;
  /** False where it depends on labels of the namespace that nobody knows whether the policy is meant for it. */
  readonly isMeant: boolean;
}

export interface AppliedRules {
  readonly rules: readonly AppliedRule[];
  /** Whether a policy matches, or may match: otherwise the Service is not assigned any port. */
  readonly isMatched: boolean;
}

/**
 * The rules that judge a request. A policy matches if the object or the old object does: authors control labels and
 * types, and must not slip out of a policy in the very update that opens a port. An absolute rule asks neither for type nor
 * for labels of the Service, and does not wait for those of the namespace: nothing weakens it.
 */
export function rulesFor(
  policies: readonly CompiledPolicy[],
  { service, oldService, user }: ServiceRequest,
  namespaceLabels: Labels | undefined,
): AppliedRules {
  const rules: AppliedRule[] = [];
  let isMatched = false;
  const objects = oldService === undefined ? [service] : [service, oldService];
  for (const policy of policies) {
    const inNamespace = matchesRequester(policy.match, service.namespace, user, namespaceLabels);
    if (inNamespace === 'no') continue;
    const isForService = objects.some((object) => matchesService(policy.match, object));
    isMatched ||= isForService;
    for (const rule of policy.rules) {
      const isAbsolute = rule.meta.absolute === true;
      if (isForService || isAbsolute) rules.push({ rule, policy, isMeant: isAbsolute || inNamespace === 'yes' });
    }
  }
  return { rules, isMatched };
}

/** The policies that match, or may match, a request, whether or not they have any rule. */
export function policiesFor(
  policies: readonly CompiledPolicy[],
  request: ServiceRequest,
  namespaceLabels: Labels | undefined,
): readonly CompiledPolicy[] {
  return policies.filter((policy) => rulesFor([{ ...policy, rules: [] }], request, namespaceLabels).isMatched);
}

/**
 * The rules that judge a workload: of policies that match its namespace and select no Services, by type or label, which a
 * workload does not have.
 */
export function rulesForWorkload(
  policies: readonly CompiledPolicy[],
  { namespace }: Workload,
  namespaceLabels: Labels | undefined,
): readonly AppliedRule[] {
  return policies.flatMap((policy) => {
    const { match, rules } = policy;
    const inNamespace = matchesRequester(match, namespace, undefined, namespaceLabels);
    if (inNamespace === 'no' || match.serviceTypes !== undefined || match.serviceSelector !== undefined) return [];
    return rules
      .filter(({ meta }) => meta.subject === 'workload')
      .map((rule) => ({ rule, policy, isMeant: inNamespace === 'yes' }));
  });
}

function matchesRequester(
  match: PolicyMatch,
  namespace: string,
  user: User | undefined,
  namespaceLabels: Labels | undefined,
): Match {
  return isExcluded(match, namespace, user) ? 'no' : matchesNamespace(match, namespace, namespaceLabels);
}

function isExcluded(match: PolicyMatch, namespace: string, user: User | undefined): boolean {
  if (matchesAnyGlob(match.excludeNamespaces, namespace)) return true;
  if (user === undefined) return false;
  return (
    matchesAnyGlob(match.excludeUsers, user.username) ||
    user.groups.some((group) => matchesAnyGlob(match.excludeGroups, group))
  );
}

function matchesService({ serviceTypes, serviceSelector }: PolicyMatch, { type, labels }: Service): boolean {
  if (serviceTypes !== undefined && !serviceTypes.includes(type)) return false;
  return serviceSelector === undefined || matchesLabels(serviceSelector, labels);
}
