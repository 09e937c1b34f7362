import type { ClusterProfile } from '../domain/cluster-profile.ts';
import type { Exception } from '../domain/exception.ts';
import { isJsonObject } from '../domain/json.ts';
import { valueAt } from '../domain/path.ts';
import type { CompiledPolicy } from '../engine/policy.ts';
import type { Rule } from '../rules/define.ts';
import { clusterProfileSchema, toProfile } from './cluster-profile.ts';
import type { SourceDocument } from './documents.ts';
import { parseWith, type Parsed, type Remark } from './issues.ts';
import { nodePortExceptionSchema, toException } from './node-port-exception.ts';
import { loadedPolicySchema, toPolicy } from './node-port-policy.ts';
import { nodePortPoolSchema, toPool } from './node-port-pool.ts';
import type { PoolSource } from './pool-contradictions.ts';
import { bindRules } from './presets.ts';
import type { Problem } from './problem.ts';

/** The documents that are valid in themselves. */
export interface Parts {
  readonly policies: readonly { readonly policy: CompiledPolicy; readonly document: SourceDocument }[];
  readonly pools: readonly PoolSource[];
  readonly exceptions: readonly Exception[];
  readonly profiles: readonly { readonly profile: ClusterProfile; readonly document: SourceDocument }[];
}

/** Checks each document against the schema of its kind. */
export function parseParts(
  documents: readonly SourceDocument[],
  registry: readonly Rule[],
): { readonly parts: Parts; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const policySchema = loadedPolicySchema(registry);
  const exceptionSchema = nodePortExceptionSchema(registry);
  const each = <Value>(kind: SourceDocument['kind'], parse: (document: SourceDocument) => Parsed<Value>) =>
    documents.flatMap((document) => {
      if (document.kind !== kind) return [];
      const parsed = parse(document);
      if (parsed.ok) return [{ document, value: parsed.value }];
      for (const remark of parsed.remarks) problems.push(document.problem(remark));
      return [];
    });
  const policies = each('NodePortPolicy', ({ value }) => {
    const bound = bindRules(value, registry);
    const parsed = parseWith(policySchema, value);
    return and(parsed, bound.remarks, (data) => toPolicy(data, bound.rules));
  });
  const pools = each('NodePortPool', ({ value }) =>
    and(parseWith(nodePortPoolSchema, value), missingOwner(value), toPool),
  );
  const exceptions = each('NodePortException', ({ value }) => {
    const remarks = [...missingOwner(value), ...missingPorts(value, registry)];
    return and(parseWith(exceptionSchema, value), remarks, toException);
  });
  const profiles = each('ClusterProfile', ({ value }) => and(parseWith(clusterProfileSchema, value), [], toProfile));
  const parts = {
    policies: policies.map(({ document, value }) => ({ document, policy: value })),
    pools: pools.map(({ document, value }) => ({ document, pool: value })),
    exceptions: exceptions.map(({ value }) => value),
    profiles: profiles.map(({ document, value }) => ({ document, profile: value })),
  };
  return { parts, problems };
}

function and<Data, Value>(
  parsed: Parsed<Data>,
  remarks: readonly Remark[],
  convert: (data: Data) => Value,
): Parsed<Value> {
  if (!parsed.ok) return { ok: false, remarks: [...parsed.remarks, ...remarks] };
  return remarks.length > 0 ? { ok: false, remarks } : { ok: true, value: convert(parsed.value) };
}

/** Read from the document itself: a schema's check across keys is skipped while any single key is wrong. */
function missingOwner(document: SourceDocument['value']): readonly Remark[] {
  const { namespaces, namespaceSelector } = specOf(document);
  if (namespaces !== undefined || namespaceSelector !== undefined) return [];
  return [missing('namespaces', 'list names (globs), or give a namespaceSelector')];
}

function missingPorts(document: SourceDocument['value'], registry: readonly Rule[]): readonly Remark[] {
  const { rules, ports } = specOf(document);
  if (ports !== undefined || !Array.isArray(rules)) return [];
  const guard = registry.find(({ meta }) => meta.guardsPorts === true && rules.includes(meta.name));
  return guard === undefined ? [] : [missing('ports', `an exception from ${guard.meta.name} has to list its ports`)];
}

/** Where there is no spec at all, the schema says so, and nothing in it is missing. */
function specOf(document: SourceDocument['value']): Readonly<Record<string, unknown>> {
  const spec = valueAt(document, ['spec']);
  return isJsonObject(spec) ? spec : { namespaces: null };
}

function missing(key: string, advice: string): Remark {
  return { path: ['spec', key], part: 'key', message: `is missing; ${advice}` };
}
