import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/domain/json.ts';
import type { Labels } from '../../src/domain/selection.ts';
import type { Verdict } from '../../src/domain/verdict.ts';
import { admitWorkload } from '../../src/engine/admit-workload.ts';
import { workloadOf } from '../support/manifest.ts';
import { NOW } from '../support/now.ts';
import { policyDocument, policyOf } from '../support/policy.ts';
import { worldOf } from '../support/world.ts';

const UNJUDGED = {
  judged: false,
  untouchedBecause: 'no rule of a policy is about it',
  findings: [],
  undetermined: [],
  assigned: [],
  changes: [],
  notices: [],
  service: undefined,
};

function verdictOf(
  spec: JsonObject,
  {
    annotations = {},
    labels,
    documents = [],
  }: { readonly annotations?: JsonObject; readonly labels?: Labels; readonly documents?: readonly JsonObject[] } = {},
): Verdict {
  const workload = workloadOf({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { annotations },
    spec: { containers: [{ ports: [{ containerPort: 80, hostPort: 30_080 }] }] },
  });
  const policy = policyOf(policyDocument({ 'host-port': {} }, spec), ...documents);
  const world = worldOf([], labels === undefined ? {} : { labels: { shop: labels } });
  return admitWorkload({ workload, origin: 'file' }, policy, world, NOW);
}

/** What matters of the findings. */
function weighed({ findings }: Verdict): readonly string[] {
  return findings.map(({ rule, enforcement, exception, suppressed }) =>
    [rule, enforcement, exception, suppressed].filter((part) => part !== undefined).join(' '),
  );
}

function exceptionFor(spec: JsonObject): JsonObject {
  return {
    kind: 'NodePortException',
    metadata: { name: 'edge' },
    spec: { rules: ['host-port'], namespaces: ['shop'], reason: 'r', expires: '2099-01-01', ...spec },
  };
}

describe('which policies judge a workload', () => {
  it('one that matches its namespace', () => {
    expect(weighed(verdictOf({ match: { namespaces: ['shop'] } }))).toEqual(['host-port deny']);
  });

  it.each<[string, JsonObject]>([
    ['one for another namespace', { match: { namespaces: ['other'] } }],
    ['one that leaves its namespace out', { match: { excludeNamespaces: ['shop'] } }],
    ['one for types of Services', { match: { serviceTypes: ['NodePort'] } }],
    ['one for labels of Services', { match: { serviceSelector: { matchLabels: { app: 'web' } } } }],
  ])('not %s', (_, spec) => {
    expect(verdictOf(spec)).toEqual(UNJUDGED);
  });

  it('not one whose rules are all about Services', () => {
    const workload = workloadOf({ apiVersion: 'v1', kind: 'Pod' });
    const policy = policyOf(policyDocument({ 'node-port-range': {} }));
    expect(admitWorkload({ workload, origin: 'file' }, policy, worldOf(), NOW)).toEqual(UNJUDGED);
  });

  it('a namespaceSelector needs labels, and without them nobody knows', () => {
    const spec = { match: { namespaceSelector: { matchLabels: { tier: 'edge' } } }, undetermined: 'deny' };
    expect(weighed(verdictOf(spec, { labels: { tier: 'edge' } }))).toEqual(['host-port deny']);
    expect(verdictOf(spec, { labels: { tier: 'core' } })).toEqual(UNJUDGED);
    const { findings, undetermined } = verdictOf(spec);
    expect(findings).toEqual([]);
    expect(undetermined).toEqual([
      {
        rule: 'host-port',
        needs: 'namespace',
        enforcement: 'deny',
        denies: true,
        message:
          'cannot be judged: the labels of namespace shop are not known; try again, or send its Namespace object along',
      },
    ]);
  });
});

describe('what weakens a finding about a workload', () => {
  it('maxEnforcement', () => {
    expect(weighed(verdictOf({ maxEnforcement: 'warn' }))).toEqual(['host-port warn']);
  });

  it.each<[string, JsonObject, string]>([
    ['an exception', {}, 'host-port audit edge'],
    ['an exception for its port', { ports: ['30080'] }, 'host-port audit edge'],
    ['no exception for another port', { ports: ['30081'] }, 'host-port deny'],
    ['an exception for its name', { services: ['web'] }, 'host-port audit edge'],
    ['no exception for another name', { services: ['db'] }, 'host-port deny'],
  ])('%s', (_, spec, weight) => {
    expect(weighed(verdictOf({}, { documents: [exceptionFor(spec)] }))).toEqual([weight]);
  });

  it('its own annotation, where the policy allows that', () => {
    const annotations = { 'ignore.nodeport-gate.dev/host-port': 'old vendor' };
    expect(weighed(verdictOf({ allowSuppressions: ['host-port'] }, { annotations }))).toEqual([
      'host-port audit old vendor',
    ]);
    expect(weighed(verdictOf({}, { annotations }))).toEqual(['host-port deny']);
  });
});
