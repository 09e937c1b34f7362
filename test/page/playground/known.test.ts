import { describe, expect, it } from 'vitest';
import type { Question } from '../../../src/page/playground/ask-gate.ts';
import type { GateAnswer } from '../../../src/page/playground/gate-answer.ts';
import { type Known, knownAfter, waitBeforeRetry } from '../../../src/page/playground/known.ts';
import type { VerdictList } from '../../../src/report/verdict-list.ts';

const OLD: Question = { text: 'old', namespace: '', operation: 'CREATE' };
const NEW: Question = { text: 'new', namespace: '', operation: 'CREATE' };
const SILENT: GateAnswer = { kind: 'silent', message: 'it cannot be reached' };
const REFUSED: GateAnswer = { kind: 'refused', code: 'invalid-manifest', message: 'kind: this is missing' };
const LIST: VerdictList = {
  apiVersion: 'nodeport-gate.dev/v1alpha1',
  kind: 'VerdictList',
  policy: { hash: '' },
  summary: { objects: 0, allowed: 0, denied: 0, findings: { deny: 0, warn: 0, audit: 0 } },
  items: [],
};
const VERDICTS: GateAnswer = { kind: 'verdicts', list: LIST };

function after(...answers: readonly (readonly [GateAnswer, Question])[]): Known | undefined {
  return answers.reduce<Known | undefined>(
    (known, [answer, question]) => knownAfter(known, answer, question),
    undefined,
  );
}

describe('what is known', () => {
  it('keeps the last verdicts, with the question that they are about', () => {
    const verdicts = { list: LIST, question: OLD };
    expect(after([VERDICTS, OLD])).toEqual({ answer: VERDICTS, question: OLD, verdicts, failures: 0 });
    expect(after([VERDICTS, OLD], [REFUSED, NEW])).toEqual({ answer: REFUSED, question: NEW, verdicts, failures: 0 });
    expect(after([VERDICTS, OLD], [SILENT, NEW])).toEqual({ answer: SILENT, question: NEW, verdicts, failures: 0 });
  });
});

describe('a question is asked again', () => {
  it('less and less often while the gate is silent', () => {
    const waits = Array.from({ length: 6 }, (_, index) =>
      waitBeforeRetry(after(...Array.from({ length: index + 1 }, () => [SILENT, OLD] as const)), OLD),
    );
    expect(waits).toEqual([5000, 10_000, 20_000, 40_000, 60_000, 60_000]);
  });

  it('soon again once it is another one, or was answered meanwhile', () => {
    expect(waitBeforeRetry(after([SILENT, OLD], [SILENT, OLD], [SILENT, NEW]), NEW)).toBe(5000);
    expect(waitBeforeRetry(after([SILENT, OLD], [SILENT, OLD], [VERDICTS, OLD], [SILENT, OLD]), OLD)).toBe(5000);
  });

  it('not when it was answered, and not instead of a newer one', () => {
    expect(waitBeforeRetry(undefined, NEW)).toBeUndefined();
    expect(waitBeforeRetry(after([VERDICTS, NEW]), NEW)).toBeUndefined();
    expect(waitBeforeRetry(after([REFUSED, NEW]), NEW)).toBeUndefined();
    expect(waitBeforeRetry(after([SILENT, OLD]), NEW)).toBeUndefined();
  });
});
