import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { readObjects } from '../../src/check/read-objects.ts';
import { skimFor } from '../../src/check/relevance.ts';
import { judgeRun, type RunItem } from '../../src/check/run.ts';
import { inventoryOf } from '../../src/domain/inventory.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { NO_WORKLOADS } from '../../src/domain/workload.ts';
import type { Policy } from '../../src/engine/policy.ts';
import { rules } from '../../src/rules/index.ts';
import { readManifestFile } from '../../src/wire/manifest-file.ts';
import type { Skim } from '../../src/wire/skim.ts';
import { tables } from '../support/case-tables.ts';
import { NOW } from '../support/now.ts';
import { policyDocument, policyOf, poolDocument } from '../support/policy.ts';

const EVERYTHING: Skim = { serviceWords: 'all', workloadWords: [], workloads: true, namespaces: true };

const ALL_OPTIONAL = {
  protocols: { allowed: ['TCP'] },
  'required-annotations': { keys: { 'example.com/owner': '.+' } },
};

const policies: readonly (readonly [string, Policy])[] = [
  ['restricted', policyOf(policyDocument(ALL_OPTIONAL, { preset: 'restricted' }), poolDocument('shop', '30100-30199'))],
  ['baseline', policyOf(policyDocument({}, { preset: 'baseline' }))],
  ['only service types', policyOf(policyDocument({ 'service-type': { allowed: ['NodePort'] } }))],
  ['only pools', policyOf(policyDocument({}), poolDocument('shop', '30100-30199'))],
  ['only external addresses', policyOf(policyDocument({ 'external-ips': {} }))],
];

/** The items about which something is said, or that get a number, in a run that parses as much as the skim asks for. */
function mattersIn(text: string, policy: Policy, skim: Skim): readonly object[] {
  const { objects } = readObjects(readManifestFile('web.yaml', text, skim).manifests, 'default');
  const items = judgeRun(objects, {
    policy,
    inventory: inventoryOf([]),
    namespaceLabels: new Map(),
    workloads: NO_WORKLOADS,
    baseline: new Set(),
    rules: new Map(rules.map(({ meta }) => [meta.name, meta])),
    now: NOW,
    isEditable: () => true,
  });
  return items.filter(matters).map(({ object, verdict: { service: _, ...verdict } }) => ({ object, verdict }));
}

function matters({ verdict }: RunItem): boolean {
  const { findings, undetermined, assigned, changes } = verdict;
  return findings.length + undetermined.length + assigned.length + changes.length > 0;
}

const word = fc.constantFrom(
  'ClusterIP',
  'NodePort',
  'LoadBalancer',
  'ExternalName',
  'nodeport',
  '',
  'Local',
  'Cluster',
);
const number = fc.constantFrom(0, 80, 30_080, 30_150, 29_999, 70_000);
const port = fc.record(
  { port: number, nodePort: fc.oneof(number, fc.constant(null)), protocol: fc.constantFrom('TCP', 'UDP'), name: word },
  { requiredKeys: ['port'] },
);
const service = fc.record({
  apiVersion: fc.constant('v1'),
  kind: fc.constant('Service'),
  metadata: fc.record(
    {
      name: fc.constantFrom('web', 'api'),
      namespace: fc.constantFrom('shop', 'erp'),
      labels: fc.record({ type: word }),
    },
    { requiredKeys: ['name'] },
  ),
  spec: fc.record(
    {
      type: word,
      ports: fc.array(port, { maxLength: 3 }),
      externalIPs: fc.array(fc.constantFrom('203.0.113.7', '10.0.0.1'), { maxLength: 2 }),
      externalTrafficPolicy: word,
      healthCheckNodePort: number,
      externalName: fc.constant('example.com'),
      allocateLoadBalancerNodePorts: fc.boolean(),
      clusterIP: fc.constantFrom('None', '10.96.0.7'),
      loadBalancerSourceRanges: fc.array(fc.constantFrom('10.0.0.0/8', 'x'), { maxLength: 1 }),
      selector: fc.record({ app: word }),
    },
    { requiredKeys: [] },
  ),
});
const pod = fc.record({
  apiVersion: fc.constant('v1'),
  kind: fc.constant('Pod'),
  metadata: fc.constant({ name: 'pod' }),
  spec: fc.record(
    {
      hostNetwork: fc.boolean(),
      containers: fc.array(
        fc.record({
          ports: fc.array(fc.record({ containerPort: number, hostPort: number }, { requiredKeys: ['containerPort'] })),
        }),
        { maxLength: 2 },
      ),
    },
    { requiredKeys: ['containers'] },
  ),
});
const style = fc.record({
  defaultStringType: fc.constantFrom('PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE'),
  defaultKeyType: fc.constantFrom('PLAIN', 'QUOTE_DOUBLE'),
  collectionStyle: fc.constantFrom('any', 'block', 'flow'),
} as const);

describe.each(policies)('what is not even parsed under %s', (_, policy) => {
  it('is nothing that matters', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(service, pod), { minLength: 1, maxLength: 4 }), style, (objects, options) => {
        const text = objects.map((object) => stringify(object, { version: '1.1', ...options })).join('---\n');
        expect(mattersIn(text, policy, skimFor(policy))).toEqual(mattersIn(text, policy, EVERYTHING));
      }),
      { numRuns: 300 },
    );
  });

  it('is nothing that matters in any case of any rule', () => {
    const objects = tables.flatMap(({ valid, invalid }) =>
      [...valid, ...invalid].map(({ service: one, workload }): JsonObject => one ?? workload ?? {}),
    );
    for (const object of objects) {
      const text = JSON.stringify({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, ...object });
      expect(mattersIn(text, policy, skimFor(policy)), text).toEqual(mattersIn(text, policy, EVERYTHING));
    }
  });
});

describe('the skim', () => {
  it('passes over plain Services and workloads', () => {
    const plain = stringify({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web' },
      spec: { type: 'ClusterIP', selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
    });
    const [[, restricted] = ['', policyOf(policyDocument({}))]] = policies;
    const { manifests, skipped, problems } = readManifestFile('web.yaml', plain, skimFor(restricted));
    expect({ manifests, skipped, problems }).toEqual({ manifests: [], skipped: 1, problems: [] });
  });
});
