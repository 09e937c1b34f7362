import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import type { ApiServer } from './api-server.ts';

/** A client that keeps its connections, for what would take kubectl a process each. */
export interface ApiConnection {
  /** Throws only when there is no answer. A PATCH is a JSON merge patch. */
  readonly request: (
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body?: unknown,
  ) => Promise<ApiReply>;
  readonly close: () => void;
}

export interface ApiReply {
  readonly status: number;
  /** The object, or a Status with a `message`. */
  readonly body: unknown;
}

interface Kubeconfig {
  readonly clusters: readonly [{ readonly cluster: { readonly 'certificate-authority-data': string } }];
  readonly users: readonly [
    { readonly user: { readonly 'client-certificate-data': string; readonly 'client-key-data': string } },
  ];
}

/** Longer than the API server takes to give up both webhooks. */
const TIMEOUT_MS = 15_000;

/** As the administrator; `connections` at most at once. */
export async function connectApi({ url, kubeconfig }: ApiServer, connections: number): Promise<ApiConnection> {
  const { clusters, users } = JSON.parse(await readFile(kubeconfig, 'utf8')) as Kubeconfig;
  const agent = new Agent({
    keepAlive: true,
    maxSockets: connections,
    ca: decoded(clusters[0].cluster['certificate-authority-data']),
    cert: decoded(users[0].user['client-certificate-data']),
    key: decoded(users[0].user['client-key-data']),
  });
  return {
    request(method, path, body) {
      const { promise, resolve, reject } = Promise.withResolvers<ApiReply>();
      const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
      const headers = { 'content-type': type, accept: 'application/json' };
      const asked = request(new URL(path, url), { method, agent, headers, timeout: TIMEOUT_MS }, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: JSON.parse(text) }));
        answer.on('error', reject);
      });
      asked.on('timeout', () => asked.destroy(new Error(`no answer within ${TIMEOUT_MS} ms`)));
      asked.on('error', reject);
      asked.end(body === undefined ? undefined : JSON.stringify(body));
      return promise;
    },
    close: () => agent.destroy(),
  };
}

function decoded(base64: string): string {
  return Buffer.from(base64, 'base64').toString();
}
