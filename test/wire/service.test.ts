import { describe, expect, it } from 'vitest';
import type { Service } from '../../src/domain/service.ts';
import { readService } from '../../src/wire/service.ts';

const OPTIONS = { path: '', authorship: 'object' } as const;

function read(value: unknown, path = ''): Omit<Service, 'authorship'> {
  const result = readService(value, { ...OPTIONS, path });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  const { authorship: _, ...view } = result.value;
  return view;
}

function problemsOf(value: unknown): unknown {
  const result = readService(value, { path: 'request.object', authorship: 'object' });
  return result.ok ? [] : result.problems.map(({ path, message }) => `${path}: ${message}`);
}

const EMPTY = {
  namespace: '',
  name: '',
  generateName: '',
  labels: {},
  annotations: {},
  deleting: false,
  type: 'ClusterIP',
  ports: [],
  externalTrafficPolicy: '',
  healthCheckNodePort: 0,
  allocateLoadBalancerNodePorts: false,
  externalIPs: [],
  loadBalancerSourceRanges: [],
  ipFamilies: [],
  selector: {},
};

describe('readService', () => {
  it('reads every known field and keeps the object as it is', () => {
    const raw = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name: 'web',
        namespace: 'shop',
        generateName: 'w-',
        labels: { app: 'web' },
        annotations: { note: 'x' },
        deletionTimestamp: '2026-11-21T01:40:46Z',
      },
      spec: {
        type: 'LoadBalancer',
        externalTrafficPolicy: 'Local',
        healthCheckNodePort: 31508,
        allocateLoadBalancerNodePorts: false,
        externalIPs: ['203.0.113.7'],
        loadBalancerSourceRanges: ['10.0.0.0/8'],
        ipFamilies: ['IPv4'],
        selector: { app: 'web' },
        ports: [{ name: 'http', port: 80, protocol: 'UDP', nodePort: 30080, targetPort: 8080 }, { port: 81 }],
        futureField: { x: 1 },
      },
    };
    expect(read(raw)).toEqual({
      namespace: 'shop',
      name: 'web',
      generateName: 'w-',
      labels: { app: 'web' },
      annotations: { note: 'x' },
      deleting: true,
      type: 'LoadBalancer',
      externalTrafficPolicy: 'Local',
      healthCheckNodePort: 31508,
      allocateLoadBalancerNodePorts: false,
      externalIPs: ['203.0.113.7'],
      loadBalancerSourceRanges: ['10.0.0.0/8'],
      ipFamilies: ['IPv4'],
      selector: { app: 'web' },
      ports: [
        { index: 0, name: 'http', port: 80, protocol: 'UDP', nodePort: 30080 },
        { index: 1, name: '', port: 81, protocol: 'TCP', nodePort: 0 },
      ],
      raw,
    });
    expect(read(raw).raw).toBe(raw);
  });

  it.each([
    ['nothing at all', {}],
    ['nulls', { metadata: null, spec: null }],
    [
      'nulls inside',
      {
        metadata: { name: null, labels: null, annotations: null, deletionTimestamp: null },
        spec: {
          type: '',
          ports: null,
          healthCheckNodePort: null,
          allocateLoadBalancerNodePorts: null,
          externalIPs: null,
        },
      },
    ],
  ])('reads %s as the API server does: everything empty', (_, raw) => {
    expect(read(raw)).toEqual({ ...EMPTY, raw });
  });

  it.each([
    ['NodePort', {}, 'Cluster', false],
    ['LoadBalancer', {}, 'Cluster', true],
    ['ClusterIP', {}, '', false],
    ['ClusterIP', { externalIPs: ['203.0.113.7'] }, 'Cluster', false],
    ['ExternalName', { externalIPs: ['203.0.113.7'] }, '', false],
  ])(
    'defaults %s %j like SetDefaults_Service',
    (type, fields, externalTrafficPolicy, allocateLoadBalancerNodePorts) => {
      const raw = { spec: { type, ...fields } };
      expect(read(raw)).toEqual({
        ...EMPTY,
        ...fields,
        type,
        externalTrafficPolicy,
        allocateLoadBalancerNodePorts,
        raw,
      });
    },
  );

  it('takes null, 0 and an absent node port for the same, and the whole range of int32 as it is', () => {
    const numbers = [null, 0, undefined, -5, 99_999, 2_147_483_647, -2_147_483_648];
    const ports = numbers.map((nodePort) => ({ port: 80, nodePort }));
    expect(read({ spec: { ports } }).ports.map((port) => port.nodePort)).toEqual([
      0, 0, 0, -5, 99_999, 2_147_483_647, -2_147_483_648,
    ]);
  });

  it('reads a null label as empty text, and keys of the prototype as plain keys', () => {
    const raw = { metadata: { labels: { a: null, constructor: 'c', toString: 't' } } };
    expect(read(raw).labels).toEqual({ a: '', constructor: 'c', toString: 't' });
  });

  it('does not see fields that are only inherited', () => {
    const raw: unknown = Object.create({ spec: { type: 'NodePort' }, metadata: { name: 'ghost' } });
    expect(read(raw)).toEqual({ ...EMPTY, raw });
  });

  it('falls back to the namespace of the request, never over the one of the object', () => {
    const options = { path: '', authorship: 'manifest', namespace: 'shop' } as const;
    const namespaces = [{}, { metadata: { namespace: '' } }, { metadata: { namespace: 'erp' } }].map((value) => {
      const result = readService(value, options);
      return result.ok ? result.value.namespace : result.problems;
    });
    expect(namespaces).toEqual(['shop', 'shop', 'erp']);
  });
});

describe('readService on wrong types', () => {
  it('reports every one, with the path and what to write', () => {
    expect(
      problemsOf({
        metadata: { name: 5, labels: { n: 1, 'a/b': true }, annotations: ['x'] },
        spec: {
          type: {},
          externalIPs: '203.0.113.7',
          loadBalancerSourceRanges: ['10.0.0.0/8', 7, null],
          allocateLoadBalancerNodePorts: 'no',
          healthCheckNodePort: 3_000_000_000,
          ports: [{ port: 80, nodePort: '30080' }, 30_081, { port: 80.5, nodePort: -2_147_483_649 }, null],
        },
      }),
    ).toEqual([
      'request.object.metadata.name: 5 is a number; write a string',
      'request.object.metadata.labels[n]: 1 is a number; put it in quotes to make it a string',
      'request.object.metadata.labels[a/b]: true is a boolean; put it in quotes to make it a string',
      'request.object.metadata.annotations: this is a list; write keys with strings',
      'request.object.spec.type: this is an object; write a string',
      'request.object.spec.externalIPs: "203.0.113.7" is a string; write a list of strings',
      'request.object.spec.healthCheckNodePort: 3000000000 does not fit into 32 bits; write a number from -2147483648 to 2147483647',
      'request.object.spec.allocateLoadBalancerNodePorts: "no" is a string; write true or false',
      'request.object.spec.loadBalancerSourceRanges[1]: 7 is a number; write a string',
      'request.object.spec.loadBalancerSourceRanges[2]: this is missing; write a string',
      'request.object.spec.ports[0].nodePort: "30080" is a string; write a whole number',
      'request.object.spec.ports[1]: 30081 is a number; write an object with a port number',
      'request.object.spec.ports[2].port: 80.5 is not whole; write a whole number',
      'request.object.spec.ports[2].nodePort: -2147483649 does not fit into 32 bits; write a number from -2147483648 to 2147483647',
      'request.object.spec.ports[3]: this is missing; write an object with a port number',
    ]);
  });

  it('takes an empty string for a node port where it may, and nothing else for one', () => {
    const options = { path: '', authorship: 'manifest', toleratesEmptyNodePorts: true } as const;
    const spec = { type: 'NodePort', healthCheckNodePort: '', ports: [{ port: 80, nodePort: '' }] };
    const result = readService({ spec }, options);
    const { healthCheckNodePort, ports } = result.ok ? result.value : { healthCheckNodePort: -1, ports: [] };
    expect([healthCheckNodePort, ports]).toEqual([0, [{ index: 0, name: '', port: 80, protocol: 'TCP', nodePort: 0 }]]);
    const others = { healthCheckNodePort: ' ', ports: [{ port: '', nodePort: '30080' }] };
    expect(readService({ spec: others }, options)).toEqual({
      ok: false,
      problems: [
        { path: 'spec.healthCheckNodePort', message: '" " is a string; write a whole number' },
        { path: 'spec.ports[0].port', message: '"" is a string; write a whole number' },
        { path: 'spec.ports[0].nodePort', message: '"30080" is a string; write a whole number' },
      ],
    });
    expect(problemsOf({ spec })).toEqual([
      'request.object.spec.healthCheckNodePort: "" is a string; write a whole number',
      'request.object.spec.ports[0].nodePort: "" is a string; write a whole number',
    ]);
  });

  it.each([
    [null, 'request.object: this is missing; send a Service object'],
    [[], 'request.object: this is a list; send a Service object'],
    ['Service', 'request.object: "Service" is a string; send a Service object'],
    [{ spec: [] }, 'request.object.spec: this is a list; write an object'],
    [{ spec: { ports: {} } }, 'request.object.spec.ports: this is an object; write a list of ports'],
  ])('refuses %j', (value, expected) => {
    expect(problemsOf(value)).toEqual([expected]);
  });

  it('escapes and cuts hostile text that it quotes', () => {
    expect(problemsOf({ metadata: { labels: { '\n': 1 } } })).toEqual([
      'request.object.metadata.labels[\\u000a]: 1 is a number; put it in quotes to make it a string',
    ]);
    expect(problemsOf({ spec: { ports: `\u001b[31m\n${'x'.repeat(100)}` } })).toEqual([
      `request.object.spec.ports: "\\u001b[31m\\u000a${'x'.repeat(47)}…" is a string; write a list of ports`,
    ]);
  });

  it('stops at twenty problems', () => {
    const ports = Array.from({ length: 1000 }, () => ({ nodePort: 'x' }));
    expect(problemsOf({ spec: { ports } })).toEqual(
      Array.from(
        { length: 20 },
        (_, index) => `request.object.spec.ports[${index}].nodePort: "x" is a string; write a whole number`,
      ),
    );
  });
});
