import { describe, expect, it } from 'vitest';
import { completeService } from '../../../src/page/playground/complete-service.ts';
import { describeWord } from '../../../src/page/playground/describe-word.ts';
import { serviceSchema } from '../../../src/page/playground/service-schema.ts';

const SCHEMA = serviceSchema({
  pools: [{ name: 'shop', description: '30100-30299 (shop-team@example.com)' }],
  suppressible: ['source-cidrs'],
});

/** `|` is the cursor; a text without one cannot be asked about. */
function labelsAt(marked: string): readonly string[] | undefined {
  return completeService(marked.replace('|', ''), marked.indexOf('|'), SCHEMA)?.options.map(({ label }) => label);
}

/** The text with the option taken, `|` where it ends. */
function taken(marked: string, wanted: string): string {
  const text = marked.replace('|', '');
  const found = completeService(text, marked.indexOf('|'), SCHEMA);
  const option = found?.options.find(({ label }) => label === wanted);
  if (found === undefined || option === undefined) throw new Error(`${wanted} is not offered`);
  return `${text.slice(0, found.from)}${option.insert}|${text.slice(found.to)}`;
}

const SERVICE = 'apiVersion: v1\nkind: Service\n';

describe('keys', () => {
  it('of the Service, without those that are there', () => {
    expect(labelsAt(`${SERVICE}|`)).toEqual(['metadata', 'spec']);
    expect(labelsAt('|')).toEqual(['apiVersion', 'kind', 'metadata', 'spec']);
    expect(labelsAt('  |')).toEqual(['apiVersion', 'kind', 'metadata', 'spec']);
  });

  const OF_PORT = ['appProtocol', 'name', 'nodePort', 'port', 'protocol', 'targetPort'];

  it.each([
    ['an empty item', 'spec:\n  ports:\n  - |\n', OF_PORT],
    ['an item that goes on', 'spec:\n  ports:\n  - port: 80\n    |\n', OF_PORT.filter((key) => key !== 'port')],
    ['a begun word', 'spec:\n  ports:\n  - port: 80\n    node|\n', OF_PORT.filter((key) => key !== 'port')],
    [
      'in the middle',
      'spec:\n  ports:\n  - |\n    port: 80\n  type: NodePort\n',
      OF_PORT.filter((key) => key !== 'port'),
    ],
    ['flow style', 'spec: {ports: [{port: 80, |}]}', OF_PORT.filter((key) => key !== 'port')],
    ['JSON', '{"spec": {"ports": [{"port": 80, "n|"}]}}', OF_PORT.filter((key) => key !== 'port')],
    ['between lines', 'metadata:\n  |\n  name: web\n', ['annotations', 'generateName', 'labels', 'namespace']],
    ['a List', `kind: List\nitems:\n- ${SERVICE.replace('\n', '\n  ')}  metadata:\n    name: a\n  |`, ['spec']],
    ['a ServiceList', 'kind: ServiceList\nitems:\n- |', ['apiVersion', 'kind', 'metadata', 'spec']],
    ['a review', 'kind: AdmissionReview\nrequest:\n  object:\n    spec: {}\n    |', ['apiVersion', 'kind', 'metadata']],
    ['another document', `kind: ConfigMap\n---\n${SERVICE}|`, ['metadata', 'spec']],
  ])('%s', (_name, marked, labels) => {
    expect(labelsAt(marked)).toEqual(labels);
  });

  it('annotations of the gate', () => {
    expect(labelsAt(`${SERVICE}metadata:\n  annotations:\n    |`)).toEqual([
      'nodeport-gate.dev/source-cidrs',
      'nodeport-gate.dev/pool',
      'ignore.nodeport-gate.dev/source-cidrs',
    ]);
  });
});

describe('values', () => {
  it.each([
    ['nothing yet', `${SERVICE}spec:\n  externalTrafficPolicy: |\n`, ['Cluster', 'Local']],
    ['a begun word', `${SERVICE}spec:\n  externalTrafficPolicy: Lo|\n`, ['Cluster', 'Local']],
    [
      'in front of other lines',
      'spec:\n  type: |\n  ports: []\n',
      ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'],
    ],
    ['flow style', 'spec: {ports: [{protocol: |}]}', ['SCTP', 'TCP', 'UDP']],
    ['quotes', 'spec: {"type": "|"}', ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort']],
    ['an item of a list', 'spec:\n  ipFamilies:\n  - |\n', ['IPv4', 'IPv6']],
    ['yes or no', 'spec:\n  allocateLoadBalancerNodePorts: |', ['true', 'false']],
    ['a pool', 'metadata:\n  annotations:\n    nodeport-gate.dev/pool: |', ['shop']],
  ])('%s', (_name, marked, labels) => {
    expect(labelsAt(marked)).toEqual(labels);
  });

  it('says what a pool is', () => {
    const text = 'metadata:\n  annotations:\n    nodeport-gate.dev/pool: ';
    expect(completeService(text, text.length, SCHEMA)).toEqual({
      from: text.length,
      to: text.length,
      options: [{ label: 'shop', kind: 'value', insert: 'shop', description: '30100-30299 (shop-team@example.com)' }],
    });
  });
});

describe('nothing', () => {
  it.each([
    ['another object', 'kind: ConfigMap\ndata:\n  |'],
    ['around a List', 'kind: List\n|'],
    ['a comment', 'spec:\n  # ty|'],
    ['a free text', 'metadata:\n  name: |'],
    ['labels', 'metadata:\n  labels:\n    |'],
    ['a text in a block', 'metadata:\n  annotations:\n    a: |-\n      ty|'.replace('|-', '>-')],
    ['an unknown field', 'spec:\n  unheard:\n    |'],
  ])('%s', (_name, marked) => {
    expect(labelsAt(marked)).toBeUndefined();
  });
});

describe('what is taken', () => {
  it.each([
    ['spec:\n  ext|', 'externalTrafficPolicy', 'spec:\n  externalTrafficPolicy: |'],
    ['spec:\n  externalTrafficPolicy: L|', 'Local', 'spec:\n  externalTrafficPolicy: Local|'],
    ['spec:\n  po|', 'ports', 'spec:\n  ports:\n  - |'],
    ['me|', 'metadata', 'metadata:\n  |'],
    ['spec: {ty|}', 'type', 'spec: {type: |}'],
    ['{"spec": {"ty|"}}', 'type', '{"spec": {"type|"}}'],
    ['spec:\n  ty|e: NodePort\n', 'type', 'spec:\n  type|: NodePort\n'],
    ['kind: Service\nsp|\nmetadata: {}\n', 'spec', 'kind: Service\nspec:\n  |\nmetadata: {}\n'],
  ])('%j: %s', (marked, label, text) => {
    expect(taken(marked, label)).toBe(text);
  });
});

describe('what a word means', () => {
  const text = `${SERVICE}spec:\n  type: NodePort\n  "externalTrafficPolicy": Local\n  unheard: 1\n`;

  it('of a key', () => {
    const from = text.indexOf('type');
    expect(describeWord(text, from + 2, SCHEMA)).toEqual({
      from,
      to: from + 4,
      title: 'type',
      description: 'type determines how the Service is exposed.',
      values: ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'],
    });
    expect(describeWord(text, text.indexOf('externalT') + 3, SCHEMA)?.title).toBe('externalTrafficPolicy');
  });

  it('of nothing else', () => {
    expect(describeWord(text, text.indexOf('NodePort') + 2, SCHEMA)).toBeUndefined();
    expect(describeWord(text, text.indexOf('unheard') + 2, SCHEMA)).toBeUndefined();
    expect(describeWord('kind: Pod\nspec: {}', 11, SCHEMA)).toBeUndefined();
  });
});
