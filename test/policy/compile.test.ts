import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/domain/json.ts';
import { formatProblem } from '../../src/policy/problem.ts';
import { compileDocuments, policyDocument, policyOf } from '../support/policy.ts';
import { everyKind } from './every-kind.ts';
import { compiled, DEFAULT_PROFILE, NO_MATCH, NO_QUOTA, readable, RESTRICTED } from './readable-policy.ts';

describe('the four kinds', () => {
  it('compile into one policy', () => {
    const { policy, warnings } = compiled(everyKind);
    expect(readable(policy)).toEqual({
      policies: [
        {
          name: 'default',
          match: { ...NO_MATCH, excludeNamespaces: ['kube-system'] },
          maxEnforcement: 'deny',
          undetermined: 'deny',
          allowSuppressions: [],
          rules: RESTRICTED.map((rule) =>
            rule.replace('external-traffic-policy: deny', 'external-traffic-policy: warn'),
          ),
        },
      ],
      pools: [
        {
          name: 'team-a',
          ports: '30100-30199, 30500',
          reserved: '30150',
          assignable: '30100-30149, 30151-30199, 30500',
          contact: 'team-a@example.com',
          criteria: { namespaces: ['team-a', 'team-a-*'], namespaceSelector: undefined },
          serviceTypes: ['NodePort', 'LoadBalancer'],
          priority: 100,
          assign: true,
          quota: { perNamespace: 20, perService: 4 },
        },
      ],
      exceptions: [
        {
          name: 'legacy-erp',
          rules: ['external-traffic-policy'],
          criteria: { namespaces: ['erp'], namespaceSelector: undefined },
          services: ['erp-gateway'],
          ports: '30443',
          reason: 'vendor appliance cannot reach every node',
          ticket: 'OPS-123',
          expires: '2027-03-31',
          endsAt: Date.parse('2027-04-01T00:00:00Z'),
        },
      ],
      profile: { ...DEFAULT_PROFILE, name: 'prod', podCIDRs: ['10.244.0.0/16'], nodeCIDRs: ['192.168.50.0/24'] },
      clusterPorts: '30000-32767',
      unpooledPorts: '30000-30099, 30200-30499, 30501-32767',
      readsNamespaceLabels: false,
    });
    expect(warnings.map(formatProblem)).toEqual([]);
  });

  it('are not needed but for one policy, and everything in it has a default', () => {
    const { policy, warnings } = compiled(
      '{apiVersion: nodeport-gate.dev/v1alpha1, kind: NodePortPolicy, metadata: {name: a}, spec: {rules: {node-port-range: {}}}}',
    );
    expect(readable(policy)).toEqual({
      policies: [
        {
          name: 'a',
          match: NO_MATCH,
          maxEnforcement: 'deny',
          undetermined: 'warn',
          allowSuppressions: [],
          rules: ['node-port-range: deny'],
        },
      ],
      pools: [],
      exceptions: [],
      profile: DEFAULT_PROFILE,
      clusterPorts: '30000-32767',
      unpooledPorts: '30000-32767',
      readsNamespaceLabels: false,
    });
    expect(warnings).toEqual([]);
  });

  it('are read from plain objects too', () => {
    const documents: readonly JsonObject[] = [
      {
        apiVersion: 'nodeport-gate.dev/v1alpha1',
        kind: 'NodePortPolicy',
        metadata: { name: 'z', labels: { a: 'b' }, annotations: { 'c/d': 'e' } },
        spec: {
          match: {
            namespaces: ['a', 'team-*'],
            namespaceSelector: { matchLabels: { tier: 'web' } },
            serviceSelector: {
              matchExpressions: [
                { key: 'a', operator: 'In', values: ['b', ''] },
                { key: 'example.com/c', operator: 'Exists' },
              ],
            },
            serviceTypes: ['ExternalName'],
            excludeUsers: ['system:*'],
            excludeGroups: ['ops team'],
          },
          maxEnforcement: 'audit',
          undetermined: 'deny',
          allowSuppressions: ['source-cidrs'],
          preset: 'baseline',
        },
      },
      {
        apiVersion: 'nodeport-gate.dev/v1alpha1',
        kind: 'NodePortPool',
        metadata: { name: 'b' },
        spec: { ports: [30002, '30003-30004'], namespaceSelector: {}, assign: false },
      },
      {
        apiVersion: 'nodeport-gate.dev/v1alpha1',
        kind: 'NodePortPool',
        metadata: { name: 'a' },
        spec: { ports: [30001], namespaces: ['*'], priority: 2000 },
      },
    ];
    const result = compileDocuments(documents);
    expect(result.ok && readable(result.value.policy)).toEqual({
      policies: [
        {
          name: 'z',
          match: {
            namespaces: ['a', 'team-*'],
            namespaceSelector: { matchLabels: { tier: 'web' }, matchExpressions: [] },
            serviceSelector: {
              matchLabels: {},
              matchExpressions: [
                { key: 'a', operator: 'In', values: ['b', ''] },
                { key: 'example.com/c', operator: 'Exists', values: [] },
              ],
            },
            serviceTypes: ['ExternalName'],
            excludeNamespaces: [],
            excludeUsers: ['system:*'],
            excludeGroups: ['ops team'],
          },
          maxEnforcement: 'audit',
          undetermined: 'deny',
          allowSuppressions: ['source-cidrs'],
          rules: [
            'api-server-rejects: deny',
            'ephemeral-range: warn',
            'external-name-node-port: deny',
            'host-port: warn',
            'node-port-conflict: deny',
            'node-port-pool: deny',
            'node-port-quota: deny',
            'node-port-range: deny',
            'node-port-reserved: deny',
            'null-node-port: warn',
            'shared-port-number: warn',
          ],
        },
      ],
      pools: [
        {
          name: 'b',
          ports: '30002-30004',
          reserved: '',
          assignable: '30002-30004',
          contact: '',
          criteria: { namespaces: undefined, namespaceSelector: { matchLabels: {}, matchExpressions: [] } },
          serviceTypes: undefined,
          priority: 1000,
          assign: false,
          quota: NO_QUOTA,
        },
        {
          name: 'a',
          ports: '30001',
          reserved: '',
          assignable: '30001',
          contact: '',
          criteria: { namespaces: ['*'], namespaceSelector: undefined },
          serviceTypes: undefined,
          priority: 2000,
          assign: true,
          quota: NO_QUOTA,
        },
      ],
      exceptions: [],
      profile: DEFAULT_PROFILE,
      clusterPorts: '30000-32767',
      unpooledPorts: '30000, 30005-32767',
      readsNamespaceLabels: true,
    });
  });

  it('of plain objects say which one is wrong', () => {
    const bad: JsonObject = {
      kind: 'ClusterProfile',
      metadata: { name: 'a' },
      spec: {},
      ['__proto__']: { polluted: 1 },
    };
    const result = compileDocuments([policyDocument({}), bad]);
    expect(!result.ok && result.problems.map(formatProblem)).toEqual([
      'documents[0]:1:1: apiVersion: is missing; use nodeport-gate.dev/v1alpha1',
      'documents[1]:1:1: apiVersion: is missing; use nodeport-gate.dev/v1alpha1',
      'documents[1]:1:60: "__proto__" is no key of any document; remove it',
    ]);
  });
});

describe('an exception', () => {
  it.each([
    ['2027-03-31', '2027-04-01T00:00:00Z'],
    ['2028-02-29', '2028-03-01T00:00:00Z'],
    ['2099-12-31', '2100-01-01T00:00:00Z'],
  ])('that expires on %s ends at %s', (expires, end) => {
    const { policy } = compiled(everyKind.replace('2027-03-31', expires));
    expect(policy.exceptions.map(({ endsAt }) => new Date(endsAt).toISOString())).toEqual([end.replace('Z', '.000Z')]);
  });
});

describe('readsNamespaceLabels', () => {
  const owners = { namespaces: ['a'], namespaceSelector: {} };
  const excused = { rules: ['protocols'], reason: 'r', expires: '2099-12-31' };
  it.each<[string, readonly JsonObject[], boolean]>([
    ['names only', [pool({ namespaces: ['a'] }), exception({ ...excused, namespaces: ['a'] })], false],
    ['a selector of a pool', [pool(owners)], true],
    ['a selector of an exception', [exception({ ...excused, ...owners })], true],
    ['a selector of a policy', [policyDocument({}, { match: { namespaceSelector: {} } }, 'second')], true],
    ['a selector of Services', [policyDocument({}, { match: { serviceSelector: {} } }, 'second')], false],
  ])('%s', (_, documents, expected) => {
    expect(policyOf(policyDocument({}), ...documents).readsNamespaceLabels).toBe(expected);
  });

  function pool(spec: JsonObject): JsonObject {
    return { kind: 'NodePortPool', metadata: { name: 'a' }, spec: { ports: [30_001], ...spec } };
  }

  function exception(spec: JsonObject): JsonObject {
    return { kind: 'NodePortException', metadata: { name: 'a' }, spec };
  }
});
