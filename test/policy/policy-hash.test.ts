import { describe, expect, it } from 'vitest';
import { sha256 } from '../support/policy.ts';
import { compiled } from './readable-policy.ts';

describe('the hash', () => {
  const policy =
    'apiVersion: nodeport-gate.dev/v1alpha1\nkind: NodePortPolicy\nmetadata: {name: a}\nspec: {preset: none, rules: {node-port-range: {}}}';
  const pool = (name: string): string =>
    `apiVersion: nodeport-gate.dev/v1alpha1\nkind: NodePortPool\nmetadata: {name: ${name}}\nspec: {ports: [30000], namespaces: [${name}], priority: 1${name === 'b' ? 0 : 1}}`;
  const canonical =
    '[{"apiVersion":"nodeport-gate.dev/v1alpha1","kind":"NodePortPolicy","metadata":{"name":"a"},"spec":{"preset":"none","rules":{"node-port-range":{}}}},' +
    '{"apiVersion":"nodeport-gate.dev/v1alpha1","kind":"NodePortPool","metadata":{"name":"b"},"spec":{"namespaces":["b"],"ports":[30000],"priority":10}},' +
    '{"apiVersion":"nodeport-gate.dev/v1alpha1","kind":"NodePortPool","metadata":{"name":"c"},"spec":{"namespaces":["c"],"ports":[30000],"priority":11}}]';

  it('is that of the canonical JSON of all documents, sorted by kind and name', () => {
    const compiledPolicy = compiled(pool('c'), `${policy}\n---\n${pool('b')}`).policy;
    expect(compiledPolicy.hash).toBe(`sha256:${sha256(canonical)}`);
    expect(compiledPolicy.documents).toEqual(JSON.parse(canonical));
  });

  it('does not depend on comments, key order, spelling, files and their order', () => {
    const reordered = `# a comment\nspec:\n  priority: 10 # ten\n  "ports":\n    - 30000\n  namespaces: [b]\n${pool('b').split('spec:')[0]}`;
    expect(compiled(reordered, policy, pool('c')).policy.hash).toBe(`sha256:${sha256(canonical)}`);
  });

  it('changes with every value', () => {
    const hashes = [
      pool('b'),
      pool('c'),
      pool('b').replace('30000', '30001'),
      pool('b').replace('30000', '"30000"'),
    ].map((text) => compiled(policy, text).policy.hash);
    expect(new Set(hashes).size).toBe(4);
  });
});
