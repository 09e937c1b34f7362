import { ApiUnreachable } from './api-errors.ts';

/** Aborts what is under way when time is up or when somebody else says so. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Rejects when the deadline passes first, also where what is awaited knows nothing of signals. */
  within<Value>(work: Promise<Value>): Promise<Value>;
  /** From now on only the outer signal aborts: the answer has begun. */
  lift(): void;
  /** Frees what it holds; to be called in the end whatever happened. */
  end(): void;
}

/** `what` goes before ` within N ms; check …`. */
export function startDeadline(ms: number, what: string, outer?: AbortSignal): Deadline {
  const controller = new AbortController();
  const { signal } = controller;
  const timer = setTimeout(
    () =>
      controller.abort(
        new ApiUnreachable(`${what} within ${ms} ms; check the address and the network, and how busy it is`),
      ),
    ms,
  ).unref();
  const follow = (): void => controller.abort(outer?.reason);
  if (outer?.aborted === true) follow();
  outer?.addEventListener('abort', follow, { once: true });
  return {
    signal,
    async within(work) {
      let stop: (() => void) | undefined;
      const aborted = new Promise<never>((_resolve, reject) => {
        stop = (): void => reject(asError(signal.reason));
        if (signal.aborted) stop();
        signal.addEventListener('abort', stop, { once: true });
      });
      try {
        return await Promise.race([work, aborted]);
      } catch (error) {
        // What an abort does to a socket (`aborted`, ECONNRESET) says less than why.
        throw signal.aborted ? asError(signal.reason) : error;
      } finally {
        if (stop !== undefined) signal.removeEventListener('abort', stop);
      }
    },
    lift: () => clearTimeout(timer),
    end() {
      clearTimeout(timer);
      outer?.removeEventListener('abort', follow);
    },
  };
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new ApiUnreachable(String(reason));
}
