import { describe, expect, it } from 'vitest';
import { choices } from '../../src/allocation/choose.ts';
import { inventoryOf } from '../../src/domain/inventory.ts';
import { type Json, isJsonObject, type JsonObject } from '../../src/domain/json.ts';
import { valueAt } from '../../src/domain/path.ts';
import { anyOf } from '../../src/domain/text.ts';
import { doorsOf, post } from '../support/doors.ts';
import { reviewOf } from '../support/gate.ts';
import { manifest } from '../support/manifest.ts';
import { policyDocument, policyOf, poolDocument } from '../support/policy.ts';
import { held, managed, nodePort } from '../support/verdict-text.ts';

type App = ReturnType<typeof doorsOf>;

const RULES = policyDocument({ 'node-port-pool': {}, 'node-port-conflict': {}, 'node-port-range': {} });
const CONTACT = { contact: 'shop@example.com' };
const wide = policyOf(RULES, poolDocument('shop', '30100-30299', CONTACT));
/**
 * In 30100-30102: `web` and `g` both want 30100 most; then `web` wants 30102 and `g` wants 30101. `a` wants 30102,
 * and `job-` wants 30101, 30102, 30100.
 */
const tight = policyOf(RULES, poolDocument('shop', '30100-30102', CONTACT));

const HTTP = { name: 'http', port: 80 };

function serviceNamed(name: string, ports: readonly JsonObject[] = [HTTP]): JsonObject {
  return managed(manifest({ ...nodePort(ports), metadata: { name } }));
}

function review(object: JsonObject, overrides: JsonObject = {}): JsonObject {
  const full = reviewOf(object);
  return { ...full, request: { ...(full['request'] as JsonObject), ...overrides } };
}

async function send(app: App, door: '/mutate' | '/validate', body: JsonObject): Promise<JsonObject> {
  const { response } = await post(app, door, body);
  return isJsonObject(response) ? response : {};
}

function patchOf({ patch }: JsonObject): Json {
  return typeof patch === 'string' ? (JSON.parse(atob(patch)) as Json) : [];
}

/** The numbers that `/mutate` fills in, in the order of the ports. */
async function mutate(app: App, object: JsonObject, overrides: JsonObject = {}): Promise<readonly number[]> {
  const patch = patchOf(await send(app, '/mutate', review(object, overrides))) as readonly { readonly value: number }[];
  return patch.map(({ value }) => value);
}

async function dryRun(app: App, object: JsonObject): Promise<readonly number[]> {
  const { items } = await post(app, '/dry-run', object);
  const assigned = (items as readonly { readonly assigned: readonly { readonly nodePort: number }[] }[]).flatMap(
    (item) => item.assigned,
  );
  return assigned.map(({ nodePort: number }) => number);
}

describe('the same Service', () => {
  it('gets the same port from every door, with other Services created in between', async () => {
    const app = doorsOf(wide);
    expect(await dryRun(app, serviceNamed('web'))).toEqual([30_259]);
    expect(await mutate(app, serviceNamed('web'), { dryRun: true })).toEqual([30_259]);
    for (let at = 0; at < 20; at += 1) expect(await mutate(app, serviceNamed(`other-${at}`))).toHaveLength(1);
    expect(await dryRun(app, serviceNamed('web'))).toEqual([30_259]);
    expect(await mutate(app, serviceNamed('web'))).toEqual([30_259]);
    const created = serviceNamed('web', [{ ...HTTP, nodePort: 30_259 }]);
    expect(await send(app, '/validate', review(managed(created)))).toEqual({
      uid: 'test',
      allowed: true,
      auditAnnotations: { policy: wide.hash, assigned: 'http/TCP=30259' },
    });
  });

  it('gets the next port of its pool where its own is held', async () => {
    const app = doorsOf(wide, { inventory: inventoryOf(held(30_259)) });
    expect(await dryRun(app, serviceNamed('web'))).toEqual([30_214]);
    expect(await mutate(app, serviceNamed('web'))).toEqual([30_214]);
  });
});

describe('a full pool', () => {
  it('is a denial of /mutate that says whose it is and what to do', async () => {
    const app = doorsOf(tight, { inventory: inventoryOf(held(30_100, 30_101, 30_102)) });
    const text =
      'spec.ports[0].nodePort: pool shop, contact shop@example.com, is full, none of its 3 ports is free; ask its contact for more ports';
    expect(await send(app, '/mutate', review(serviceNamed('web')))).toEqual({
      uid: 'test',
      allowed: false,
      status: {
        code: 403,
        reason: 'Forbidden',
        message: `${text} [node-port-pool]`,
        details: {
          name: 'web',
          kind: 'Service',
          causes: [{ reason: 'node-port-pool', field: 'spec.ports[0].nodePort', message: text }],
        },
      },
      auditAnnotations: { policy: tight.hash, findings: 'deny node-port-pool' },
    });
  });
});

describe('Services created at the same time, before the inventory knows them', () => {
  it("do not get each other's ports, and each gets its own back", async () => {
    const app = doorsOf(tight);
    expect(await mutate(app, serviceNamed('web'))).toEqual([30_100]);
    expect(await mutate(app, serviceNamed('g'))).toEqual([30_101]);
    expect(await mutate(app, serviceNamed('g'), { uid: 'retry' })).toEqual([30_101]);
    expect(await mutate(app, serviceNamed('web'), { uid: 'retry' })).toEqual([30_100]);
    expect(await mutate(app, serviceNamed('a'))).toEqual([30_102]);
  });

  it('cannot exhaust a pool: only holders can', async () => {
    const app = doorsOf(tight);
    for (const name of ['web', 'g', 'a']) await mutate(app, serviceNamed(name));
    // What was given first is the least likely to be still on its way.
    expect(await mutate(app, serviceNamed('b'))).toEqual([30_100]);
    expect(await mutate(app, serviceNamed('c'))).toEqual([30_101]);
    const full = doorsOf(tight, { inventory: inventoryOf(held(30_101, 30_102)) });
    expect(await mutate(full, serviceNamed('g'))).toEqual([30_100]);
    expect(await mutate(full, serviceNamed('web'))).toEqual([30_100]);
  });

  it('are not remembered for a Service that /validate will deny: it must not keep a port from others', async () => {
    const strict = policyOf(
      policyDocument({ 'node-port-pool': {}, 'external-traffic-policy': {} }),
      poolDocument('shop', '30100-30102'),
    );
    const app = doorsOf(strict);
    const local = managed(
      manifest({ ...nodePort([HTTP], { externalTrafficPolicy: 'Local' }), metadata: { name: 'web' } }),
    );
    expect(await mutate(app, serviceNamed('g'))).toEqual([30_100]);
    expect(await mutate(app, local)).toEqual([30_100]);
    expect(await mutate(app, serviceNamed('g'))).toEqual([30_101]);
  });

  it('are not remembered from a dry run, nor from a denial', async () => {
    const app = doorsOf(tight);
    await mutate(app, serviceNamed('web'), { dryRun: true });
    await dryRun(app, serviceNamed('web'));
    const denied = serviceNamed('web', [HTTP, { name: 'bad', port: 81, nodePort: 22 }]);
    expect((await send(app, '/mutate', review(denied)))['allowed']).toBe(false);
    expect(await mutate(app, serviceNamed('g'))).toEqual([30_100]);
  });

  it('made from one generateName get different ports, which /validate recognises', async () => {
    const app = doorsOf(tight);
    const generated = (metadata: JsonObject, port: JsonObject = HTTP): JsonObject =>
      managed(manifest({ ...nodePort([port]), metadata: { name: '', generateName: 'job-', ...metadata } }));
    expect(await mutate(app, generated({}), { uid: 'one' })).toEqual([30_101]);
    expect(await mutate(app, generated({}), { uid: 'two' })).toEqual([30_102]);
    expect(await mutate(app, generated({}), { uid: 'three' })).toEqual([30_100]);
    for (const [name, number] of [
      ['job-aaaaa', 30_101],
      ['job-bbbbb', 30_102],
      ['job-ccccc', 30_100],
    ] as const) {
      const object = managed(generated({ name }, { ...HTTP, nodePort: number }));
      expect(await send(app, '/validate', review(object, { uid: `${name}-final` }))).toEqual({
        uid: `${name}-final`,
        allowed: true,
        auditAnnotations: { policy: tight.hash, assigned: `http/TCP=${number}` },
      });
    }
  });

  it('in one dry run are judged each as if those before it existed', async () => {
    const app = doorsOf(tight);
    const generated = manifest({ ...nodePort([HTTP]), metadata: { name: '', generateName: 'job-' } });
    const list = { apiVersion: 'v1', kind: 'List', items: [generated, generated, manifest(serviceNamed('web'))] };
    expect(await dryRun(app, list)).toEqual([30_101, 30_102, 30_100]);
    expect(await mutate(app, serviceNamed('web'))).toEqual([30_100]);
  });
});

describe('the second round of a reinvocation', () => {
  /** What round 1 patched is in the object, and nobody owns it; the uid is another. */
  async function rounds(object: JsonObject, second: JsonObject): Promise<readonly JsonObject[]> {
    const app = doorsOf(tight);
    await mutate(app, serviceNamed('g'), { uid: 'before' });
    const round1 = await send(app, '/mutate', review(object, { uid: 'round' }));
    const round2 = await send(app, '/mutate', review(second, { uid: 'round' }));
    return [round1, round2];
  }

  it('patches nothing and says the same in its auditAnnotations', async () => {
    const [round1 = {}, round2 = {}] = await rounds(
      serviceNamed('web'),
      serviceNamed('web', [{ ...HTTP, nodePort: 30_102 }]),
    );
    expect(patchOf(round1)).toEqual([{ op: 'add', path: '/spec/ports/0/nodePort', value: 30_102 }]);
    const auditAnnotations = { policy: tight.hash, assigned: 'http/TCP=30102' };
    expect(round1['auditAnnotations']).toEqual(auditAnnotations);
    expect(round2).toEqual({ uid: 'round', allowed: true, auditAnnotations });
  });

  it('does so with generateName, although the uid of the second call is another', async () => {
    const app = doorsOf(tight);
    const object = (port: JsonObject): JsonObject =>
      managed(manifest({ ...nodePort([port]), metadata: { name: '', generateName: 'job-' } }));
    const round1 = await send(app, '/mutate', review(object(HTTP), { uid: 'one' }));
    const round2 = await send(app, '/mutate', review(object({ ...HTTP, nodePort: 30_101 }), { uid: 'two' }));
    expect(patchOf(round1)).toEqual([{ op: 'add', path: '/spec/ports/0/nodePort', value: 30_101 }]);
    expect(round2).toEqual({ uid: 'two', allowed: true, auditAnnotations: round1['auditAnnotations'] });
  });
});

const THREE = Uint16Array.of(30_100, 30_101, 30_102);
const NOTHING_TAKEN = { isTaken: () => false, lastResortOrder: () => undefined };

describe('a Service with 20,000 ports', () => {
  const positions = Array.from({ length: 20_000 }, (_, at) => at);
  const many = (port: JsonObject): JsonObject =>
    managed(
      serviceNamed(
        'web',
        positions.map((at) => ({ name: `p${at}`, port: at + 1, ...port })),
      ),
      positions,
    );

  it('without numbers is told once that the pool is full', async () => {
    const { allowed, status } = await send(doorsOf(tight), '/mutate', review(many({})));
    const message =
      'spec.ports[2].nodePort: pool shop, contact shop@example.com, is full, none of its 3 ports is free; ask its contact for more ports';
    expect([allowed, valueAt(status, ['details', 'causes'])]).toEqual([
      false,
      [{ reason: 'node-port-pool', field: 'spec.ports[2].nodePort', message }],
    ]);
  });

  it('with wrong numbers is told about the first fifty', async () => {
    const { allowed, status } = await send(doorsOf(tight), '/validate', review(many({ nodePort: 40_000 })));
    const sentences = Array.from({ length: 50 }, (_, at) => {
      const free = choices(`shop/web/p${at}/TCP`, THREE, NOTHING_TAKEN, 3);
      return `spec.ports[${at}].nodePort: 40000 is outside 30100-30102 (pool shop); use ${anyOf(free)}`;
    });
    const message = sentences.map((sentence) => `${sentence} [node-port-range]`).join('; ');
    expect([allowed, valueAt(status, ['message'])]).toEqual([false, `${message}; and 50 more`]);
    expect(valueAt(status, ['details', 'causes'])).toEqual(
      sentences.map((sentence, at) => ({
        reason: 'node-port-range',
        field: `spec.ports[${at}].nodePort`,
        message: sentence,
      })),
    );
  });
});

describe('wrong ports', () => {
  const wrong = (count: number): JsonObject =>
    manifest(nodePort(Array.from({ length: count }, (_, at) => ({ port: at + 1, nodePort: 40_000 }))));

  it('are remarked on a hundred times at most, by each rule', async () => {
    const { summary } = await post(doorsOf(tight), '/dry-run', wrong(20_000));
    expect(summary).toEqual({ objects: 1, allowed: 0, denied: 1, findings: { deny: 100, warn: 0, audit: 0 } });
  });

  it('are not even read when they are more than a Service can have', async () => {
    const app = doorsOf(tight);
    const message = 'spec.ports: 20001 ports are more than a Service can have; write at most 20000';
    expect(await post(app, '/dry-run', wrong(20_001))).toEqual({ error: { code: 'invalid-manifest', message } });
    expect(await post(app, '/validate', review(wrong(20_001)))).toEqual({
      error: { code: 'invalid-review', message: `request.object.${message}` },
    });
  });
});
