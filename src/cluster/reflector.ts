import { isJsonObject, type JsonObject, own } from '../domain/json.ts';
import type { ApiClient } from './api/api-client.ts';
import { listCollection } from './collection-list.ts';
import { type Pace, pause, pauseAfter, startStopwatch, USUAL_PACE } from './pace.ts';
import { judgeFault, type RestartReason, WatchFault } from './watch-faults.ts';

/** Takes what the cluster has. An exception makes the reflector list again. */
export interface Sink {
  /** The whole collection; what was known before is void. */
  replace(objects: readonly JsonObject[]): void;
  put(object: JsonObject): void;
  remove(object: JsonObject): void;
}

export interface Reflector {
  /** True from the first complete list on, for ever: `silentMs` says how old the knowledge may be. */
  readonly synced: boolean;
  /**
   * For how many milliseconds the API server has not been heard of (a whole list, an event, a bookmark, the planned end of
   * a watch); Infinity before the first list. Single pages do not count: a list that never ends leaves all as it was.
   */
  silentMs(): number;
  /** Why it does not work at the moment; undefined while it does. */
  lastFault(): string | undefined;
  /**
   * The newest fault after three in a row, until a watch works again; the lists that succeed in between change nothing. What
   * an operator should see to: without a watch the knowledge is as old as the last list.
   */
  lastingFault(): string | undefined;
  /** Ends requests, pauses and calls of the sink at once and for ever. */
  stop(): void;
}

export interface ReflectorSource {
  /** `/api/v1/services`. */
  readonly path: string;
  readonly fieldSelector?: string;
  /** Reduces an object to what the sink reads, before `replace` and `put`; the whole object by default. */
  trim?(object: JsonObject): JsonObject;
}

export interface ReflectorHooks {
  /** `atMs`: milliseconds since 1970. */
  onContact?(atMs: number): void;
  onListed?(count: number): void;
  /** Not called for the planned end of a watch. */
  onRestart?(reason: RestartReason, message: string): void;
}

/** Told of each list or watch that ended otherwise than planned; it goes on after a pause. Must not throw. */
export type OnRestart = (resource: string, reason: RestartReason, message: string) => void;

/** So many failures in a row with the same resourceVersion, and it is not trusted any longer. */
const TRIES_FROM_ONE_VERSION = 3;
/** So many failures in a row are no accident. */
const LASTING_FAILURES = 3;

/**
 * Keeps a sink equal to a collection of the API server, whatever happens to connections and servers: list, then watch from
 * there, and so on until `stop()`. There is never more than one request under way, and never one without a pause after
 * one that failed. Never throws.
 */
export function reflect(
  client: ApiClient,
  source: ReflectorSource,
  sink: Sink,
  { pace = USUAL_PACE, hooks = {} }: { readonly pace?: Pace; readonly hooks?: ReflectorHooks } = {},
): Reflector {
  const { trim = (object) => object } = source;
  const trimmed = { put: (object: JsonObject) => sink.put(trim(object)), remove: sink.remove };
  const stopped = new AbortController();
  let synced = false;
  let silentMs = (): number => Infinity;
  let fault: string | undefined;
  let version: string | undefined;
  let untilRelistMs = (): number => 0;
  let failures = 0;
  let newestFault = '';
  let lived: (() => number) | undefined;

  const isSteady = (): boolean => (lived?.() ?? 0) >= pace.steadyMs;
  const hear = (): void => {
    silentMs = startStopwatch(pace);
    hooks.onContact?.(pace.now());
  };

  async function list(): Promise<string> {
    const { path, fieldSelector } = source;
    const { objects, resourceVersion } = await listCollection(client, {
      path,
      ...(fieldSelector !== undefined && { fieldSelector }),
      pageSize: pace.pageSize,
      timeoutMs: pace.listTimeoutMs,
      signal: stopped.signal,
      trim,
    });
    if (stopped.signal.aborted) return resourceVersion;
    sink.replace(objects);
    hear();
    synced = true;
    fault = undefined;
    hooks.onListed?.(objects.length);
    return resourceVersion;
  }

  async function watch(from: string): Promise<void> {
    const attempt = new AbortController();
    const abort = (): void => attempt.abort(new WatchFault('silent', 'stopped'));
    stopped.signal.addEventListener('abort', abort, { once: true });
    const silence = setTimeout(() => attempt.abort(silent(pace)), pace.silenceMs).unref();
    const query = {
      allowWatchBookmarks: 'true',
      resourceVersion: from,
      timeoutSeconds: String(Math.max(1, Math.floor((pace.watchMs * (0.8 + pace.random() * 0.2)) / 1000))),
      ...(source.fieldSelector !== undefined && { fieldSelector: source.fieldSelector }),
    };
    const take = (type: string, object: unknown): void => {
      if (stopped.signal.aborted) return;
      silence.refresh();
      version = apply(trimmed, type, object, version ?? from);
      fault = undefined;
      hear();
    };
    try {
      await client.watch(source.path, query, take, attempt.signal);
    } finally {
      clearTimeout(silence);
      stopped.signal.removeEventListener('abort', abort);
    }
  }

  async function listAndWatch(): Promise<void> {
    if (version === undefined || untilRelistMs() <= 0) {
      const [from, to] = pace.relistAfterMs;
      // Before it is tried: a list that fails must not keep the watch from going on.
      const [afterMs, passed] = [from + pace.random() * (to - from), startStopwatch(pace)];
      untilRelistMs = () => afterMs - passed();
      version = await list();
    }
    if (stopped.signal.aborted) return;
    const beganAt = performance.now();
    const livedMs = (lived = () => performance.now() - beganAt);
    try {
      await watch(version);
    } finally {
      if (isSteady()) failures = 0;
      lived = undefined;
    }
    if (livedMs() < pace.shortestWatchMs) throw new WatchFault('short', `the watch of ${source.path} ended at once`);
    hear();
    fault = undefined;
    failures = 0;
  }

  async function recover(error: unknown): Promise<void> {
    const { reason, message, needsList, retryAfterMs } = judgeFault(error);
    failures += 1;
    fault = newestFault = message;
    if (needsList || failures % TRIES_FROM_ONE_VERSION === 0) version = undefined;
    hooks.onRestart?.(reason, message);
    await pause(Math.max(retryAfterMs, pauseAfter(failures, pace)), stopped.signal);
  }

  async function run(): Promise<void> {
    while (!stopped.signal.aborted) {
      try {
        await listAndWatch();
      } catch (error) {
        if (!stopped.signal.aborted) await recover(error);
      }
    }
  }

  void run();
  return {
    get synced() {
      return synced;
    },
    silentMs: () => silentMs(),
    lastFault: () => fault,
    lastingFault: () => (failures < LASTING_FAILURES || isSteady() ? undefined : newestFault),
    stop: () => stopped.abort(new WatchFault('silent', 'stopped')),
  };
}

type Changes = Pick<Sink, 'put' | 'remove'>;

/** Gives the event to the sink; the result is the resourceVersion from which to go on. */
function apply(sink: Changes, type: string, object: unknown, version: string): string {
  if (type === 'ERROR') throw errorEvent(object);
  const metadata = isJsonObject(object) ? own(object, 'metadata') : undefined;
  const next = isJsonObject(metadata) ? own(metadata, 'resourceVersion') : undefined;
  if (!isJsonObject(object) || typeof next !== 'string' || next === '') {
    throw new WatchFault('unreadable', `an event of the type ${type} has no object with a resourceVersion`);
  }
  if (isOlder(next, version)) {
    const message = `resourceVersion ${next} came after ${version}; the API server has another history`;
    throw new WatchFault('backwards', message);
  }
  give(sink, type, object);
  return next;
}

function give(sink: Changes, type: string, object: JsonObject): void {
  switch (type) {
    case 'ADDED':
    case 'MODIFIED':
      return sink.put(object);
    case 'DELETED':
      return sink.remove(object);
    case 'BOOKMARK':
      return;
    default:
      throw new WatchFault('unreadable', `"${type.slice(0, 20)}" is no type of event`);
  }
}

function errorEvent(status: unknown): WatchFault {
  const code = isJsonObject(status) ? own(status, 'code') : undefined;
  const message = isJsonObject(status) ? own(status, 'message') : undefined;
  const text = typeof message === 'string' ? message.slice(0, 300) : 'no message';
  return new WatchFault(code === 410 ? 'gone' : 'error-event', `the API server ended the watch: ${text}`);
}

/** Both are decimal numbers for every built-in resource; anything else is not compared. */
function isOlder(a: string, b: string): boolean {
  const isNumber = /^\d{1,20}$/u;
  return isNumber.test(a) && isNumber.test(b) && BigInt(a) < BigInt(b);
}

function silent({ silenceMs }: Pace): WatchFault {
  return new WatchFault('silent', `nothing was heard of the API server for ${Math.round(silenceMs / 1000)} s`);
}
