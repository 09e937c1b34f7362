import { describe, expect, it } from 'vitest';
import type { ReportedFinding, VerdictItem, VerdictList } from '../../../src/report/verdict-list.ts';
import { remarksOn } from '../../../src/page/playground/remarks.ts';

function finding(field: string, about: Partial<ReportedFinding> = {}): ReportedFinding {
  return {
    rule: 'node-port-range',
    enforcement: 'deny',
    field,
    message: `${field}: wrong`,
    policies: ['default'],
    docs: 'docs/rules/node-port-range.md',
    ...about,
  };
}

function listOf(...findings: (readonly ReportedFinding[])[]): VerdictList {
  const object = { apiVersion: 'v1', kind: 'Service', name: 'web' };
  return {
    apiVersion: 'nodeport-gate.dev/v1alpha1',
    kind: 'VerdictList',
    policy: { hash: '' },
    summary: { objects: findings.length, allowed: 0, denied: 0, findings: { deny: 0, warn: 0, audit: 0 } },
    items: findings.map((each): VerdictItem => ({
      object,
      allowed: false,
      findings: each,
      undetermined: [],
      assigned: [],
      patch: [],
    })),
  };
}

const TEXT = 'kind: Service\nspec: {type: NodePort}\n---\nkind: Service\nspec: {type: ClusterIP}\n';

describe('remarks', () => {
  it('stand where their object is', () => {
    const list = listOf(
      [finding('spec.type')],
      [finding('spec.type', { enforcement: 'audit', exception: 'legacy' }), finding('spec.ports')],
    );
    expect(remarksOn(TEXT, { kind: 'verdicts', list })).toEqual([
      { from: 27, to: 35, enforcement: 'deny', message: 'spec.type: wrong', rule: 'node-port-range' },
      {
        from: 68,
        to: 77,
        enforcement: 'audit',
        message: 'spec.type: wrong; excused by exception legacy',
        rule: 'node-port-range',
      },
      { from: 55, to: 59, enforcement: 'deny', message: 'spec.ports: wrong', rule: 'node-port-range' },
    ]);
  });

  it('stand nowhere when the objects are others than those of the text', () => {
    expect(remarksOn(TEXT, { kind: 'verdicts', list: listOf([finding('spec.type')]) })).toEqual([]);
  });

  it('cannot disguise what they say', () => {
    const list = listOf([finding('spec.type', { message: 'spec.type: \u202Eevil\u0000' })], []);
    expect(remarksOn(TEXT, { kind: 'verdicts', list }).map(({ message }) => message)).toEqual([
      String.raw`spec.type: \u202eevil\u0000`,
    ]);
  });

  it('of a text that cannot be read', () => {
    const message = 'line 2, column 7: this is not YAML: …';
    expect(remarksOn(TEXT, { kind: 'refused', code: 'invalid-manifest', message })).toEqual([
      { from: 20, to: 36, enforcement: 'deny', message, rule: '' },
    ]);
    expect(remarksOn(TEXT, { kind: 'silent', message })).toEqual([]);
  });
});
