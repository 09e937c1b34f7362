import { useEffect, useMemo, useState } from 'preact/hooks';
import type { VerdictList } from '../../report/verdict-list.ts';
import { askGate, type Question } from './ask-gate.ts';
import type { GateAnswer } from './gate-answer.ts';
import { gateKeysOf, NO_GATE_KEYS } from './gate-keys.ts';
import { newestAnswer } from './newest-answer.ts';
import type { GateKeys } from './service-schema.ts';

/** What is known of a question at the moment. */
export interface Known {
  /** The newest answer, and the question that it is about. */
  readonly answer: GateAnswer;
  readonly question: Question;
  /** The newest verdicts, with theirs; older than the answer when that is none. */
  readonly verdicts: Verdicts | undefined;
}

export interface Verdicts {
  readonly list: VerdictList;
  readonly question: Question;
}

const DELAY_MS = 250;

/** A gate that did not answer is asked again after so long. */
const PATIENCE_MS = 5000;

/** The gate is asked whenever the question is another one, and again when its answer may be another one by now. */
export function useGate(url: string, question: Question): Known | undefined {
  const [known, setKnown] = useState<Known>();
  const asker = useMemo(
    () =>
      newestAnswer<Question, GateAnswer>({
        delayMs: DELAY_MS,
        ask: (asked, signal) => askGate(url, asked, signal),
        answered: (answer, asked) =>
          setKnown((before) => ({
            answer,
            question: asked,
            verdicts: answer.kind === 'verdicts' ? { list: answer.list, question: asked } : before?.verdicts,
          })),
      }),
    [url],
  );
  useEffect(() => asker.stop, [asker]);
  useEffect(() => {
    const ask = (): void => asker.ask(question);
    ask();
    // Whoever comes back to the page may have changed the policy meanwhile.
    addEventListener('focus', ask);
    return () => removeEventListener('focus', ask);
  }, [asker, question]);
  useEffect(() => {
    if (known?.answer.kind !== 'silent') return undefined;
    const timer = setTimeout(() => asker.ask(known.question), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [asker, known]);
  return known;
}

/** The pools and suppressions of the policy in force; asked again when a verdict shows another policy. */
export function useGateKeys(url: string, policyHash: string | undefined): GateKeys {
  const [keys, setKeys] = useState(NO_GATE_KEYS);
  useEffect(() => {
    const given = new AbortController();
    void fetchKeys(url, given.signal).then((found) => setKeys((before) => found ?? before));
    return () => given.abort();
  }, [url, policyHash]);
  return keys;
}

/** Undefined without an answer: then what is known stays. */
async function fetchKeys(url: string, signal: AbortSignal): Promise<GateKeys | undefined> {
  try {
    const response = await fetch(`${url}policy`, {
      headers: { accept: 'application/json' },
      cache: 'no-store',
      signal,
    });
    return response.ok ? gateKeysOf(await response.json()) : undefined;
  } catch {
    return undefined;
  }
}
