import { createHash } from 'node:crypto';
import type { JsonObject } from '../../src/domain/json.ts';
import type { Result } from '../../src/domain/result.ts';
import type { Policy } from '../../src/engine/policy.ts';
import { type Compiled, compilePolicy } from '../../src/policy/compile.ts';
import { formatProblem, type Problem } from '../../src/policy/problem.ts';

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Compiles plain objects: document n counts as a file `documents[n]` of JSON in one line. */
export function compileDocuments(documents: readonly JsonObject[]): Result<Compiled, Problem> {
  const sources = documents.map((document, index) => ({ file: `documents[${index}]`, text: JSON.stringify(document) }));
  return compilePolicy(sources, sha256);
}

/** Compiles documents without apiVersion; throws with every problem when they are not valid. */
export function policyOf(...documents: readonly JsonObject[]): Policy {
  const compiled = compileDocuments(
    documents.map((document) => ({ apiVersion: 'nodeport-gate.dev/v1alpha1', ...document })),
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
