import { Agent, request, type RequestOptions } from 'node:https';
import type { IncomingHttpHeaders } from 'node:http';
import { Writable } from 'node:stream';
import { type Inventory } from '../../src/domain/inventory.ts';
import type { Policy } from '../../src/engine/policy.ts';
import { makeLog } from '../../src/server/decision-log.ts';
import { type Gate } from '../../src/server/gate.ts';
import { drain, listen } from '../../src/server/listen.ts';
import { makeMetrics } from '../../src/server/metrics.ts';
import { makeWebhookApp } from '../../src/server/webhook.ts';
import { makeAuthority } from '../../src/tls/authority.ts';
import { DEVELOPMENT_NAMES, makeLeaf } from '../../src/tls/leaf.ts';
import { openGate } from '../support/open-gate.ts';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly json: unknown;
}

export interface TlsGate {
  readonly port: number;
  readonly ca: string;
  readonly gate: Gate;
  /** The log so far, one object per line. */
  readonly logged: () => readonly unknown[];
  /** Sends the body as it is, over a kept connection. */
  send(path: string, body: string | Buffer, options?: RequestOptions): Promise<Answer>;
  close(): Promise<void>;
}

/** A webhook app on a real TLS socket on loopback, with a certificate of its own. */
export async function startTlsGate(
  policy: Policy | undefined,
  options: { readonly inventory?: Inventory; readonly clientCa?: string } = {},
): Promise<TlsGate> {
  const now = new Date();
  const authority = await makeAuthority(now);
  const leaf = await makeLeaf(authority, DEVELOPMENT_NAMES, now);
  const lines: string[] = [];
  const sink = new Writable({
    write: (chunk, _encoding, done) => {
      lines.push(String(chunk));
      done();
    },
  });
  const gate = openGate({
    policy,
    policyProblems: policy === undefined ? ['policy.yaml:1:1: this is wrong; write something else'] : [],
    ...(options.inventory !== undefined && { inventory: options.inventory }),
    metrics: makeMetrics('1.2.3'),
    log: makeLog('info', sink),
  });
  const material = { cert: leaf.cert, key: leaf.key, ca: authority.cert };
  const app = makeWebhookApp(gate, '127.0.0.1', { material, clientCa: options.clientCa });
  const opened = await listen(app, { host: '127.0.0.1', port: 0, flag: '--port' });
  if (!opened.ok) throw new Error(opened.problems.join('\n'));
  const port = opened.value;
  const agent = new Agent({ keepAlive: true, ca: authority.cert });
  return {
    port,
    ca: authority.cert,
    gate,
    logged: () => lines.join('').split('\n').filter(Boolean).map(parsed),
    send: (path, body, extra = {}) => send({ host: '127.0.0.1', port, path, agent, method: 'POST', ...extra }, body),
    close: async () => {
      agent.destroy();
      await drain([app], 1000);
    },
  };
}

function send(options: RequestOptions, body: string | Buffer): Promise<Answer> {
  const headers = { 'content-type': 'application/json', ...(options.headers as Record<string, string> | undefined) };
  return new Promise((resolve, reject) => {
    const asked = request({ ...options, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text, json: parsed(text) });
      });
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
