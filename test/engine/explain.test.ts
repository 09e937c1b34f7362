import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/domain/json.ts';
import type { Reservations } from '../../src/domain/world.ts';
import { admit } from '../../src/engine/admit.ts';
import { explain, type Explanation } from '../../src/engine/explain.ts';
import { requestFor, serviceOf } from '../support/manifest.ts';
import { NOW } from '../support/now.ts';
import { policyDocument, policyOf, poolDocument } from '../support/policy.ts';
import { worldOf } from '../support/world.ts';

const WEB = serviceOf({ metadata: { labels: { app: 'web' } }, spec: { type: 'NodePort', ports: [{ port: 80 }] } });
const USER = { username: 'flux', groups: ['robots'] };

describe('the account of a policy', () => {
  it.each<[string, JsonObject, string]>([
    ['applies', { excludeNamespaces: ['kube-*'], namespaces: ['sh*'], serviceTypes: ['NodePort'] }, 'yes undefined'],
    ['excludes the namespace', { excludeNamespaces: ['shop'], serviceTypes: ['LoadBalancer'] }, 'no excludeNamespaces'],
    ['names other namespaces', { namespaces: ['a', 'b'] }, 'no namespaces'],
    ['selects other labels', { namespaceSelector: { matchLabels: { tier: 'gold' } } }, 'no namespaceSelector'],
    ['excludes the user', { excludeUsers: ['flux'] }, 'no excludeUsers'],
    ['excludes a group', { excludeGroups: ['robots'] }, 'no excludeGroups'],
    ['is for other types', { serviceTypes: ['LoadBalancer'] }, 'no serviceTypes'],
    ['is for other Services', { serviceSelector: { matchLabels: { app: 'db' } } }, 'no serviceSelector'],
  ])('that %s says so', (_, match, expected) => {
    const policy = policyOf(policyDocument({ 'node-port-range': {} }, { match }));
    const world = worldOf([], { labels: { shop: { tier: 'silver' } } });
    const { policies } = explain(requestFor(WEB, { user: USER }), policy, world, NOW);
    expect(policies.map(({ match: answer, because }) => `${answer} ${because}`)).toEqual([expected]);
  });

  it('says that labels are not known', () => {
    const match = { namespaceSelector: { matchLabels: { tier: 'gold' } } };
    const policy = policyOf(policyDocument({ 'node-port-range': {} }, { match }));
    const [account] = explain(requestFor(WEB), policy, worldOf(), NOW).policies;
    expect([account?.match, account?.because]).toEqual(['unknown', 'namespaceSelector']);
  });
});

describe('the account of a pool', () => {
  it.each<[string, JsonObject, string]>([
    ['its own', {}, 'yes undefined'],
    ['for other types', { serviceTypes: ['LoadBalancer'] }, 'no serviceTypes'],
    ['for other namespaces', { namespaces: ['lab'] }, 'no namespaces'],
    ['for other labels', { namespaceSelector: { matchLabels: { tier: 'gold' } } }, 'no namespaceSelector'],
  ])('says that it is %s', (_, spec, expected) => {
    const policy = policyOf(policyDocument({}), poolDocument('one', '30100-30101', spec));
    const { pools } = explain(requestFor(WEB), policy, worldOf([], { labels: { shop: {} } }), NOW);
    expect(pools.map(({ match, because }) => `${match} ${because}`)).toEqual([expected]);
  });
});

describe('the account of a choice', () => {
  const policy = policyOf(
    policyDocument({ 'node-port-reserved': { ports: [{ ports: ['30102'], reason: 'ours' }] } }),
    poolDocument('one', '30100-30105'),
  );
  const taken = (name: string, nodePort: number, type = 'NodePort'): ReturnType<typeof serviceOf> =>
    serviceOf({ metadata: { name }, spec: { type, externalName: 'x', ports: [{ port: 80, nodePort }] } });
  const reservations: Reservations = {
    of: (number) => (number === 30_104 ? { number, owner: 'shop/late', key: 'k', order: 1 } : undefined),
    find: () => undefined,
  };

  it('says what stood in the way of each number that the key would rather have had', () => {
    const service = serviceOf({
      metadata: { name: 'auth' },
      spec: { type: 'NodePort', ports: [{ port: 80 }, { port: 81, nodePort: 30_105 }] },
    });
    const world = worldOf([taken('holder', 30_100), taken('squatter', 30_101, 'ExternalName')], { reservations });
    const { ports } = explain(requestFor(service), policy, world, NOW);
    expect(
      ports.map(({ assigned, choice }) => [
        assigned.nodePort,
        choice?.key,
        choice?.place,
        choice?.of,
        choice?.passedOver.map(({ number, because, holder }) => `${number} ${because} ${holder?.name ?? '-'}`),
      ]),
    ).toEqual([
      [
        30_103,
        'shop/auth/80/TCP',
        6,
        6,
        [
          '30105 used-by-itself -',
          '30102 not-permitted -',
          '30101 squatted squatter',
          '30104 reserved -',
          '30100 held holder',
        ],
      ],
      [30_105, 'shop/auth/81/TCP', expect.any(Number), 6, []],
    ]);
  });
});

describe('the account of a rule', () => {
  const resultsOf = ({ rules }: Explanation): readonly string[] =>
    rules.map(({ rule, outcome }) => `${rule} ${outcome.kind}`);

  it('tells apart what passes, finds, cannot know, is left out and is not asked', () => {
    const policy = policyOf(
      policyDocument({
        'explicit-node-port': {},
        'node-port-conflict': {},
        'node-port-pool': {},
        'node-port-range': {},
        'external-traffic-policy': {},
        protocols: { allowed: ['TCP'] },
      }),
      poolDocument('one', '30100-30105'),
    );
    const service = serviceOf({ spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 40_000 }] } });
    const world = worldOf([], { complete: false });
    const request = requestFor(service);
    const explanation = explain(request, policy, world, NOW);
    expect(explanation.verdict).toEqual(admit(request, policy, world, NOW));
    expect(resultsOf(explanation)).toEqual([
      'explicit-node-port not-asked',
      'external-traffic-policy found',
      'node-port-conflict undetermined',
      'node-port-pool left-out',
      'node-port-range found',
      'protocols passed',
    ]);
  });

  it('asks those that nothing weakens also of a policy that is for other Services', () => {
    const policy = policyOf(
      policyDocument(
        { 'external-name-node-port': {}, protocols: { allowed: ['TCP'] } },
        { match: { serviceTypes: ['LoadBalancer'] } },
      ),
    );
    expect(resultsOf(explain(requestFor(WEB), policy, worldOf(), NOW))).toEqual(['external-name-node-port passed']);
  });
});
