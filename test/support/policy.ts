import { createHash } from 'node:crypto';
import type { JsonObject } from '../../src/domain/json.ts';
import type { Policy } from '../../src/engine/policy.ts';
import { compileDocuments } from '../../src/policy/compile.ts';
import { formatProblem } from '../../src/policy/problem.ts';

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Compiles documents without apiVersion; throws with every problem when they are not valid. */
export function policyOf(...documents: readonly JsonObject[]): Policy {
  const compiled = compileDocuments(
    documents.map((document) => ({ apiVersion: 'nodeport-gate.dev/v1alpha1', ...document })),
    sha256,
  );
  if (!compiled.ok) throw new Error(compiled.problems.map(formatProblem).join('\n'));
  return compiled.value.policy;
}

/** A NodePortPolicy document of these rules. */
export function policyDocument(rules: JsonObject, spec: JsonObject = {}, name = 'test'): JsonObject {
  return { kind: 'NodePortPolicy', metadata: { name }, spec: { ...spec, rules } };
}

/** A NodePortPool document. */
export function poolDocument(name: string, ports: string, spec: JsonObject = {}): JsonObject {
  return { kind: 'NodePortPool', metadata: { name }, spec: { ports: [ports], namespaces: ['shop'], ...spec } };
}
