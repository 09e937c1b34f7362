import type { ServiceRequest, User } from '../domain/request.ts';
import { type Labels, type Match, matchesAnyGlob, matchesLabels, matchesNamespace } from '../domain/selection.ts';
import type { Service } from '../domain/service.ts';
import type { CompiledPolicy, PolicyMatch } from './policy.ts';

/** The policies that judge a request. */
export interface MatchingPolicies {
  readonly matching: readonly CompiledPolicy[];
  /** They would match or not, depending on namespace labels that nobody knows. */
  readonly undetermined: readonly CompiledPolicy[];
}

/**
 * A policy matches if the object or the old object does: authors control labels and types, and must not slip out of a
 * policy in the very update that opens a port.
 */
export function matchingPolicies(
  policies: readonly CompiledPolicy[],
  { service, oldService, user }: ServiceRequest,
  namespaceLabels: Labels | undefined,
): MatchingPolicies {
  const matching: CompiledPolicy[] = [];
  const undetermined: CompiledPolicy[] = [];
  for (const policy of policies) {
    const objects = oldService === undefined ? [service] : [service, oldService];
    if (isExcluded(policy.match, service.namespace, user)) continue;
    if (!objects.some((object) => matchesService(policy.match, object))) continue;
    const match: Match = matchesNamespace(policy.match, service.namespace, namespaceLabels);
    if (match === 'yes') matching.push(policy);
    else if (match === 'unknown') undetermined.push(policy);
  }
  return { matching, undetermined };
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
