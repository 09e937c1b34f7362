import { readFileSync } from 'node:fs';
import { connect } from 'node:tls';
import { afterAll, describe, expect, it } from 'vitest';
import { makeAuthority } from '../../src/tls/authority.ts';
import { policyDocument, policyOf, poolDocument } from '../support/policy.ts';
import { startTlsGate } from './tls-gate.ts';

const policy = policyOf(
  policyDocument({ 'node-port-range': {}, protocols: { allowed: ['TCP'], enforcement: 'warn' } }),
  poolDocument('shop', '30100-30199', { contact: 'shop@example.com' }),
);
const running = await startTlsGate(policy);

afterAll(async () => {
  await running.close();
});

function review(request: object): string {
  return JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request });
}

function createWeb(spec: object, overrides: object = {}): string {
  return review({
    uid: 'uid-1',
    kind: { group: '', version: 'v1', kind: 'Service' },
    resource: { group: '', version: 'v1', resource: 'services' },
    name: 'web',
    namespace: 'shop',
    operation: 'CREATE',
    userInfo: { username: 'jane', groups: ['system:authenticated'] },
    object: { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'shop' }, spec },
    ...overrides,
  });
}

const unset = createWeb({ type: 'NodePort', ports: [{ name: 'http', port: 80, protocol: 'TCP' }] });

describe('POST /mutate', () => {
  it('answers an AdmissionReview with the patch, and logs one line', async () => {
    const answer = await running.send('/mutate?timeout=2s', unset);
    const assigned = /=(\d+)$/.exec(JSON.stringify(answer.json).match(/"assigned":"([^"]+)"/)?.[1] ?? '')?.[1];
    const nodePort = Number(assigned);
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(answer.json).toEqual({
      apiVersion: 'admission.k8s.io/v1',
      kind: 'AdmissionReview',
      response: {
        uid: 'uid-1',
        allowed: true,
        patch: Buffer.from(JSON.stringify([{ op: 'add', path: '/spec/ports/0/nodePort', value: nodePort }])).toString(
          'base64',
        ),
        patchType: 'JSONPatch',
        auditAnnotations: { policy: policy.hash, assigned: `http/TCP=${nodePort}` },
      },
    });
    expect(running.logged().at(-1)).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      uid: 'uid-1',
      operation: 'CREATE',
      namespace: 'shop',
      name: 'web',
      user: 'jane',
      dryRun: false,
      door: 'mutate',
      decision: 'mutate',
      rules: [],
      assigned: [`http/TCP=${nodePort}`],
      policy: policy.hash,
      durationMs: expect.any(Number),
      msg: 'decision',
    });
  });

  it('remembers the port for its owner, but not after a dry run', async () => {
    const alone = await startTlsGate(policy);
    try {
      const dry = createWeb({ type: 'NodePort', ports: [{ port: 80 }] }, { dryRun: true });
      await alone.send('/mutate', dry);
      const before = alone.gate.reservations.view(alone.gate.now().getTime());
      const real = await alone.send('/mutate', dry.replace('"dryRun":true', '"dryRun":false'));
      const nodePort = Number(/TCP=(\d+)/.exec(real.text)?.[1]);
      const after = alone.gate.reservations.view(alone.gate.now().getTime()).of(nodePort);
      expect([before.of(nodePort), after?.owner, after?.key]).toEqual([undefined, 'shop/web', 'shop/web/80/TCP']);
    } finally {
      await alone.close();
    }
  });
});

describe('POST /validate', () => {
  const outside = createWeb({
    type: 'NodePort',
    ports: [{ name: 'http', port: 80, protocol: 'SCTP', nodePort: 29999 }],
  });

  it('denies with status 200, code 403 and one cause for each finding', async () => {
    const answer = await running.send('/validate', outside);
    const message = 'spec.ports[0].nodePort: 29999 is outside 30100-30199 (pool shop); use 30158, 30152 or 30150';
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual({
      apiVersion: 'admission.k8s.io/v1',
      kind: 'AdmissionReview',
      response: {
        uid: 'uid-1',
        allowed: false,
        status: {
          code: 403,
          reason: 'Forbidden',
          message: `${message} [node-port-range]`,
          details: {
            name: 'web',
            kind: 'Service',
            causes: [
              {
                reason: 'node-port-range',
                field: 'spec.ports[0].nodePort',
                message,
              },
            ],
          },
        },
        warnings: ['spec.ports[0].protocol: SCTP is not allowed; use TCP [protocols]'],
        auditAnnotations: {
          policy: policy.hash,
          findings: 'deny node-port-range; warn protocols',
          assigned: 'http/SCTP=29999',
        },
      },
    });
    expect(running.logged().at(-1)).toMatchObject({ door: 'validate', decision: 'deny' });
  });

  it('has at most 50 causes, and says in the message how many more there are', async () => {
    const ports = Array.from({ length: 60 }, (_, index) => ({
      name: `p${index}`,
      port: index + 1,
      nodePort: 1000 + index,
    }));
    const { json } = await running.send('/validate', createWeb({ type: 'NodePort', ports }));
    const { status } = (json as { response: { status: { message: string; details: { causes: { field: string }[] } } } })
      .response;
    expect([status.details.causes.map(({ field }) => field), status.message.split('; ').at(-1)]).toEqual([
      Array.from({ length: 50 }, (_, index) => `spec.ports[${index}].nodePort`),
      'and 10 more',
    ]);
  });

  it('leaves a recorded delete alone, without asking the policy', async () => {
    const body = readFileSync('test/fixtures/reviews/delete.validate.json');
    const uid = /"uid": "([^"]+)"/.exec(body.toString())?.[1];
    const answer = await running.send('/validate', body);
    expect(answer.json).toEqual({
      apiVersion: 'admission.k8s.io/v1',
      kind: 'AdmissionReview',
      response: { uid, allowed: true },
    });
    expect(running.logged().at(-1)).toMatchObject({ operation: 'DELETE', decision: 'untouched', policy: '' });
  });
});

describe('without a policy', () => {
  it('answers 503 to what it would have to judge, and still leaves deletes alone', async () => {
    const bare = await startTlsGate(undefined);
    try {
      const judged = await bare.send('/validate', unset);
      const untouched = await bare.send('/validate', readFileSync('test/fixtures/reviews/delete.validate.json'));
      expect([judged.status, judged.json, untouched.status]).toEqual([
        503,
        {
          error: {
            code: 'no-policy',
            message: 'no policy is loaded; see /readyz on the operations port or the log of the gate',
          },
        },
        200,
      ]);
    } finally {
      await bare.close();
    }
  });
});

describe('--client-ca', () => {
  it('lets in only callers with a certificate of that authority', async () => {
    const { generate } = await import('selfsigned');
    const now = new Date();
    const authority = await makeAuthority(now);
    const client = await generate([{ name: 'commonName', value: 'kube-apiserver' }], {
      keyType: 'ec',
      algorithm: 'sha256',
      ca: authority,
    });
    const guarded = await startTlsGate(policy, { clientCa: authority.cert });
    try {
      const known = await guarded.send('/validate', unset, { cert: client.cert, key: client.private });
      const unknown = guarded.send('/validate', unset, { agent: false, ca: guarded.ca });
      expect(known.status).toBe(200);
      await expect(unknown).rejects.toThrow(/certificate required|ECONNRESET|EPIPE|socket hang up/);
    } finally {
      await guarded.close();
    }
  });
});

describe('the TLS listener', () => {
  it.each(['TLSv1.2', 'TLSv1.3'] as const)('speaks %s with HTTP/1.1', async (version) => {
    const socket = connect({
      port: running.port,
      host: '127.0.0.1',
      servername: 'nodeport-gate.nodeport-gate.svc',
      ca: running.ca,
      minVersion: version,
      maxVersion: version,
      ALPNProtocols: ['h2', 'http/1.1'],
    });
    await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
    expect([socket.getProtocol(), socket.alpnProtocol, socket.authorized]).toEqual([version, 'http/1.1', true]);
    socket.destroy();
  });

  it('refuses TLS 1.1', async () => {
    const socket = connect({
      port: running.port,
      host: '127.0.0.1',
      ca: running.ca,
      minVersion: 'TLSv1.1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    });
    await expect(
      new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject)),
    ).rejects.toThrow(/protocol version/);
  });

  it('keeps an idle connection longer than an API server does (90 s)', async () => {
    const answer = await running.send('/validate', unset);
    expect(answer.headers['keep-alive']).toBe('timeout=120');
  });
});
