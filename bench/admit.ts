import { readFileSync } from 'node:fs';
import { inventoryOf } from '../src/domain/inventory.ts';
import type { JsonObject } from '../src/domain/json.ts';
import { UNKNOWN_REACH } from '../src/domain/reach.ts';
import type { Service } from '../src/domain/service.ts';
import { NO_WORKLOADS } from '../src/domain/workload.ts';
import { NO_RESERVATIONS, type World } from '../src/domain/world.ts';
import { admit } from '../src/engine/admit.ts';
import type { Policy } from '../src/engine/policy.ts';
import { compilePolicy } from '../src/policy/compile.ts';
import { parseReview } from '../src/wire/admission-review.ts';
import { readService } from '../src/wire/service.ts';

const ITERATIONS = 50_000;
const ROUNDS = 7;
const NOW = new Date('2026-11-21T12:00:00Z');
const digest = (): string => 'benchmark';

const restricted = readFileSync(new URL('./policy.yaml', import.meta.url), 'utf8');
const wholeRange = `
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPolicy
metadata: {name: default}
spec: {preset: restricted}
---
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPool
metadata: {name: everything}
spec: {ports: ["30000-32767"], namespaces: ["*"]}
`;

const settled = review('create-nodeport-explicit-local-cidr.validate', 'final');
const missing = review('create-nodeport-unset.mutate', 'proposed');

const rows: readonly (readonly [string, string, Policy, ReturnType<typeof review>, number])[] = [
  ['nothing to assign', '0 held', policyOf(restricted), settled, 0],
  ['nothing to assign', '500 held', policyOf(restricted), settled, 500],
  ['nothing to assign', '2,700 held', policyOf(restricted), settled, 2_700],
  ['one port of 2,768', '0 held', policyOf(wholeRange), missing, 0],
  ['one port of 2,768', '99.9 % held', policyOf(wholeRange), missing, 2_765],
];

for (const [what, held, policy, request, count] of rows) {
  const world = worldWith(count);
  const means = Array.from({ length: ROUNDS }, () => meanOf(() => admit(request, policy, world, NOW))).sort(
    (a, b) => a - b,
  );
  const [best = 0] = means;
  const median = means[Math.floor(ROUNDS / 2)] ?? 0;
  console.log(
    `admit, ${what}, ${held}: median ${median.toFixed(2)} µs, best ${best.toFixed(2)} µs of ${ROUNDS} rounds of ${ITERATIONS}`,
  );
}

function meanOf(work: () => unknown): number {
  const start = performance.now();
  for (let i = 0; i < ITERATIONS; i += 1) work();
  return ((performance.now() - start) * 1000) / ITERATIONS;
}

function policyOf(text: string): Policy {
  const compiled = compilePolicy([{ file: 'policy.yaml', text }], digest);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
  return compiled.value.policy;
}

function review(name: string, stage: 'proposed' | 'final') {
  const text = readFileSync(new URL(`../test/fixtures/reviews/${name}.json`, import.meta.url), 'utf8');
  const parsed = parseReview(JSON.parse(text), stage);
  if (!parsed.ok || parsed.value.kind !== 'service') throw new Error(`${name} is no review of a Service`);
  return parsed.value.request;
}

/** A cluster in which this many Services hold one port each, spread over the range, none of them 30443. */
function worldWith(count: number): World {
  const numbers = Array.from({ length: 2_768 }, (_, index) => 30_000 + ((index * 1_001) % 2_768)).filter(
    (number) => number !== 30_443,
  );
  const services = numbers.slice(0, count).map((number, index) => holder(`service-${index}`, number));
  return {
    inventory: inventoryOf(services),
    labelsOf: () => undefined,
    reservations: NO_RESERVATIONS,
    workloads: NO_WORKLOADS,
    reach: UNKNOWN_REACH,
  };
}

function holder(name: string, nodePort: number): Service {
  const manifest: JsonObject = {
    metadata: { namespace: 'elsewhere', name },
    spec: { type: 'NodePort', ports: [{ port: 80, nodePort }] },
  };
  const read = readService(manifest, { path: name, authorship: 'object' });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.value;
}
