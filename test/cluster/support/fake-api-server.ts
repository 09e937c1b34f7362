import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createPlain, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecure, type ServerOptions } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

type Kind = 'list' | 'watch' | 'get' | 'other';

export interface Seen {
  readonly kind: Kind;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly authorization: string | undefined;
  readonly body: string;
  /** Of the TCP connection: equal for requests that share one. */
  readonly clientPort: number | undefined;
  readonly atMs: number;
}

export type Answer = (response: ServerResponse, seen: Seen) => void;
export interface ApiObject {
  readonly metadata: { readonly namespace?: string; readonly name: string; readonly [key: string]: unknown };
  readonly [key: string]: unknown;
}

/**
 * What a kube-apiserver does for lists, watches and GETs, and what it or the network does when things go wrong: the next
 * answers of a kind can be scripted.
 */
export interface FakeApiServer {
  readonly url: string;
  /** A kubeconfig file that leads here. */
  readonly kubeconfig: string;
  readonly folder: string;
  readonly seen: readonly Seen[];
  /** Responses of open watches by path; written to or destroyed by the test. */
  readonly watches: ReadonlyMap<ServerResponse, string>;
  /** What every collection counts up with each change. */
  version: number;
  put(path: string, object: ApiObject): void;
  remove(path: string, namespace: string, name: string): void;
  /** The same without an event, as if the watch had lost it. */
  putSilently(path: string, object: ApiObject): void;
  forgetAll(): void;
  once(kind: Kind, answer: Answer): void;
  always(kind: Kind, answer: Answer | undefined): void;
  /** For every request of a path. */
  at(path: string, answer: Answer): void;
  /** Closes the port and every connection; `start` opens it again. */
  stop(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

export async function startFakeApiServer(secure?: ServerOptions): Promise<FakeApiServer> {
  const folder = await mkdtemp(join(tmpdir(), 'nodeport-gate-api-'));
  const seen: Seen[] = [];
  const watches = new Map<ServerResponse, string>();
  const collections = new Map<string, Map<string, ApiObject>>();
  const snapshots = new Map<string, readonly ApiObject[]>();
  const scripted = new Map<Kind, Answer[]>();
  const standing = new Map<Kind, Answer>();
  const byPath = new Map<string, Answer>();
  const sockets = new Set<Socket>();
  let port = 0;
  let listener: Server | undefined;

  const objectsOf = (path: string): Map<string, ApiObject> => {
    const objects = collections.get(path) ?? new Map<string, ApiObject>();
    collections.set(path, objects);
    return objects;
  };

  const server: FakeApiServer = {
    get url() {
      return `${secure === undefined ? 'http' : 'https'}://127.0.0.1:${port}`;
    },
    kubeconfig: join(folder, 'kubeconfig'),
    folder,
    seen,
    watches,
    version: 100,
    put(path, object) {
      const isNew = !objectsOf(path).has(keyOf(object));
      server.putSilently(path, object);
      send(path, isNew ? 'ADDED' : 'MODIFIED', objectsOf(path).get(keyOf(object)));
    },
    putSilently(path, object) {
      server.version += 1;
      const metadata = { ...object.metadata, resourceVersion: String(server.version) };
      objectsOf(path).set(keyOf(object), { ...object, metadata });
    },
    remove(path, namespace, name) {
      const key = `${namespace}/${name}`;
      const former = objectsOf(path).get(key);
      if (former === undefined) return;
      server.version += 1;
      objectsOf(path).delete(key);
      const metadata = { ...former.metadata, resourceVersion: String(server.version) };
      send(path, 'DELETED', { ...former, metadata });
    },
    forgetAll: () => collections.clear(),
    once: (kind, answer) => scripted.set(kind, [...(scripted.get(kind) ?? []), answer]),
    always(kind, answer) {
      if (answer === undefined) standing.delete(kind);
      else standing.set(kind, answer);
    },
    at: (path, answer) => byPath.set(path, answer),
    async start() {
      const take = (request: IncomingMessage, response: ServerResponse): void => void respond(request, response);
      const opened = secure === undefined ? createPlain(take) : createSecure(secure, take);
      listener = opened;
      opened.on('connection', (socket: Socket) => {
        sockets.add(socket);
        socket.once('close', () => sockets.delete(socket));
      });
      await new Promise<void>((resolve) => opened.listen(port, '127.0.0.1', resolve));
      port = (opened.address() as AddressInfo).port;
    },
    async stop() {
      const closing = listener;
      for (const socket of sockets) socket.destroy();
      if (closing !== undefined) await new Promise<void>((resolve) => closing.close(() => resolve()));
    },
    async close() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };

  function send(path: string, type: string, object: unknown): void {
    for (const [response, watched] of watches) if (watched === path) response.write(eventLine(type, object));
  }

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '', server.url);
    const query = Object.fromEntries(searchParams);
    const body = (await request.toArray()).join('');
    const kind = kindOf(request.method ?? '', pathname, query);
    const met: Seen = {
      kind,
      method: request.method ?? '',
      path: pathname,
      query,
      authorization: request.headers.authorization,
      body,
      clientPort: request.socket.remotePort,
      atMs: performance.now(),
    };
    seen.push(met);
    const answer = scripted.get(kind)?.shift() ?? byPath.get(pathname) ?? standing.get(kind) ?? usual[kind];
    answer(response, met);
  }

  const usual: Readonly<Record<Kind, Answer>> = {
    list(response, { path, query }) {
      const [at = '', from = '0'] = (query['continue'] ?? '').split(':');
      const version = at === '' ? String(server.version) : at;
      if (at === '') snapshots.set(`${path}@${version}`, [...objectsOf(path).values()]);
      const all = snapshots.get(`${path}@${version}`) ?? [];
      const end = Number(from) + Number(query['limit'] ?? all.length);
      const metadata = { resourceVersion: version, ...(end < all.length && { continue: `${version}:${end}` }) };
      json(200, { kind: 'List', metadata, items: all.slice(Number(from), end) })(response);
    },
    watch(response, { path, query }) {
      beginWatch(response, path);
      for (const object of objectsOf(path).values()) {
        const isNews = Number(object.metadata['resourceVersion']) > Number(query['resourceVersion']);
        if (isNews) response.write(eventLine('ADDED', object));
      }
    },
    get(response, { path }) {
      const parts = path.split('/');
      const [namespace, resource] = parts.length === 5 ? ['', parts[3]] : [parts[4], parts[5]];
      const found = objectsOf(`/api/v1/${resource}`).get(`${namespace}/${parts.at(-1)}`);
      json(found === undefined ? 404 : 200, found ?? { kind: 'Status', code: 404 })(response);
    },
    other: (response) => json(200, {})(response),
  };

  function beginWatch(response: ServerResponse, path: string): void {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    watches.set(response, path);
    response.once('close', () => watches.delete(response));
  }

  await server.start();
  await writeFile(server.kubeconfig, kubeconfigFor(server.url));
  return server;
}

/** JSON, because YAML contains it. */
export function kubeconfigFor(server: string, user: object = { token: 'one' }, cluster: object = {}): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'here',
    contexts: [{ name: 'here', context: { cluster: 'there', user: 'me' } }],
    clusters: [{ name: 'there', cluster: { server, ...cluster } }],
    users: [{ name: 'me', user }],
  });
}

export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) {
  return (response: ServerResponse): void => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };
}

/** A watch that says this at once, and then whatever the test does with it. */
export function watchSaying(text: string, then?: 'end' | 'reset') {
  return (response: ServerResponse): void => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write(text, () => {
      if (then === 'end') response.end();
      if (then === 'reset') response.destroy();
    });
    response.flushHeaders();
  };
}

export function eventLine(type: string, object: unknown): string {
  return `${JSON.stringify({ type, object })}\n`;
}

function keyOf({ metadata }: ApiObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}

function kindOf(method: string, path: string, query: Readonly<Record<string, string>>): Kind {
  if (method !== 'GET') return 'other';
  if (query['watch'] === 'true') return 'watch';
  return /^\/(?:api|apis\/discovery\.k8s\.io)\/v1\/[a-z]+$/u.test(path) ? 'list' : 'get';
}
