/** Questions come faster than answers: only the newest is asked, once nothing newer has come for a moment. */
export interface NewestAnswer<Question> {
  ask(question: Question): void;
  /** Nothing is asked or answered any more. */
  stop(): void;
}

export interface NewestAnswerOptions<Question, Answer> {
  readonly delayMs: number;
  /** Ends at once when the signal is aborted, so that there is never more than one under way. */
  readonly ask: (question: Question, signal: AbortSignal) => Promise<Answer>;
  readonly answered: (answer: Answer, question: Question) => void;
}

export function newestAnswer<Question, Answer>({
  delayMs,
  ask,
  answered,
}: NewestAnswerOptions<Question, Answer>): NewestAnswer<Question> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let underWay = new AbortController();
  const stop = (): void => {
    clearTimeout(timer);
    underWay.abort();
  };
  const send = async (question: Question): Promise<void> => {
    const { signal } = (underWay = new AbortController());
    const answer = await ask(question, signal);
    if (!signal.aborted) answered(answer, question);
  };
  return {
    ask: (question) => {
      stop();
      timer = setTimeout(() => void send(question), delayMs);
    },
    stop,
  };
}
