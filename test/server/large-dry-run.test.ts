import { describe, expect, it } from 'vitest';
import { admissionDoors } from '../../src/server/admission.ts';
import { makeApp } from '../../src/server/app.ts';
import { makeLog } from '../../src/server/decision-log.ts';
import { openDoors } from '../../src/server/doors.ts';
import { doorsOf } from '../support/doors.ts';
import { openGate } from '../support/open-gate.ts';
import { policyDocument, policyOf } from '../support/policy.ts';

const policy = policyOf(policyDocument({ 'node-port-range': {} }));

function listOf(count: number, kind: string): string {
  const items = Array.from({ length: count }, (_, index) => ({
    apiVersion: 'v1',
    kind,
    metadata: { name: `web-${index}`, namespace: 'shop' },
    spec: { type: 'ClusterIP', ports: [{ port: 80 }] },
  }));
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
}

const headers = { host: 'localhost', accept: 'application/json' };

describe('a large /dry-run', () => {
  it('lets admission through in between', async () => {
    const doors: string[] = [];
    let asked: Promise<unknown> | undefined;
    const review = JSON.stringify({
      apiVersion: 'admission.k8s.io/v1',
      kind: 'AdmissionReview',
      request: {
        uid: 'uid-1',
        kind: { group: '', version: 'v1', kind: 'Service' },
        resource: { group: '', version: 'v1', resource: 'services' },
        name: 'web',
        namespace: 'shop',
        operation: 'CREATE',
        object: { metadata: { name: 'web', namespace: 'shop' }, spec: { ports: [{ port: 80 }] } },
      },
    });
    const gate = openGate({
      policy,
      log: makeLog('info', {
        write: (line) => {
          doors.push((JSON.parse(line) as { door: string }).door);
          asked ??= app.inject({
            method: 'POST',
            url: '/validate',
            headers: { 'content-type': 'application/json' },
            payload: review,
          });
        },
      }),
    });
    const app = makeApp(gate);
    app.register((scope, _options, done) => {
      admissionDoors(scope, gate);
      done();
    });
    openDoors(app, gate, '127.0.0.1');
    const answer = await app.inject({ method: 'POST', url: '/dry-run', headers, payload: listOf(5000, 'Service') });
    await asked;
    const place = doors.indexOf('validate');
    expect([answer.statusCode, doors.length, place > 0 && place < 4000]).toEqual([200, 5001, true]);
    await app.close();
  });

  it.each([
    ['takes 10,000 objects', 10_000, 200],
    ['refuses one more', 10_001, 413],
  ])('%s', async (_, count, status) => {
    const app = doorsOf(policy);
    const answer = await app.inject({ method: 'POST', url: '/dry-run', headers, payload: listOf(count, 'ConfigMap') });
    expect(answer.statusCode).toBe(status);
    if (status === 413) {
      expect(answer.json()).toEqual({
        error: {
          code: 'too-many-objects',
          message: '10001 objects are more than one request may have; send at most 10000 at once',
        },
      });
    }
    await app.close();
  });
});
