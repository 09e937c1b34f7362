import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isJsonObject, type JsonObject } from '../../src/domain/json.ts';
import type { Service } from '../../src/domain/service.ts';
import { parseReview, type Review } from '../../src/wire/admission-review.ts';
import { describeProblem } from '../../src/wire/problem.ts';

const REVIEWS = new URL('../fixtures/reviews/', import.meta.url);

function recorded(name: string): JsonObject {
  const body: unknown = JSON.parse(readFileSync(new URL(`${name}.json`, REVIEWS), 'utf8'));
  if (!isJsonObject(body)) throw new Error(`${name} is no object`);
  return body;
}

/** The recorded review with some fields of its request replaced. */
function changed(name: string, fields: Readonly<Record<string, unknown>>): unknown {
  const body = recorded(name);
  return { ...body, request: { ...requestOf(body), ...fields } };
}

function requestOf(body: JsonObject): JsonObject {
  const request = body['request'];
  return isJsonObject(request) ? request : {};
}

function objectOf(name: string, key: 'object' | 'oldObject' = 'object'): JsonObject {
  const object = requestOf(recorded(name))[key];
  return isJsonObject(object) ? object : {};
}

function withMetadata(object: JsonObject, fields: JsonObject): JsonObject {
  const metadata = object['metadata'];
  return { ...object, metadata: { ...(isJsonObject(metadata) ? metadata : {}), ...fields } };
}

function parse(body: unknown): Review {
  const result = parseReview(body, 'final');
  if (!result.ok) throw new Error(result.problems.map(describeProblem).join('\n'));
  return result.value;
}

function problemsOf(body: unknown): readonly string[] {
  const result = parseReview(body, 'proposed');
  return result.ok ? [] : result.problems.map(describeProblem);
}

function verdictOn(body: unknown): string {
  const review = parse(body);
  return review.kind === 'service' ? 'judged' : review.because;
}

function brief(service: Service | undefined): string {
  if (service === undefined) return '-';
  const numbers = service.ports.map((port) => `${port.nodePort}:${service.authorship.ownerOfNodePort(port)}`);
  return [
    service.type,
    ...numbers,
    ...(service.healthCheckNodePort === 0 ? [] : [`hc ${service.healthCheckNodePort}`]),
  ].join(' ');
}

describe('every recorded review', () => {
  it('is read as what it is', async () => {
    const files = readdirSync(REVIEWS).filter((file) => file.endsWith('.json'));
    const lines = files.sort().map((file) => {
      const review = parse(recorded(file.slice(0, -'.json'.length)));
      const rest =
        review.kind === 'untouched'
          ? review.because
          : `${brief(review.request.service)} | was ${brief(review.request.oldService)}`;
      const dry = review.dryRun ? ' dry' : '';
      return `${file}: ${review.operation}${dry} ${review.namespace}/${review.name} by ${review.user}: ${rest}`;
    });
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('../fixtures/reviews-as-read.txt');
  });

  it('comes out whole: a creation', () => {
    expect(parse(recorded('create-nodeport-unset.mutate'))).toEqual({
      kind: 'service',
      uid: '3d71d6d6-4e35-44a8-ba65-d3738d8d8d06',
      operation: 'CREATE',
      objectType: { apiVersion: 'v1', kind: 'Service' },
      namespace: 'shop',
      name: 'web',
      user: 'admin',
      dryRun: false,
      request: {
        uid: '3d71d6d6-4e35-44a8-ba65-d3738d8d8d06',
        operation: 'CREATE',
        stage: 'final',
        origin: 'request',
        statusOnly: false,
        dryRun: false,
        user: { username: 'admin', groups: ['system:masters', 'system:authenticated'] },
        service: {
          namespace: 'shop',
          name: 'web',
          generateName: '',
          labels: { app: 'web' },
          annotations: {},
          deleting: false,
          type: 'NodePort',
          ports: [{ index: 0, name: 'http', port: 80, protocol: 'TCP', nodePort: 0 }],
          externalTrafficPolicy: 'Cluster',
          healthCheckNodePort: 0,
          allocateLoadBalancerNodePorts: false,
          externalIPs: [],
          loadBalancerSourceRanges: [],
          ipFamilies: [],
          selector: { app: 'web' },
          authorship: expect.anything(),
          raw: objectOf('create-nodeport-unset.mutate'),
        },
        oldService: undefined,
        heldAlready: [],
      },
    });
  });

  it('comes out whole: a delete', () => {
    expect(parse(recorded('delete.validate'))).toEqual({
      kind: 'untouched',
      uid: requestOf(recorded('delete.validate'))['uid'],
      operation: 'DELETE',
      objectType: { apiVersion: 'v1', kind: 'Service' },
      namespace: 'shop',
      name: 'api',
      user: 'admin',
      dryRun: false,
      because: 'DELETE opens no node port',
    });
  });

  it('tells what the author wrote from what the API server filled in', () => {
    const wrote = ['apply-client-side', 'apply-server-side', 'create-nodeport-unset'].map((name) => {
      const review = parse(recorded(`${name}.mutate`));
      if (review.kind !== 'service') return review.because;
      const { authorship } = review.request.service;
      return ['type', 'externalTrafficPolicy', 'ports'].map((field) => authorship.wroteSpecField(field));
    });
    expect(wrote).toEqual([
      [true, false, true],
      [true, false, true],
      [false, false, false],
    ]);
  });
});

describe('what is allowed untouched', () => {
  const UPDATE = 'update-label-only.validate';
  const STATUS = { subResource: 'status', object: objectOf(UPDATE), oldObject: objectOf(UPDATE) };
  const DELETING = 'deleting-remove-finalizer.2.validate';
  const KUBERNETES = {
    namespace: 'default',
    name: 'kubernetes',
    object: withMetadata(objectOf('create-clusterip.validate'), { namespace: 'default', name: 'kubernetes' }),
  };

  it.each([
    ['pods', { kind: { group: '', version: 'v1', kind: 'Pod' } }, 'v1 Pod is no v1 Service'],
    [
      'apps',
      { resource: { group: 'apps', version: 'v1', resource: 'services' } },
      'resource apps/v1/services is no v1 Service',
    ],
    ['a proxy', { subResource: 'proxy' }, 'services/proxy opens no node port'],
    ['a connection', { operation: 'CONNECT' }, 'CONNECT opens no node port'],
    ['an unknown operation', { operation: '\u001b[2J' }, '\\u001b[2J opens no node port'],
    ['a creation', {}, 'judged'],
    ['default/kubernetes by anybody', { ...KUBERNETES, userInfo: { username: 'system:apiserver2' } }, 'judged'],
    [
      'default/kubernetes by the API server',
      { ...KUBERNETES, userInfo: { username: 'system:apiserver' } },
      'the API server keeps default/kubernetes itself',
    ],
    ['another Service by the API server', { userInfo: { username: 'system:apiserver' } }, 'judged'],
  ])('%s', (_, fields, expected) => {
    expect(verdictOn(changed('create-clusterip.validate', fields))).toBe(expected);
  });

  it.each([
    ['status alone', {}, 'a status update that leaves labels and annotations alone'],
    [
      'no labels for empty ones',
      {
        object: withMetadata(objectOf(UPDATE), { labels: null }),
        oldObject: withMetadata(objectOf(UPDATE), { labels: {} }),
      },
      'a status update that leaves labels and annotations alone',
    ],
    ['a label', { object: withMetadata(objectOf(UPDATE), { labels: { a: 'b' } }) }, 'judged'],
    ['an annotation', { object: withMetadata(objectOf(UPDATE), { annotations: { a: 'b' } }) }, 'judged'],
    ['no subresource, nothing changed', { subResource: '' }, 'judged'],
  ])('services/status: %s', (_, fields, expected) => {
    expect(verdictOn(changed(UPDATE, { ...STATUS, ...fields }))).toBe(expected);
  });

  it.each([
    ['only the finalizer', {}, 'it is being deleted, and its spec, labels and annotations stay as they are'],
    ['a label too', { object: withMetadata(objectOf(DELETING), { labels: {} }) }, 'judged'],
    ['an annotation too', { object: withMetadata(objectOf(DELETING), { annotations: { a: 'b' } }) }, 'judged'],
    [
      'the type too',
      { object: { ...objectOf(DELETING), spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 22 }] } } },
      'judged',
    ],
    ['not deleting', { object: withMetadata(objectOf(DELETING), { deletionTimestamp: null }) }, 'judged'],
  ])('an object that is being deleted: %s', (_, fields, expected) => {
    expect(verdictOn(changed(DELETING, fields))).toBe(expected);
  });

  it('marks a judged status update', () => {
    const review = parse(changed(UPDATE, { ...STATUS, object: withMetadata(objectOf(UPDATE), { labels: {} }) }));
    expect(review.kind === 'service' && review.request.statusOnly).toBe(true);
  });
});

describe('what is no review', () => {
  const CREATE = 'create-nodeport-unset.validate';

  it.each([
    [null, 'this is missing; send an AdmissionReview of admission.k8s.io/v1'],
    [[1], 'this is a list; send an AdmissionReview of admission.k8s.io/v1'],
    ['x', '"x" is a string; send an AdmissionReview of admission.k8s.io/v1'],
    [{}, 'this is no AdmissionReview of admission.k8s.io/v1; send an AdmissionReview of admission.k8s.io/v1'],
    [
      { apiVersion: 'admission.k8s.io/v1beta1', kind: 'AdmissionReview' },
      'this is no AdmissionReview of admission.k8s.io/v1; send an AdmissionReview of admission.k8s.io/v1',
    ],
    [
      { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview' },
      'request: this is missing; send an AdmissionReview of admission.k8s.io/v1',
    ],
    [JSON.parse('{"__proto__":{"request":{}}}'), '"__proto__" is used as a key; remove it'],
    [
      JSON.parse(`${'{"request":'.repeat(3000)}1${'}'.repeat(3000)}`),
      'the input is nested deeper than 100 levels; send a Kubernetes object',
    ],
  ])('body %#', (body, expected) => {
    expect(problemsOf(body)).toEqual([expected]);
  });

  it.each([
    [{ uid: undefined }, ['request.uid: this is missing; send a uid, it comes back in the answer']],
    [{ uid: '' }, ['request.uid: this is missing; send a uid, it comes back in the answer']],
    [{ uid: 5 }, ['request.uid: 5 is a number; write a string']],
    [{ uid: 'x'.repeat(1025) }, ['request.uid: 1025 characters are too many; send a UUID']],
    [{ operation: '' }, ['request.operation: this is missing; send CREATE or UPDATE']],
    [{ operation: null }, ['request.operation: this is missing; send CREATE or UPDATE']],
    [{ resource: undefined }, ['request.resource: this is missing; send group, version and resource']],
    [{ dryRun: 'true' }, ['request.dryRun: "true" is a string; write true or false']],
    [{ object: null }, ['request.object: this is missing; CREATE of a Service needs it']],
    [{ operation: 'UPDATE' }, ['request.oldObject: this is missing; UPDATE of a Service needs it']],
    [{ userInfo: 'root' }, ['request.userInfo: "root" is a string; write an object']],
    [
      { userInfo: { username: 1, groups: [1] } },
      [
        'request.userInfo.username: 1 is a number; write a string',
        'request.userInfo.groups[0]: 1 is a number; write a string',
      ],
    ],
    [{ kind: { group: '', version: 1, kind: 'Service' } }, ['request.kind.version: 1 is a number; write a string']],
    [{ namespace: '' }, ['request.namespace: this is missing; send the namespace of the Service']],
    [
      { namespace: 'erp' },
      ['request.object.metadata.namespace: shop contradicts request.namespace: erp; send one and the same'],
    ],
    [{ name: 'db' }, ['request.object.metadata.name: web contradicts request.name: db; send one and the same']],
    [
      { object: { spec: { ports: [{ nodePort: '30080' }, { nodePort: 2 ** 31 }] } } },
      [
        'request.object.spec.ports[0].nodePort: "30080" is a string; write a whole number',
        'request.object.spec.ports[1].nodePort: 2147483648 does not fit into 32 bits; write a number from -2147483648 to 2147483647',
      ],
    ],
  ])('request %#', (fields, expected) => {
    expect(problemsOf(changed(CREATE, fields))).toEqual(expected);
  });

  it('takes the name from the request, and no user from a review without one', () => {
    const review = parse(changed(CREATE, { name: 'web', userInfo: null, object: { spec: {} } }));
    expect([review.namespace, review.name, review.user]).toEqual(['shop', 'web', '']);
  });

  it('never throws, whatever JSON it is given', () => {
    const request = fc.record(
      {
        uid: fc.oneof(fc.constant('u'), fc.jsonValue()),
        operation: fc.oneof(fc.constantFrom('CREATE', 'UPDATE', 'DELETE'), fc.jsonValue()),
        kind: fc.oneof(fc.constant({ group: '', version: 'v1', kind: 'Service' }), fc.jsonValue()),
        resource: fc.oneof(fc.constant({ group: '', version: 'v1', resource: 'services' }), fc.jsonValue()),
        namespace: fc.oneof(fc.constant('shop'), fc.jsonValue()),
        object: fc.oneof(fc.record({ metadata: fc.jsonValue(), spec: fc.jsonValue() }), fc.jsonValue()),
        oldObject: fc.oneof(fc.record({ metadata: fc.jsonValue(), spec: fc.jsonValue() }), fc.jsonValue()),
        userInfo: fc.jsonValue(),
        subResource: fc.oneof(fc.constant('status'), fc.jsonValue()),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), request), (value) => {
        for (const body of [value, { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request: value }]) {
          const result = parseReview(body, 'final');
          expect(result.ok || (result.problems.length > 0 && result.problems.length <= 20)).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
