import { inPrecedence } from '../domain/pool.ts';
import { type PortSet, portSet, without } from '../domain/port-set.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import { anyOf, compareText } from '../domain/text.ts';
import type { Policy } from '../engine/policy.ts';
import { rules as registry } from '../rules/index.ts';
import { adviceOn } from './advice.ts';
import { canonicalJson } from './canonical.ts';
import { DEFAULT_PROFILE } from './cluster-profile.ts';
import { contradictions } from './contradictions.ts';
import { type SourceDocument, type SourceText, readSources } from './documents.ts';
import { settledByName } from './pool-contradictions.ts';
import { type Parts, parseParts } from './parts.ts';
import type { Problem } from './problem.ts';

export interface Compiled {
  readonly policy: Policy;
  /** What is valid, but may not be meant. */
  readonly warnings: readonly Problem[];
  /** What may well be meant, and is worth knowing for whoever writes it: for `policy validate`, not for every start. */
  advice(): readonly Problem[];
}

/**
 * Reads, checks and compiles all documents of all sources into one policy, or gives every problem of all of them, in the
 * order of files and lines. `digest` is SHA-256 in lower-case hex; it is an argument because hashing is not pure code here.
 */
export function compilePolicy(
  sources: readonly SourceText[],
  digest: (text: string) => string,
): Result<Compiled, Problem> {
  const { documents, problems: unreadable } = readSources(sources);
  const { parts, problems: invalid } = parseParts(documents, registry);
  const none = unreadable.length === 0 ? noPolicy(documents, sources) : [];
  const problems = [...unreadable, ...invalid, ...contradictions(documents, parts), ...none];
  if (problems.length > 0) return failed(inOrder(problems, sources));
  const warnings = [...settledByName(parts.pools), ...unenforced(parts), ...withoutRules(parts)];
  const policy = assemble(parts, documents, digest);
  const advice = (): readonly Problem[] => inOrder(adviceOn(parts, policy.profile), sources);
  return ok({ policy, warnings: inOrder(warnings, sources), advice });
}

function assemble(parts: Parts, documents: readonly SourceDocument[], digest: (text: string) => string): Policy {
  const pools = inPrecedence(parts.pools.map(({ pool }) => pool));
  const profile = parts.profiles[0]?.profile ?? DEFAULT_PROFILE;
  const clusterPorts = portSet([profile.serviceNodePortRange]);
  const values = documents.toSorted(byKindThenName).map(({ value }) => value);
  return {
    hash: `sha256:${digest(canonicalJson(values))}`,
    policies: parts.policies.map(({ policy }) => policy).toSorted(byName),
    pools,
    exceptions: parts.exceptions.toSorted(byName),
    profile,
    clusterPorts,
    ephemeralPorts: portSet([profile.ephemeralPortRange]),
    unpooledPorts: outsideAll(clusterPorts, pools),
    readsNamespaceLabels: readsNamespaceLabels(parts),
    documents: values,
  };
}

function readsNamespaceLabels({ policies, pools, exceptions }: Parts): boolean {
  const criteria = [
    ...policies.map(({ policy }) => policy.match),
    ...pools.map(({ pool }) => pool.criteria),
    ...exceptions.map((exception) => exception.criteria),
  ];
  return criteria.some(({ namespaceSelector }) => namespaceSelector !== undefined);
}

function outsideAll(ports: PortSet, pools: Policy['pools']): PortSet {
  return without(ports, portSet(pools.flatMap((pool) => pool.ports.ranges)));
}

function noPolicy(documents: readonly SourceDocument[], sources: readonly SourceText[]): readonly Problem[] {
  if (documents.some(({ kind }) => kind === 'NodePortPolicy')) return [];
  const count = `${documents.length} ${documents.length === 1 ? 'document' : 'documents'}`;
  const message = `there is no NodePortPolicy among ${count}; add one, nothing is judged without`;
  return [{ file: sources[0]?.file ?? '', line: 1, column: 1, path: '', message }];
}

/** A quota that no rule looks at would only look like one. */
function unenforced({ policies, pools }: Parts): readonly Problem[] {
  if (policies.some(({ policy }) => policy.rules.some(({ meta }) => meta.enforcesPoolQuotas === true))) return [];
  const names = registry.filter(({ meta }) => meta.enforcesPoolQuotas === true).map(({ meta }) => meta.name);
  return pools
    .filter(({ pool: { quota } }) => quota.perNamespace !== undefined || quota.perService !== undefined)
    .map(({ document }) => {
      const message = `quota is not enforced, because no policy turns ${anyOf(names)} on; list it under rules, or set a preset`;
      return document.problem({ path: ['spec', 'quota'], part: 'key', message });
    });
}

function withoutRules({ policies }: Parts): readonly Problem[] {
  return policies
    .filter(({ policy }) => policy.rules.length === 0)
    .map(({ policy, document }) => {
      const message = `policy ${policy.name} turns no rule on; set a preset or list rules`;
      return document.problem({ path: ['spec'], part: 'key', message });
    });
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return compareText(a.name, b.name);
}

function byKindThenName(a: SourceDocument, b: SourceDocument): number {
  return compareText(a.kind, b.kind) || compareText(a.name, b.name);
}

function inOrder(problems: readonly Problem[], sources: readonly SourceText[]): readonly Problem[] {
  const order = new Map(sources.map(({ file }, index) => [file, index]));
  const indexOf = ({ file }: Problem): number => order.get(file) ?? -1;
  return problems.toSorted((a, b) => indexOf(a) - indexOf(b) || a.line - b.line || a.column - b.column);
}
