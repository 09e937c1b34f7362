import { applyPatch } from 'rfc6902';
import type { ApiAnswer, ApiClient } from '../../../src/cluster/api/api-client.ts';
import { ApiUnreachable } from '../../../src/cluster/api/api-errors.ts';
import { isJsonObject, type JsonObject } from '../../../src/domain/json.ts';

/** The parts of an API server that keep single objects: versions, conflicts, watches. In memory, shared by its clients. */
export interface ApiStore {
  readonly client: ApiClient;
  /** Requests so far that change something, `PUT /path 409`. */
  readonly writes: readonly string[];
  get(path: string): JsonObject | undefined;
  /** As somebody else would: whatever is there, and whoever watches hears of it. */
  put(path: string, object: JsonObject): void;
  remove(path: string): void;
  /** From now on every request fails so; undefined ends it. */
  breakDown(answer: ApiAnswer | 'silence' | undefined): void;
  /** Runs once, before the next request of this method is carried out: somebody was faster. */
  beforeNext(method: string, action: () => void): void;
}

type Listener = (type: string, path: string, object: JsonObject) => void;

export function makeApiStore(): ApiStore {
  const objects = new Map<string, JsonObject>();
  const listeners = new Set<Listener>();
  const writes: string[] = [];
  const intruders = new Map<string, () => void>();
  let version = 1;
  let breakdown: ApiAnswer | 'silence' | undefined;

  function store(path: string, object: JsonObject): JsonObject {
    version += 1;
    const type = objects.has(path) ? 'MODIFIED' : 'ADDED';
    const metadata = { ...(object['metadata'] as JsonObject), resourceVersion: String(version) };
    const stored = { ...object, metadata };
    objects.set(path, stored);
    for (const listener of listeners) listener(type, path, stored);
    return stored;
  }

  function remove(path: string): void {
    const object = objects.get(path);
    if (object === undefined) return;
    version += 1;
    objects.delete(path);
    const metadata = { ...(object['metadata'] as JsonObject), resourceVersion: String(version) };
    for (const listener of listeners) listener('DELETED', path, { ...object, metadata });
  }

  function carryOut(method: string, path: string, body: JsonObject): ApiAnswer {
    const there = objects.get(path);
    switch (method) {
      case 'GET':
        return there === undefined ? status(404) : { status: 200, body: there };
      case 'POST': {
        const at = `${path}/${nameOf(body)}`;
        return objects.has(at) ? status(409) : { status: 201, body: store(at, body) };
      }
      case 'PUT':
        if (there === undefined) return status(404);
        return versionOf(there) === versionOf(body) ? { status: 200, body: store(path, body) } : status(409);
      default:
        return there === undefined ? status(422) : { status: 200, body: store(path, applied(there, body)) };
    }
  }

  function list(path: string, fieldSelector: string): ApiAnswer {
    const found = objects.get(`${path}/${fieldSelector.slice('metadata.name='.length)}`);
    const body = { metadata: { resourceVersion: String(version) }, items: found === undefined ? [] : [found] };
    return { status: 200, body };
  }

  const client: ApiClient = {
    server: 'https://store',
    async request(method, target, { body }) {
      await Promise.resolve();
      const [path = '', query = ''] = target.split('?');
      if (breakdown === 'silence') throw new ApiUnreachable('https://store is unreachable');
      if (breakdown !== undefined) return breakdown;
      const selector = new URLSearchParams(query).get('fieldSelector');
      if (method === 'GET' && selector !== null) return list(path, selector);
      const intruder = intruders.get(method);
      intruders.delete(method);
      intruder?.();
      const answer = carryOut(method, path, isJsonObject(body) ? body : {});
      if (method !== 'GET') writes.push(`${method} ${path} ${answer.status}`);
      return answer;
    },
    watch: (path, { fieldSelector = '' }, onEvent, signal) =>
      new Promise((_, reject) => {
        const wanted = `${path}/${fieldSelector.slice('metadata.name='.length)}`;
        const listener: Listener = (type, at, object) => {
          if (at === wanted) onEvent(type, object);
        };
        listeners.add(listener);
        signal.addEventListener('abort', () => {
          listeners.delete(listener);
          reject(new Error('aborted'));
        });
      }),
  };

  return {
    client,
    writes,
    get: (path) => objects.get(path),
    put: (path, object) => void store(path, object),
    remove,
    breakDown: (answer) => {
      breakdown = answer;
    },
    beforeNext: (method, action) => void intruders.set(method, action),
  };
}

function status(code: number): ApiAnswer {
  return { status: code, body: { kind: 'Status', message: `refused with ${code}` } };
}

function nameOf(object: JsonObject): string {
  return (object['metadata'] as { readonly name: string }).name;
}

function versionOf(object: JsonObject): unknown {
  return (object['metadata'] as JsonObject)['resourceVersion'];
}

/** Server-side apply, as far as `webhooks` (a list by name) and their clientConfig go. */
function applied(object: JsonObject, patch: JsonObject): JsonObject {
  const result = structuredClone(object) as { webhooks: { name: string; clientConfig: object }[] } & JsonObject;
  const changes = (patch['webhooks'] as { name: string; clientConfig: { caBundle: string } }[]).map((hook) => {
    const index = result.webhooks.findIndex(({ name }) => name === hook.name);
    return {
      op: 'add' as const,
      path: `/webhooks/${index}/clientConfig/caBundle`,
      value: hook.clientConfig.caBundle,
    };
  });
  applyPatch(result, changes);
  return result;
}
