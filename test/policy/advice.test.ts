import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/domain/json.ts';
import { formatProblem } from '../../src/policy/problem.ts';
import { compileDocuments, policyDocument, poolDocument } from '../support/policy.ts';
import { compiled } from './readable-policy.ts';

/** What is said of these documents, without the place in them. */
function advice(...documents: readonly JsonObject[]): readonly string[] {
  const result = compileDocuments(documents.map((each) => ({ apiVersion: 'nodeport-gate.dev/v1alpha1', ...each })));
  if (!result.ok) throw new Error(result.problems.map(formatProblem).join('\n'));
  return result.value.advice().map(({ path, message }) => `${path}: ${message}`);
}

function cluster(serviceNodePortRange: string): JsonObject {
  return { kind: 'ClusterProfile', metadata: { name: 'c' }, spec: { serviceNodePortRange } };
}

const policy = policyDocument({ 'node-port-range': {} });

describe('a policy that judges Services which the webhook does not send', () => {
  it.each([
    [['NodePort'], 'ClusterIP and ExternalName Services'],
    [['ClusterIP', 'NodePort', 'LoadBalancer'], 'ExternalName Services'],
    [['ExternalName'], 'ClusterIP Services'],
  ])('with %j says which', (allowed, unseen) => {
    expect(advice(policyDocument({ 'service-type': { allowed } }))).toEqual([
      `spec.rules.service-type: ${unseen} are judged by /dry-run only, because the shipped webhook configurations do not send ` +
        'them; to have them judged at admission, remove the first matchCondition of ValidatingWebhookConfiguration ' +
        'zz-nodeport-gate (docs/rules/service-type.md)',
    ]);
  });

  it('is fine when it allows all of them', () => {
    expect(advice(policyDocument({ 'service-type': { allowed: ['ClusterIP', 'ExternalName'] } }))).toEqual([]);
  });

  it('is no matter for other rules, or while the rule is off', () => {
    const all = { 'service-type': 'off', 'external-ips': {}, 'external-name-node-port': {} };
    expect(advice(policyDocument(all, { preset: 'restricted' }))).toEqual([]);
  });
});

describe('a pool among the numbers that Kubernetes picks first', () => {
  const said = (ports: string, remedy: string): string =>
    `spec.ports: pool a assigns ${ports}, where Kubernetes also picks numbers for Services that the gate does not see (exempt ` +
    `namespaces, or while it is down), so one may be taken before its owner comes; ${remedy}`;
  const from = (band: string): string => `take numbers that must not move from ${band}, where Kubernetes picks last`;

  it.each([
    ['30000-32767', '30000-30086', '30086', '30000-30085'],
    ['30000-32767', '30086-30087', '30086-30087', '30000-30085'],
    ['20000-40000', '20127-20128', '20128', '20000-20127'],
    ['30000-30099', '30000-30099', '30016-30099', '30000-30015'],
    ['30000-30016', '30016', '30016', '30000-30015'],
  ])('of %s: %s', (range, ports, exposed, band) => {
    expect(advice(policy, cluster(range), poolDocument('a', ports))).toEqual([said(exposed, from(band))]);
  });

  it('in a range that is too small for two parts', () => {
    expect(advice(policy, cluster('30000-30015'), poolDocument('a', '30000-30015'))).toEqual([
      said('30000-30015', 'write the numbers that must not move into their Services'),
    ]);
  });

  it('with many ranges names the first of them', () => {
    const ports = ['30100', '30102', '30104', '30106', '30108'];
    expect(advice(policy, poolDocument('a', '30110', { ports }))).toEqual([
      said('30100, 30102, 30104 and 2 more', from('30000-30085')),
    ]);
  });

  it.each<[string, JsonObject]>([
    ['of the first numbers', poolDocument('a', '30000-30085')],
    ['that does not assign', poolDocument('a', '30100-30199', { assign: false })],
    ['of which only the reserved ports lie there', poolDocument('a', '30085-30086', { reserved: ['30086'] })],
  ])('is not meant: one %s', (_, pool) => {
    expect(advice(policy, pool)).toEqual([]);
  });

  it('is worth a line for each pool, but no warning at every start', () => {
    const { warnings, advice: linesOf } = compiled(readFileSync('manifests/policies/default.yaml', 'utf8'));
    expect([warnings.length, linesOf().map(({ file, line, path }) => `${file}:${line} ${path}`)]).toEqual([
      0,
      ['0.yaml:43 spec.ports', '0.yaml:60 spec.ports'],
    ]);
  });
});
