import type { FastifyInstance } from 'fastify';
import { afterAll, describe, expect, it } from 'vitest';
import { auditCluster } from '../../src/audit/audit.ts';
import { inventoryOf } from '../../src/domain/inventory.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { pod, snapshotOf } from '../audit/cluster.ts';
import { doorsOf } from '../support/doors.ts';
import { serviceOf } from '../support/manifest.ts';
import { NOW } from '../support/now.ts';
import { policyDocument, policyOf, poolDocument } from '../support/policy.ts';

const policy = policyOf(
  policyDocument(
    { 'node-port-range': {}, 'node-port-conflict': {}, 'node-port-pool': {} },
    { match: { excludeNamespaces: ['exempt'] } },
  ),
  poolDocument('shop', '30100-30104', { reserved: ['30101'], contact: 'shop@example.com' }),
);
const inventory = inventoryOf([
  serviceOf({
    metadata: { name: 'api' },
    spec: { type: 'NodePort', ports: [{ name: 'grpc', port: 9000, nodePort: 30100 }] },
  }),
  serviceOf({
    metadata: { name: 'old', namespace: 'legacy' },
    spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 32000 }] },
  }),
  serviceOf({
    metadata: { name: 'moved', namespace: 'legacy' },
    spec: { type: 'ExternalName', externalName: 'a.example.com', ports: [{ port: 80, nodePort: 30103 }] },
  }),
]);
const app = doorsOf(policy, { inventory });

afterAll(async () => {
  await app.close();
});

interface Sent {
  readonly status: number;
  readonly type: unknown;
  readonly text: string;
  readonly json: JsonObject;
}

async function send(
  method: 'GET' | 'POST',
  url: string,
  payload = '',
  headers: Record<string, string> = {},
): Promise<Sent> {
  const answer = await app.inject({ method, url, payload, headers: { host: 'localhost', ...headers } });
  const isJson = answer.headers['content-type']?.toString().startsWith('application/json');
  return {
    status: answer.statusCode,
    type: answer.headers['content-type'],
    text: answer.body,
    json: isJson === true ? answer.json<JsonObject>() : {},
  };
}

async function freeIn(gate: FastifyInstance): Promise<JsonObject> {
  const answer = await gate.inject({ url: '/ports/free?namespace=shop', headers: { host: 'localhost' } });
  return answer.json<JsonObject>();
}

async function dryRun(query: string, body: string): Promise<JsonObject> {
  return (await send('POST', `/dry-run${query}`, body, { accept: 'application/json' })).json;
}

function fault(code: string, message: string): JsonObject {
  return { error: { code, message } };
}

const WEB =
  '{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {type: NodePort, ports: [{port: 80}]}}';

describe('POST /dry-run', () => {
  it('answers what plain curl sends with text for people', async () => {
    const headers = { accept: '*/*', 'content-type': 'application/x-www-form-urlencoded' };
    const { status, type, text } = await send('POST', '/dry-run', WEB, headers);
    expect([status, type]).toEqual([200, 'text/plain; charset=utf-8']);
    expect(text.split('\n').slice(0, 2)).toEqual([
      'shop/web: allowed',
      '  port   80/TCP 30102 from pool shop (chosen by the hash of its name: the same again, as long as it is free)',
    ]);
  });

  it.each([
    ['application/json', 'application/json; charset=utf-8'],
    ['application/json, */*;q=0.5', 'application/json; charset=utf-8'],
    ['text/plain, application/json', 'text/plain; charset=utf-8'],
    ['text/plain', 'text/plain; charset=utf-8'],
    ['text/html', 'text/plain; charset=utf-8'],
    ['', 'text/plain; charset=utf-8'],
  ])('answers Accept: %s with %s', async (accept, type) => {
    expect((await send('POST', '/dry-run', WEB, { accept })).type).toBe(type);
  });

  it.each(['text/yaml', 'application/json', 'yaml', 'multipart/form-data', ''])(
    'takes Content-Type: %s',
    async (type) => {
      expect((await send('POST', '/dry-run', WEB, { 'content-type': type })).status).toBe(200);
    },
  );

  it('gives the same port every time and remembers nothing', async () => {
    const first = await dryRun('', WEB);
    await dryRun('', WEB.replace('name: web', 'name: other'));
    expect(await dryRun('', WEB)).toEqual(first);
  });

  it('judges the objects in order, each with those before it: two cannot have one port', async () => {
    const fixed = (name: string): string =>
      WEB.replace('name: web', `name: ${name}`).replace('port: 80', 'port: 80, nodePort: 30103');
    const list = await dryRun('', `${fixed('first')}\n---\n${fixed('second')}\n`);
    expect(list['items']).toMatchObject([
      { object: { name: 'first' }, allowed: true },
      {
        object: { name: 'second' },
        allowed: false,
        findings: [{ rule: 'node-port-conflict', holder: { name: 'first' } }],
      },
    ]);
  });

  it('gives two Services of one generateName two ports', async () => {
    const made = WEB.replace('name: web', 'generateName: web-');
    const { items } = await dryRun('', `${made}\n---\n${made}\n`);
    const ports = JSON.stringify(items).match(/"nodePort":\d+/g) ?? [];
    expect([ports.length, new Set(ports).size]).toEqual([2, 2]);
  });

  it('lets a Service that runs already keep its port, although the manifest does not say it', async () => {
    const api =
      '{apiVersion: v1, kind: Service, metadata: {name: api, namespace: shop}, spec: {type: NodePort, ports: [{name: grpc, port: 9000}]}}';
    expect((await dryRun('', api))['items']).toMatchObject([
      { allowed: true, assigned: [{ port: 'grpc', protocol: 'TCP', nodePort: 30100, pool: 'shop', because: 'kept' }] },
    ]);
  });

  it('has one item for each object, also for those it leaves alone', async () => {
    const list = await dryRun(
      '',
      `{apiVersion: v1, kind: ConfigMap, metadata: {name: c}}\n---\n${WEB.replace('namespace: shop', 'namespace: exempt')}`,
    );
    expect(list).toEqual({
      apiVersion: 'nodeport-gate.dev/v1alpha1',
      kind: 'VerdictList',
      policy: { hash: policy.hash },
      summary: { objects: 2, allowed: 2, denied: 0, findings: { deny: 0, warn: 0, audit: 0 } },
      items: [
        {
          object: { apiVersion: 'v1', kind: 'ConfigMap', name: 'c' },
          allowed: true,
          untouched: 'it is no Service',
          findings: [],
          undetermined: [],
          assigned: [],
          patch: [],
        },
        {
          object: { apiVersion: 'v1', kind: 'Service', namespace: 'exempt', name: 'web' },
          allowed: true,
          untouched: 'no policy matches it',
          findings: [],
          undetermined: [],
          assigned: [],
          patch: [],
        },
      ],
    });
  });

  it('takes the namespace from the query where the manifest has none', async () => {
    const bare = WEB.replace(', namespace: shop', '');
    const objects = [await dryRun('', bare), await dryRun('?namespace=shop', bare)].map(({ items }) => items);
    expect(objects).toMatchObject([[{ object: { namespace: 'default' } }], [{ object: { namespace: 'shop' } }]]);
  });

  it.each([
    ['?fail=true', 422],
    ['?fail=false', 200],
    ['', 200],
  ])('with %s answers a denial with %i', async (query, status) => {
    const outside = WEB.replace('port: 80', 'port: 80, nodePort: 29999');
    expect((await send('POST', `/dry-run${query}`, outside)).status).toBe(status);
  });

  it('answers ?fail=true with 200 when nothing is denied', async () => {
    expect((await send('POST', '/dry-run?fail=true', WEB)).status).toBe(200);
  });

  it.each([
    ['?operation=DELETE', 'invalid-parameter', 'operation: "DELETE" is not possible; use CREATE or UPDATE'],
    ['?fail=yes', 'invalid-parameter', 'fail: "yes" is not possible; use true or false'],
    ['?fail=true&fail=false', 'invalid-parameter', 'fail is given twice; send it once'],
    [
      '?namespace=',
      'invalid-parameter',
      'namespace: "" is no namespace; use lower case letters, digits and -, at most 63',
    ],
    ['?namspace=shop', 'unknown-parameter', 'namspace is no parameter of this route; use namespace, operation or fail'],
    ['?__proto__=x', 'unknown-parameter', '__proto__ is no parameter of this route; use namespace, operation or fail'],
  ])('refuses %s', async (query, code, message) => {
    const { status, json } = await send('POST', `/dry-run${query}`, WEB);
    expect([status, json]).toEqual([400, fault(code, message)]);
  });

  it.each([
    ['nothing', '', 'nothing to judge; send a Service, a List or an AdmissionReview as YAML or JSON'],
    [
      'a Service without a name',
      '{apiVersion: v1, kind: Service, spec: {}}',
      'metadata.name: this is missing; write a name, or generateName',
    ],
    [
      'a review of another version',
      `{apiVersion: admission.k8s.io/v1beta1, kind: AdmissionReview}\n---\n${WEB}`,
      'document 1: this is no AdmissionReview of admission.k8s.io/v1; send an AdmissionReview of admission.k8s.io/v1',
    ],
  ])('refuses %s', async (_, body, message) => {
    const { status, json } = await send('POST', '/dry-run', body);
    expect([status, json]).toEqual([400, fault('invalid-manifest', message)]);
  });

  it('refuses bytes that are no UTF-8', async () => {
    const answer = await app.inject({
      method: 'POST',
      url: '/dry-run',
      payload: Buffer.from([0xff]),
      headers: { host: 'localhost' },
    });
    expect([answer.statusCode, answer.json()]).toEqual([
      400,
      fault('malformed-text', 'the body is not UTF-8; send it in UTF-8'),
    ]);
  });
});

describe('GET', () => {
  it('/policy tells the hash and the documents', async () => {
    expect((await send('GET', '/policy')).json).toEqual({ hash: policy.hash, documents: policy.documents });
  });

  it('/ports maps who holds what, with the pool where there is one', async () => {
    expect((await send('GET', '/ports')).json).toEqual({
      apiVersion: 'nodeport-gate.dev/v1alpha1',
      kind: 'PortMap',
      policy: { hash: policy.hash },
      range: '30000-32767',
      ports: [
        { nodePort: 30100, protocol: 'TCP', namespace: 'shop', name: 'api', port: 'grpc', pool: 'shop', marks: [] },
        { nodePort: 32000, protocol: 'TCP', namespace: 'legacy', name: 'old', port: '80', marks: ['unowned'] },
      ],
      squatters: [
        { nodePort: 30103, protocol: 'TCP', namespace: 'legacy', name: 'moved', port: '80', pool: 'shop', victims: [] },
      ],
      hostPorts: [],
      services: [],
      pools: [
        {
          name: 'shop',
          contact: 'shop@example.com',
          ports: '30100-30104',
          reserved: '30101',
          priority: 1000,
          assign: true,
          size: 5,
          held: 1,
          free: 2,
        },
      ],
      notKnown: [],
    });
  });

  it.each([
    ['', [30102, 30104]],
    ['&count=1', [30102]],
    ['&count=100', [30102, 30104]],
  ])(
    '/ports/free lists what is neither held nor reserved, nor carried by an ExternalName (%s)',
    async (query, free) => {
      const { json } = await send('GET', `/ports/free?namespace=shop${query}`);
      expect(json).toEqual({ pool: 'shop', contact: 'shop@example.com', free });
    },
  );

  it('/ports/free lists nothing that a pod takes on its node, as far as the last audit knows', async () => {
    const taken = pod('ops/proxy', [
      { containerPort: 80, hostPort: 30102 },
      { containerPort: 81, hostPort: 30104 },
    ]);
    const { map } = auditCluster(snapshotOf([], { pods: [taken] }), policy, NOW);
    const audit = { last: () => ({ at: NOW, map, findings: [] }), remarks: () => [] };
    expect(await freeIn(doorsOf(policy, { audit }))).toEqual({
      pool: 'shop',
      contact: 'shop@example.com',
      free: [30100, 30103],
    });
  });

  it('/ports/free says when not all Services are known, so that what looks free may be held', async () => {
    expect(await freeIn(doorsOf(policy, { inventory: inventoryOf([], false) }))).toEqual({
      pool: 'shop',
      contact: 'shop@example.com',
      free: [30100, 30102, 30103],
      complete: false,
    });
  });

  it.each([
    ['', 400, 'missing-parameter', 'namespace is missing; send ?namespace=NAME'],
    [
      '?namespace=Shop',
      400,
      'invalid-parameter',
      'namespace: "Shop" is no namespace; use lower case letters, digits and -, at most 63',
    ],
    ['?namespace=shop&count=0', 400, 'invalid-parameter', 'count: "0" is not possible; use 1 to 100'],
    ['?namespace=shop&count=101', 400, 'invalid-parameter', 'count: "101" is not possible; use 1 to 100'],
    ['?namespace=shop&count=1e2', 400, 'invalid-parameter', 'count: "1e2" is not possible; use 1 to 100'],
    [
      '?namespace=other',
      404,
      'no-pool',
      'a NodePort Service of namespace other has no pool; see /policy for the pools',
    ],
  ])('/ports/free%s is refused', async (query, status, code, message) => {
    const { status: given, json } = await send('GET', `/ports/free${query}`);
    expect([given, json]).toEqual([status, fault(code, message)]);
  });

  it('knows no routes but its own', async () => {
    const { status, json } = await send('GET', '/metrics');
    expect([status, json]).toEqual([404, fault('not-found', 'GET /metrics is no route of this listener')]);
  });
});
