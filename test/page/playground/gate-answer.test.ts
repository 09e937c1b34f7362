import { describe, expect, it } from 'vitest';
import { answerSummary } from '../../../src/page/playground/answer-summary.ts';
import { placeOfRefusal, readAnswer } from '../../../src/page/playground/gate-answer.ts';

const LIST = {
  apiVersion: 'nodeport-gate.dev/v1alpha1',
  kind: 'VerdictList',
  policy: { hash: 'sha256:0' },
  summary: { objects: 0, allowed: 0, denied: 0, findings: { deny: 0, warn: 0, audit: 0 } },
  items: [],
};

describe('what comes back', () => {
  it('verdicts', () => {
    expect(readAnswer(200, JSON.stringify(LIST))).toEqual({ kind: 'verdicts', list: LIST });
  });

  it.each([
    [
      400,
      '{"error":{"code":"invalid-manifest","message":"m"}}',
      { kind: 'refused', code: 'invalid-manifest', message: 'm' },
    ],
    [
      413,
      '{"error":{"code":"body-too-large","message":"m"}}',
      { kind: 'refused', code: 'body-too-large', message: 'm' },
    ],
    [503, '{"error":{"code":"no-policy","message":"m"}}', { kind: 'silent', message: 'm' }],
    [502, '<html>bad gateway</html>', { kind: 'silent', message: 'status 502 is no verdict' }],
    [200, 'null', { kind: 'silent', message: 'status 200 is no verdict' }],
    [200, '{"kind":"VerdictList"}', { kind: 'silent', message: 'status 200 is no verdict' }],
    [200, '', { kind: 'silent', message: 'status 200 is no verdict' }],
  ])('%d %s', (status, body, answer) => {
    expect(readAnswer(status, body)).toEqual(answer);
  });
});

describe('where the mistake is', () => {
  const text = 'kind: A\nspec:\n  ports:\n  - port: x\n---\nkind: B\nitems: [{kind: C}]\n';

  it.each([
    ['line 4, column 5: this is not YAML: …', '4: port: x'],
    ['line 4, column 99: this is not YAML: …', '4: '],
    ['document 1.spec.ports[0].port: "x" is a string; write a whole number', '4: x'],
    ['spec.ports[0].port: "x" is a string', '4: x'],
    ['document 2.items[0].apiVersion: this is missing; write it', '7: {kind: C}'],
    ['document 2: this is a list', '6: kind: B'],
  ])('%s', (message, place) => {
    const found = placeOfRefusal(text, { kind: 'refused', code: 'invalid-manifest', message });
    const { from, to } = found ?? { from: 0, to: 0 };
    expect(`${text.slice(0, from).split('\n').length}: ${text.slice(from, to)}`).toBe(place);
  });

  it.each([
    ['invalid-manifest', 'nothing to judge; send a Service'],
    ['invalid-manifest', 'line 99, column 1: this is not YAML'],
    ['invalid-manifest', 'document 9.kind: this is missing'],
    ['invalid-parameter', 'namespace: "A" is no name'],
  ])('is not said by %s %s', (code, message) => {
    expect(placeOfRefusal(text, { kind: 'refused', code, message })).toBeUndefined();
  });
});

describe('in one sentence', () => {
  const object = { apiVersion: 'v1', kind: 'Service', namespace: 'shop', name: 'web' };
  const item = { object, allowed: true, findings: [], undetermined: [], assigned: [], patch: [] };
  const assigned = (nodePort: number) => ({ port: 'http', protocol: 'TCP', nodePort, because: 'hash' as const });
  const list = (
    [objects, allowed]: readonly [number, number],
    findings: { readonly deny: number; readonly warn: number },
    ports: readonly number[],
  ) => ({
    ...LIST,
    apiVersion: 'nodeport-gate.dev/v1alpha1' as const,
    kind: 'VerdictList' as const,
    summary: { objects, allowed, denied: objects - allowed, findings: { ...findings, audit: 0 } },
    items: [{ ...item, assigned: ports.map(assigned) }],
  });

  it.each([
    [list([1, 1], { deny: 0, warn: 0 }, [30_100]), 'allowed', 'Allowed: http is port 30100'],
    [list([1, 1], { deny: 0, warn: 2 }, []), 'allowed', 'Allowed: 2 warnings'],
    [list([1, 1], { deny: 0, warn: 0 }, [1, 2, 3, 4]), 'allowed', 'Allowed: 4 ports'],
    [list([1, 0], { deny: 2, warn: 1 }, [30_100]), 'denied', 'Denied: 2 to fix, 1 warning'],
    [list([3, 2], { deny: 1, warn: 0 }, []), 'denied', '2 allowed, 1 denied: 1 to fix'],
    [list([2, 2], { deny: 0, warn: 0 }, []), 'allowed', '2 allowed'],
    [list([0, 0], { deny: 0, warn: 0 }, []), 'allowed', 'Nothing to judge'],
  ])('verdicts %#', (verdicts, outcome, text) => {
    expect(answerSummary({ kind: 'verdicts', list: verdicts })).toEqual({ outcome, text });
  });

  it('no verdicts', () => {
    expect(answerSummary({ kind: 'refused', code: 'invalid-manifest', message: 'm' })).toEqual({
      outcome: 'unreadable',
      text: 'This cannot be judged',
    });
    expect(answerSummary({ kind: 'silent', message: 'it cannot be reached' })).toEqual({
      outcome: 'silent',
      text: 'The gate does not answer: it cannot be reached',
    });
  });
});
