import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerReview } from '../../src/wire/admission-answer.ts';

const ALLOWED = { allowed: true, message: '', causes: [], patch: [], warnings: [], auditAnnotations: {}, name: 'web' };

describe('answerReview', () => {
  it('allows without a word', () => {
    expect(answerReview('u-1', ALLOWED)).toEqual({
      apiVersion: 'admission.k8s.io/v1',
      kind: 'AdmissionReview',
      response: { uid: 'u-1', allowed: true },
    });
  });

  it('allows with patch, warnings and audit annotations', () => {
    const answer = answerReview('u-1', {
      ...ALLOWED,
      patch: [{ op: 'add', path: '/spec/ports/0/nodePort', value: 30104 }],
      warnings: ['spec.type: LoadBalancer is wide'],
      auditAnnotations: { policy: 'sha256:1' },
    });
    expect(answer).toEqual({
      apiVersion: 'admission.k8s.io/v1',
      kind: 'AdmissionReview',
      response: {
        uid: 'u-1',
        allowed: true,
        patch: Buffer.from('[{"op":"add","path":"/spec/ports/0/nodePort","value":30104}]').toString('base64'),
        patchType: 'JSONPatch',
        warnings: ['spec.type: LoadBalancer is wide'],
        auditAnnotations: { policy: 'sha256:1' },
      },
    });
  });

  it('denies with every cause, never with a patch', () => {
    const answer = answerReview('u-1', {
      allowed: false,
      message: 'spec.type: x [service-type]; unknown [node-port-pool]',
      causes: [
        { rule: 'service-type', field: 'spec.type', message: 'spec.type: x' },
        { rule: 'node-port-pool', message: 'unknown' },
      ],
      patch: [{ op: 'add', path: '/spec/ports/0/nodePort', value: 30104 }],
      warnings: ['careful'],
      auditAnnotations: {},
      name: 'web',
    });
    expect(answer).toEqual({
      apiVersion: 'admission.k8s.io/v1',
      kind: 'AdmissionReview',
      response: {
        uid: 'u-1',
        allowed: false,
        status: {
          code: 403,
          reason: 'Forbidden',
          message: 'spec.type: x [service-type]; unknown [node-port-pool]',
          details: {
            name: 'web',
            kind: 'Service',
            causes: [
              { reason: 'service-type', field: 'spec.type', message: 'spec.type: x' },
              { reason: 'node-port-pool', message: 'unknown' },
            ],
          },
        },
        warnings: ['careful'],
      },
    });
  });

  it('leaves an unknown name out', () => {
    const answer = answerReview('u-1', { ...ALLOWED, allowed: false, message: 'no', name: '' });
    expect(answer).toEqual({
      apiVersion: 'admission.k8s.io/v1',
      kind: 'AdmissionReview',
      response: {
        uid: 'u-1',
        allowed: false,
        status: { code: 403, reason: 'Forbidden', message: 'no', details: { kind: 'Service', causes: [] } },
      },
    });
  });

  it('encodes any text in a patch so that it decodes to the same', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const patch = [{ op: 'add', path: '/spec/type', value } as const];
        const { response } = answerReview('u', { ...ALLOWED, patch }) as { response: { patch: string } };
        expect(JSON.parse(Buffer.from(response.patch, 'base64').toString('utf8'))).toEqual(patch);
      }),
    );
  });
});
