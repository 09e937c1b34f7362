import { type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { ApiUnreadable } from './api-errors.ts';
import type { Session } from './session.ts';

export interface Outgoing {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly body?: string;
  readonly contentType?: string;
}

/** A page of 500 large objects has 50 MB; more is a mistake or an attack. */
const LONGEST_ANSWER = 128 * 1024 * 1024;
/** etcd keeps at most 1.5 MB per object. */
const LONGEST_LINE = 16 * 1024 * 1024;

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

/** The whole body as text. */
export async function readText(response: IncomingMessage): Promise<string> {
  response.setEncoding('utf8');
  let text = '';
  for await (const chunk of response) {
    text += String(chunk);
    if (text.length > LONGEST_ANSWER) throw new ApiUnreadable(`the answer is longer than ${LONGEST_ANSWER} bytes`);
  }
  return text;
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
    if (begun.length > LONGEST_LINE) throw new ApiUnreadable(`an event is longer than ${LONGEST_LINE} bytes`);
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
