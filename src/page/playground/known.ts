import type { VerdictList } from '../../report/verdict-list.ts';
import { waitBefore } from '../model/connection.ts';
import type { Question } from './ask-gate.ts';
import type { GateAnswer } from './gate-answer.ts';

/** What is known of a question at the moment. */
export interface Known {
  /** The newest answer, and the question that it is about. */
  readonly answer: GateAnswer;
  readonly question: Question;
  /** The newest verdicts, with theirs; older than the answer when that is none. */
  readonly verdicts: Verdicts | undefined;
  /** How often this question was asked again, and not answered either. */
  readonly failures: number;
}

export interface Verdicts {
  readonly list: VerdictList;
  readonly question: Question;
}

export function knownAfter(before: Known | undefined, answer: GateAnswer, question: Question): Known {
  const isAgain = before?.answer.kind === 'silent' && before.question === question;
  return {
    answer,
    question,
    verdicts: answer.kind === 'verdicts' ? { list: answer.list, question } : before?.verdicts,
    failures: answer.kind === 'silent' && isAgain ? before.failures + 1 : 0,
  };
}

/** Milliseconds until `question` is asked again; undefined where its answer is there, or under way. */
export function waitBeforeRetry(known: Known | undefined, question: Question): number | undefined {
  return known?.answer.kind === 'silent' && known.question === question ? waitBefore(known) : undefined;
}
