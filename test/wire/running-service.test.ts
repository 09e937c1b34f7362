import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { auditCluster } from '../../src/audit/audit.ts';
import { isJsonObject, type JsonObject } from '../../src/domain/json.ts';
import type { Service } from '../../src/domain/service.ts';
import { verdictList } from '../../src/report/verdict-list.ts';
import type { ServiceCase } from '../../src/rules/cases.ts';
import { readRunningService } from '../../src/wire/running-service.ts';
import { snapshotOf } from '../audit/cluster.ts';
import { tables } from '../support/case-tables.ts';
import { manifest, serviceOf } from '../support/manifest.ts';
import { NOW } from '../support/now.ts';
import { isServiceCase, situationOf } from '../support/rule-tester.ts';

function running(partial: JsonObject): Service {
  const read = readRunningService(manifest(partial));
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.value;
}

describe('a running Service is judged as if nothing of it had been left out', () => {
  const cases = tables.flatMap(({ rule, valid, invalid }) =>
    [...valid, ...invalid].flatMap((given) =>
      isServiceCase(given) && given.origin !== 'file' && given.options?.['set'] !== true && hasName(given)
        ? [[`${rule.meta.name}: ${given.name}`, rule.meta.name, given] as const]
        : [],
    ),
  );

  it('in hundreds of cases', () => {
    expect(cases.length).toBeGreaterThan(250);
  });

  it.each(cases)('%s', (_, rule, given) => {
    const { policy } = situationOf(rule, given);
    const manifests = [...(given.others ?? []), given.service].map(withMore);
    const rest = { ...snapshotOf([]), namespaceLabels: new Map(Object.entries({ shop: given.namespaceLabels ?? {} })) };
    const [whole, trimmed] = [serviceOf, running].map((read) => {
      const services = manifests.map((each) => read(each));
      const { items, ...audit } = auditCluster({ ...rest, services }, policy, NOW);
      return { ...audit, list: verdictList(items, '') };
    });
    expect(trimmed).toEqual(whole);
  });
});

function hasName({ service, others = [] }: ServiceCase): boolean {
  return [service, ...others].every((each) => serviceOf(each).name !== '');
}

/** What an API server and kubectl add to a manifest. */
function withMore(partial: JsonObject): JsonObject {
  const { metadata, spec, ...rest } = manifest(partial);
  const { annotations, ...named } = isJsonObject(metadata) ? metadata : {};
  const lastApplied = { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(partial).repeat(100) };
  return {
    ...rest,
    metadata: {
      ...named,
      uid: 'd2c3',
      creationTimestamp: '2026-01-01T00:00:00Z',
      managedFields: [{ manager: 'kubectl', operation: 'Apply', fieldsV1: { 'f:spec': {} } }],
      annotations: { ...(isJsonObject(annotations) ? annotations : {}), ...lastApplied },
    },
    spec: { clusterIP: '10.96.0.7', sessionAffinity: 'None', ...(isJsonObject(spec) ? spec : {}) },
    status: { loadBalancer: {} },
  };
}

describe('of a running Service is kept', () => {
  it('what rules read, and the beginning of other annotations', () => {
    const { raw, annotations } = running({
      metadata: {
        generateName: 'web-',
        uid: 'd2c3',
        labels: { app: 'web' },
        creationTimestamp: '2026-01-01T00:00:00Z',
        deletionTimestamp: '2026-01-02T00:00:00Z',
        annotations: {
          owner: 'x'.repeat(2_000),
          'nodeport-gate.dev/source-cidrs': '192.0.2.0/24,'.repeat(64),
          'ignore.nodeport-gate.dev/source-cidrs': 'x'.repeat(5_000),
        },
      },
      spec: {
        type: 'LoadBalancer',
        clusterIP: '10.96.0.7',
        externalName: 'example.com',
        externalTrafficPolicy: 'Local',
        healthCheckNodePort: 30_090,
        allocateLoadBalancerNodePorts: false,
        ipFamilies: ['IPv4'],
        externalIPs: ['192.0.2.7'],
        loadBalancerSourceRanges: ['192.0.2.0/24'],
        selector: { app: 'web' },
        ports: [{ name: 'http', port: 80, protocol: 'TCP', nodePort: 30_080, targetPort: 'http', appProtocol: 'http' }],
      },
      status: {},
    });
    const kept = { 'nodeport-gate.dev/source-cidrs': '192.0.2.0/24,'.repeat(64), owner: 'x'.repeat(1_025) };
    expect(annotations).toEqual(kept);
    expect(raw).toEqual({
      metadata: {
        namespace: 'shop',
        name: 'web',
        generateName: 'web-',
        labels: { app: 'web' },
        creationTimestamp: '2026-01-01T00:00:00Z',
        deletionTimestamp: '2026-01-02T00:00:00Z',
        annotations: kept,
      },
      spec: {
        type: 'LoadBalancer',
        externalTrafficPolicy: 'Local',
        healthCheckNodePort: 30_090,
        allocateLoadBalancerNodePorts: false,
        ipFamilies: ['IPv4'],
        externalIPs: ['192.0.2.7'],
        loadBalancerSourceRanges: ['192.0.2.0/24'],
        selector: { app: 'web' },
        ports: [{ name: 'http', port: 80, protocol: 'TCP', nodePort: 30_080 }],
      },
    });
  });

  it.each([
    ['labels', { labels: { a: 'x'.repeat(9_000), b: 'x'.repeat(9_000) } }, true],
    ['annotations', { annotations: { a: 'x', 'nodeport-gate.dev/source-cidrs': ' '.repeat(5_000) } }, true],
    ['nothing', { labels: { app: 'web' }, annotations: { long: 'x'.repeat(50_000) } }, undefined],
  ])('and that more %s were there', (_, metadata, isCut) => {
    expect(running({ metadata: { name: 'web', namespace: 'shop', ...metadata } }).isCut).toBe(isCut);
  });

  it('every port with a number, in its place', () => {
    const bare = Array.from({ length: 5_000 }, (_, index) => ({ name: `p${index}`, port: index + 1 }));
    const { ports, raw } = running({
      spec: { ports: [...bare, { name: 'open', port: 9_000, nodePort: 30_080 }, ...bare] },
    });
    expect([ports.length, ports.at(255), ports.at(256)]).toEqual([
      257,
      { index: 255, name: 'p255', port: 256, protocol: 'TCP', nodePort: 0 },
      { index: 5_000, name: 'open', port: 9_000, protocol: 'TCP', nodePort: 30_080 },
    ]);
    expect((raw['spec'] as { readonly ports: readonly object[] }).ports.slice(4_999)).toEqual([
      {},
      { name: 'open', port: 9_000, nodePort: 30_080 },
    ]);
  });

  it.each(['externalIPs', 'loadBalancerSourceRanges'] as const)('of %s the first, and that there are more', (field) => {
    const addresses = Array.from({ length: 1_000 }, () => '192.0.2.7');
    const read = (...more: readonly string[]): readonly string[] =>
      running({ spec: { [field]: [...addresses, ...more] } })[field];
    expect(read()).toEqual(addresses);
    expect(read('0.0.0.0/0', '::/0')).toEqual([...addresses, 'and 2 more']);
  });

  it.each([
    [
      'labels',
      { metadata: { name: 'web', labels: ['x'] } },
      'metadata.labels: this is a list; write keys with strings',
    ],
    [
      'annotations',
      { metadata: { name: 'web', annotations: 7 } },
      'metadata.annotations: 7 is a number; write keys with strings',
    ],
    [
      'annotation',
      { metadata: { name: 'web', annotations: { a: 7 } } },
      'metadata.annotations[a]: 7 is a number; put it in quotes to make it a string',
    ],
    ['spec', { spec: 'x' }, 'spec: "x" is a string; write an object'],
    [
      'port',
      { spec: { ports: [{ port: 80 }, 7] } },
      'spec.ports[1]: 7 is a number; write an object with a port number',
    ],
    ['ports', { spec: { ports: 7 } }, 'spec.ports: 7 is a number; write a list of ports'],
  ])('the fault of %s that are none', (_, value, problem) => {
    const read = readRunningService(value);
    expect(read.ok ? [] : read.problems.map(({ path, message }) => `${path}: ${message}`)).toEqual([problem]);
  });
});

const many = (count: number, entry: (index: number) => readonly [string, string]): JsonObject =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => entry(index)));
const LONG = 'x'.repeat(250_000);
const ports = Array.from({ length: 3_000 }, (_, index) => ({ name: `port-${index}`, port: index + 1, targetPort: 80 }));

describe('the author of a Service decides about few bytes of an audit', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;

  it.each<[string, JsonObject, boolean?]>([
    ['one long annotation', { metadata: { annotations: { note: LONG } } }],
    ['one that is read', { metadata: { annotations: { 'nodeport-gate.dev/source-cidrs': LONG } } }],
    [
      'many annotations',
      { metadata: { annotations: many(3_000, (index) => [`note-${index}`, `${index} `.repeat(20)]) } },
    ],
    [
      'suppressions',
      { metadata: { annotations: many(3_000, (index) => [`ignore.nodeport-gate.dev/r${index}`, 'why '.repeat(20)]) } },
    ],
    ['labels', { metadata: { labels: many(3_000, (index) => [`label-${index}`, `value-${index}`]) } }],
    ['a selector', { spec: { selector: many(3_000, (index) => [`label-${index}`, `value-${index}`]) } }],
    ['managedFields', { metadata: { managedFields: [{ manager: LONG }] } }],
    ['fields of the spec', { spec: { externalName: LONG, more: { fields: [LONG] } } }],
    ['ports', { spec: { ports } }],
    [
      'a number behind many ports',
      { spec: { type: 'ExternalName', ports: [...ports, { port: 9_000, nodePort: 30_080 }] } },
    ],
    [
      'addresses',
      { spec: { externalIPs: Array.from({ length: 5_000 }, (_, index) => `10.0.${index >> 8}.${index & 255}`) } },
    ],
  ])('%s', (_, partial) => {
    const texts = Array.from({ length: 40 }, () => Buffer.from(JSON.stringify(manifest(partial))));
    const kept: ReturnType<typeof readRunningService>[] = [];
    collect();
    const before = process.memoryUsage().heapUsed;
    // Each has a text of its own: what JSON.parse gives may be a part of it.
    for (const text of texts) kept.push(readRunningService(JSON.parse(text.toString())));
    collect();
    const each = (process.memoryUsage().heapUsed - before) / kept.length;
    expect(kept.filter((read) => read.ok).length).toBe(texts.length);
    expect(each).toBeLessThan(100_000);
  });
});
