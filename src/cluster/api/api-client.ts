import type { IncomingMessage } from 'node:http';
import { isJsonObject, own } from '../../domain/json.ts';
import { ok, type Result } from '../../domain/result.ts';
import { accessFromPod, type AccessSource, type Pod, thisPod } from './credentials.ts';
import { ApiRefused, ApiTooLong, ApiUnreadable, unreachable } from './api-errors.ts';
import { describeRefusal } from './api-refusal.ts';
import { startDeadline } from './deadline.ts';
import { exchange, parseJson, readLines, readText } from './http-exchange.ts';
import { accessFromKubeconfig, type KubeconfigChoice } from './kubeconfig.ts';
import { makeSessions, type Sessions } from './session.ts';

export interface ApiAnswer {
  readonly status: number;
  /** Parsed JSON; undefined when there is none. */
  readonly body: unknown;
  /** What the server asks to wait before the next try. */
  readonly retryAfterMs?: number;
}

export interface ApiRequest {
  readonly body?: unknown;
  /** `application/json` unless given. */
  readonly contentType?: string;
  /** For everything together: login, connection, answer. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

export interface ApiClient {
  readonly server: string;
  /**
   * One request; never throws for an HTTP status. Throws ApiUnreachable when there is no answer in time, and ApiTooLong when
   * the answer has more than 16 MiB.
   */
  request(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, options: ApiRequest): Promise<ApiAnswer>;
  /**
   * Streams watch events until the server ends it or `signal` aborts. Resolves at a regular end; rejects with ApiRefused,
   * ApiUnreadable (a line that is no event), ApiTooLong (an event) or ApiUnreachable otherwise, and with what `onEvent`
   * throws.
   */
  watch(
    path: string,
    query: Readonly<Record<string, string>>,
    onEvent: (type: string, object: unknown) => void,
    signal: AbortSignal,
  ): Promise<void>;
}

/** A watch is answered at once; the events come later. */
const WATCH_BEGINS_MS = 15_000;
/** Longer is not waited for: the next try may reach another server. */
const LONGEST_RETRY_AFTER_MS = 60_000;

/** Reads the credentials; whether the API server answers shows at the first request. */
export async function connect(
  from: KubeconfigChoice | 'in-cluster',
  pod: Pod = thisPod(),
): Promise<Result<ApiClient, string>> {
  const source = from === 'in-cluster' ? accessFromPod(pod) : accessFromKubeconfig(from);
  const read = await source.read();
  return read.ok ? ok(makeClient(read.value.server, source)) : read;
}

/**
 * Requests over `node:https`, which the gate has loaded anyway. The Kubernetes client's own watch is not used: it swallows
 * lines it cannot parse, hides ERROR events other than 410 from its caller, and opens a new connection pool per request.
 */
function makeClient(server: string, source: AccessSource): ApiClient {
  const sessions = makeSessions(source);
  const silent = `${server} did not answer`;
  return {
    server,
    async request(method, path, { body, contentType, timeoutMs, signal }) {
      const deadline = startDeadline(timeoutMs, silent, signal);
      const outgoing = {
        method,
        path,
        ...(body !== undefined && { body: JSON.stringify(body) }),
        ...(contentType !== undefined && { contentType }),
      };
      try {
        return await deadline.within(
          (async () => {
            const response = await exchange(await sessions.open(), outgoing, deadline.signal);
            return answerOf(response, await readText(response), sessions);
          })(),
        );
      } catch (error) {
        if (isOfSocket(error)) sessions.refresh();
        throw error instanceof ApiTooLong ? error : unreachable(server, error);
      } finally {
        deadline.end();
      }
    },
    async watch(path, query, onEvent, signal) {
      const deadline = startDeadline(WATCH_BEGINS_MS, silent, signal);
      const target = `${path}?${new URLSearchParams({ ...query, watch: 'true' }).toString()}`;
      try {
        const response = await deadline.within(begin(sessions, target, deadline.signal));
        if (response.statusCode !== 200) {
          const answer = answerOf(response, await deadline.within(readText(response)), sessions);
          throw new ApiRefused(describeRefusal('GET', target, answer), answer.status, answer.retryAfterMs);
        }
        deadline.lift();
        await deadline.within(readLines(response, eventReader(onEvent)));
      } catch (error) {
        if (!isOfSocket(error)) throw error;
        sessions.refresh();
        throw unreachable(server, error);
      } finally {
        deadline.end();
      }
    },
  };
}

async function begin(sessions: Sessions, path: string, signal: AbortSignal): Promise<IncomingMessage> {
  return exchange(await sessions.open(), { method: 'GET', path }, signal);
}

function answerOf(response: IncomingMessage, text: string, sessions: Sessions): ApiAnswer {
  const { statusCode: status = 0, headers } = response;
  if (status === 401) sessions.renewLogin();
  const seconds = Number(headers['retry-after']);
  const asksToWait = headers['retry-after'] !== undefined && Number.isFinite(seconds) && seconds >= 0;
  return {
    status,
    body: parseJson(text),
    ...(asksToWait && { retryAfterMs: Math.min(seconds * 1000, LONGEST_RETRY_AFTER_MS) }),
  };
}

function eventReader(onEvent: (type: string, object: unknown) => void): (line: string) => void {
  return (line) => {
    const event = parseJson(line);
    const type = isJsonObject(event) ? own(event, 'type') : undefined;
    if (!isJsonObject(event) || typeof type !== 'string') throw new ApiUnreadable('a line of the watch is no event');
    onEvent(type, own(event, 'object'));
  };
}

/**
 * Node's errors of sockets and TLS have a code; an abort carries the reason that was given. Only the former may be due to
 * outdated credentials: of an API server that is slow nothing follows.
 */
function isOfSocket(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}
