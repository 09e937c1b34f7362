import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/domain/json.ts';
import type { User } from '../../src/domain/request.ts';
import { admit } from '../../src/engine/admit.ts';
import { manifest, requestFor, serviceOf } from '../support/manifest.ts';
import { NOW } from '../support/now.ts';
import { policyDocument, policyOf } from '../support/policy.ts';
import { nodePort } from '../support/verdict-text.ts';
import { worldOf } from '../support/world.ts';

const web = nodePort([{ name: 'http', port: 80, nodePort: 30_100 }]);

interface Given {
  readonly old?: JsonObject;
  readonly user?: User;
  readonly labels?: Readonly<Record<string, string>>;
}

/** Whether the policy judges the Service: `yes`, `no` or `unknown`. */
function matches(match: JsonObject, object: JsonObject = web, { old, user, labels }: Given = {}): string {
  const policy = policyOf(policyDocument({ 'service-type': { allowed: ['LoadBalancer'] } }, { match }));
  const oldService = old === undefined ? undefined : serviceOf(old);
  const world = worldOf([], { labels: labels === undefined ? {} : { shop: labels } });
  const { judged, undetermined } = admit(requestFor(serviceOf(object), { oldService, user }), policy, world, NOW);
  if (!judged) return 'no';
  return undetermined.length === 0 ? 'yes' : 'unknown';
}

const labelled = (labels: JsonObject, object: JsonObject = web): JsonObject => ({ ...object, metadata: { labels } });
const SELECTOR = { matchLabels: { tier: 'web' } };

describe('a policy matches', () => {
  it('everything without criteria', () => {
    for (const type of ['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName']) {
      expect(matches({}, { spec: { type } })).toBe('yes');
    }
  });

  it.each([
    [['shop'], 'yes'],
    [['other', 's*'], 'yes'],
    [['sho'], 'no'],
    [['*shop-*'], 'no'],
  ])('namespaces %j: %s', (namespaces, expected) => {
    expect(matches({ namespaces })).toBe(expected);
  });

  it('no namespace that it excludes, whatever else matches', () => {
    expect(matches({ namespaces: ['shop'], excludeNamespaces: ['s*'] })).toBe('no');
    expect(matches({ excludeNamespaces: ['kube-system'] })).toBe('yes');
  });

  it('labels of namespaces, where they are known', () => {
    const match = { namespaceSelector: SELECTOR };
    expect(matches(match)).toBe('unknown');
    expect(matches(match, web, { labels: { tier: 'web' } })).toBe('yes');
    expect(matches(match, web, { labels: {} })).toBe('no');
    expect(matches({ ...match, namespaces: ['other'] })).toBe('no');
    expect(matches({ ...match, serviceTypes: ['LoadBalancer'] })).toBe('no');
  });

  it('all criteria on one object, not some on the old and some on the new', () => {
    const match = { serviceTypes: ['NodePort'], serviceSelector: SELECTOR };
    expect(matches(match, labelled({ tier: 'web' }))).toBe('yes');
    const old = labelled({ tier: 'web' }, { spec: { type: 'ClusterIP' } });
    expect(matches(match, web, { old })).toBe('no');
  });

  it('the object or the old object: nobody slips out by an update', () => {
    expect(matches({ serviceSelector: SELECTOR }, web, { old: labelled({ tier: 'web' }) })).toBe('yes');
    expect(matches({ serviceSelector: SELECTOR }, labelled({ tier: 'web' }), { old: web })).toBe('yes');
    expect(matches({ serviceSelector: SELECTOR }, web, { old: web })).toBe('no');
    expect(matches({ serviceTypes: ['ExternalName'] }, web, { old: { spec: { type: 'ExternalName' } } })).toBe('yes');
  });

  it('no label from a prototype', () => {
    const exists = { serviceSelector: { matchExpressions: [{ key: 'constructor', operator: 'Exists' }] } };
    expect(matches(exists)).toBe('no');
    expect(matches(exists, labelled({ constructor: 'x' }))).toBe('yes');
  });

  it.each([
    [{ excludeUsers: ['system:serviceaccount:gitops:*'] }, 'no'],
    [{ excludeUsers: ['argo'] }, 'yes'],
    [{ excludeGroups: ['system:masters'] }, 'no'],
    [{ excludeGroups: ['system:master'] }, 'yes'],
  ])('no user that it excludes: %j', (match, expected) => {
    const user = { username: 'system:serviceaccount:gitops:argo', groups: ['system:authenticated', 'system:masters'] };
    expect(matches(match, web, { user })).toBe(expected);
    expect(matches(match, web)).toBe('yes');
  });
});

describe('a Service that no policy matches', () => {
  it('is left alone, and one that any policy matches is judged by that one', () => {
    const policy = policyOf(
      policyDocument({ 'node-port-range': { ranges: ['31000-31999'] } }, { match: { namespaces: ['other'] } }, 'a'),
      policyDocument({ 'external-traffic-policy': {} }, { match: { namespaces: ['shop'] } }, 'b'),
    );
    const judge = (namespace: string): readonly unknown[] => {
      const request = requestFor(serviceOf(manifest({ ...web, metadata: { namespace } })));
      const { judged, findings } = admit(request, policy, worldOf(), NOW);
      return [judged, findings.map(({ rule, policies }) => [rule, policies])];
    };
    expect(judge('shop')).toEqual([true, [['external-traffic-policy', ['b']]]]);
    expect(judge('other')).toEqual([true, [['node-port-range', ['a']]]]);
    expect(judge('third')).toEqual([false, []]);
  });
});
