import { useEffect, useMemo, useState } from 'preact/hooks';
import { askGate, type Question } from './ask-gate.ts';
import type { GateAnswer } from './gate-answer.ts';
import { gateKeysOf, NO_GATE_KEYS } from './gate-keys.ts';
import { type Known, knownAfter, waitBeforeRetry } from './known.ts';
import { newestAnswer } from './newest-answer.ts';
import type { GateKeys } from './service-schema.ts';

const DELAY_MS = 250;

/** So long may the last answer look like the current one: most answers are there by then, and nothing flickers. */
const PENDING_MS = 500;

export interface GateState {
  /** Undefined until the gate has answered for the first time. */
  readonly known: Known | undefined;
  /** What is known is about another question, and has been for a while. */
  readonly isPending: boolean;
}

/**
 * The gate is asked whenever the question is another one, and again when its answer may be another one by now; not while
 * nobody looks (`isShown`).
 */
export function useGate(url: string, question: Question, isShown: boolean): GateState {
  const [known, setKnown] = useState<Known>();
  const asker = useMemo(
    () =>
      newestAnswer<Question, GateAnswer>({
        delayMs: DELAY_MS,
        ask: (asked, signal) => askGate(url, asked, signal),
        answered: (answer, asked) => setKnown((before) => knownAfter(before, answer, asked)),
      }),
    [url],
  );
  useEffect(() => asker.stop, [asker]);
  useEffect(() => {
    if (!isShown) return undefined;
    const ask = (): void => asker.ask(question);
    ask();
    // Whoever comes back to the page may have changed the policy meanwhile.
    addEventListener('focus', ask);
    return () => removeEventListener('focus', ask);
  }, [asker, question, isShown]);
  useEffect(() => {
    const wait = isShown ? waitBeforeRetry(known, question) : undefined;
    if (wait === undefined) return undefined;
    const timer = setTimeout(() => asker.ask(question), wait);
    return () => clearTimeout(timer);
  }, [asker, known, question, isShown]);
  return { known, isPending: useLasting(known !== undefined && known.question !== question, PENDING_MS) };
}

/** Whether it has been so for `ms` without a break. */
function useLasting(isSo: boolean, ms: number): boolean {
  const [hasLasted, setLasted] = useState(false);
  useEffect(() => {
    if (!isSo) return undefined;
    const timer = setTimeout(() => setLasted(true), ms);
    return () => {
      clearTimeout(timer);
      setLasted(false);
    };
  }, [isSo, ms]);
  return isSo && hasLasted;
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
