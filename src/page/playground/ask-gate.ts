import { type GateAnswer, readAnswer } from './gate-answer.ts';

/** A text with what it cannot say itself. */
export interface Question {
  readonly text: string;
  /** Empty: the gate's default. */
  readonly namespace: string;
  readonly operation: 'CREATE' | 'UPDATE';
}

const GIVE_UP_AFTER_MS = 15_000;

/** What the gate would say. Never rejects: a gate that does not answer is an answer, too. */
export async function askGate(url: string, question: Question, signal: AbortSignal): Promise<GateAnswer> {
  try {
    const response = await fetch(dryRunUrl(url, question), {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/yaml' },
      body: question.text,
      signal: AbortSignal.any([signal, AbortSignal.timeout(GIVE_UP_AFTER_MS)]),
      cache: 'no-store',
    });
    return readAnswer(response.status, await response.text());
  } catch {
    return { kind: 'silent', message: 'it cannot be reached' };
  }
}

/** `/dry-run` of the gate at `url`, with what differs from its defaults. */
export function dryRunUrl(url: string, { namespace, operation }: Omit<Question, 'text'>): string {
  const query = new URLSearchParams();
  if (namespace !== '') query.set('namespace', namespace);
  if (operation !== 'CREATE') query.set('operation', operation);
  return query.size === 0 ? `${url}dry-run` : `${url}dry-run?${query.toString()}`;
}
