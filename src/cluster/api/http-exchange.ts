import { type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { ApiTooLong, ApiUnreadable } from './api-errors.ts';
import type { Session } from './session.ts';

export interface Outgoing {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly body?: string;
  readonly contentType?: string;
}

/**
 * Of an answer and of an event, in bytes. etcd keeps at most 1.5 MB per object, and each of them may be a control character,
 * which JSON writes as six bytes: one object has 9 MB at most. Whatever is longer must be asked for in smaller pieces.
 */
const LONGEST = 16 * 1024 * 1024;

/** Sends it and resolves with the head of the answer; rejects when `signal` aborts or no answer comes. */
export async function exchange(session: Session, outgoing: Outgoing, signal: AbortSignal): Promise<IncomingMessage> {
  const { request, answer } = send(session, outgoing, signal);
  try {
    return await answer;
  } catch (error) {
    // The server may have closed a kept connection in the same moment; asking again is safe where nothing is written.
    if (outgoing.method !== 'GET' || !request.reusedSocket || signal.aborted) throw error;
    return send(session, outgoing, signal).answer;
  }
}

function send(
  { access, agent }: Session,
  { method, path, body, contentType = 'application/json' }: Outgoing,
  signal: AbortSignal,
): { readonly request: ClientRequest; readonly answer: Promise<IncomingMessage> } {
  const { server, tls } = access;
  const headers = {
    accept: 'application/json',
    'user-agent': 'nodeport-gate',
    ...access.headers,
    ...(body !== undefined && { 'content-type': contentType, 'content-length': Buffer.byteLength(body) }),
  };
  const request = (server.startsWith('https:') ? httpsRequest : httpRequest)(`${server}${path}`, {
    ...tls,
    method,
    headers,
    agent,
    signal,
  });
  const answer = new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve);
    // Stays: an error that comes after the answer, when `signal` aborts, also shows at the body, where it is dealt with.
    request.on('error', reject);
  });
  request.end(body);
  return { request, answer };
}

/** The whole body as text; rejects with ApiTooLong, and ends the connection, as soon as it is too long. */
export async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > LONGEST) throw new ApiTooLong(`the answer is longer than ${LONGEST} bytes`);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Gives each line as it comes; rejects when the body ends otherwise than at the end of a line. */
export async function readLines(response: IncomingMessage, onLine: (line: string) => void): Promise<void> {
  response.setEncoding('utf8');
  let begun = '';
  for await (const chunk of response) {
    const [first = '', ...rest] = String(chunk).split('\n');
    begun += first;
    for (const next of rest) {
      if (begun !== '') onLine(begun);
      begun = next;
    }
    if (begun.length > LONGEST) throw new ApiTooLong(`an event is longer than ${LONGEST} bytes`);
  }
  if (begun !== '') throw new ApiUnreadable('the watch ended in the middle of an event');
}

/** Valid JSON, or undefined. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
