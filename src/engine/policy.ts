import type { ClusterProfile } from '../domain/cluster-profile.ts';
import type { Exception } from '../domain/exception.ts';
import type { Enforcement } from '../domain/finding.ts';
import type { JsonObject } from '../domain/json.ts';
import type { Pool } from '../domain/pool.ts';
import type { PortSet } from '../domain/port-set.ts';
import type { LabelSelector, NamespaceCriteria } from '../domain/selection.ts';
import type { BoundRule } from '../rules/define.ts';

/** All criteria hold (AND), items of a list are alternatives (OR), an exclusion wins. Absent criteria do not narrow. */
export interface PolicyMatch extends NamespaceCriteria {
  readonly excludeNamespaces: readonly string[];
  readonly serviceSelector: LabelSelector | undefined;
  readonly serviceTypes: readonly string[] | undefined;
  readonly excludeUsers: readonly string[];
  readonly excludeGroups: readonly string[];
}

/** One NodePortPolicy document, its preset merged in, each rule bound to its options. */
export interface CompiledPolicy {
  readonly name: string;
  readonly match: PolicyMatch;
  readonly maxEnforcement: Enforcement;
  /** Whether a rule that would deny, but cannot know, denies in `/validate`. */
  readonly undetermined: 'deny' | 'warn';
  readonly allowSuppressions: readonly string[];
  readonly rules: readonly BoundRule[];
}

/** The compiled whole of all loaded documents. Immutable; swapped as one. Whoever holds one need not check it again. */
export interface Policy {
  /** `sha256:` and 64 hex digits, over the documents' contents: not over comments, order or file names. */
  readonly hash: string;
  readonly policies: readonly CompiledPolicy[];
  /** In order of precedence. */
  readonly pools: readonly Pool[];
  readonly exceptions: readonly Exception[];
  readonly profile: ClusterProfile;
  /** `profile.serviceNodePortRange` as a set. */
  readonly clusterPorts: PortSet;
  /** `profile.ephemeralPortRange` as a set. */
  readonly ephemeralPorts: PortSet;
  /** `clusterPorts` that lie in no pool. */
  readonly unpooledPorts: PortSet;
  /** Whether a policy, pool or exception selects namespaces by label, so that a verdict may depend on those. */
  readonly readsNamespaceLabels: boolean;
  /** The documents as they were read, for `GET /policy`. */
  readonly documents: readonly JsonObject[];
}
