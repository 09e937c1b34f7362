import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { printable } from '../domain/text.ts';
import type { Metrics } from './metrics.ts';

/** Everything an error answer says; `code` is for programs, kebab-case, and never changes its meaning. */
export interface Fault {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** Thrown by a door to answer `{"error":{"code","message"}}` with its status. */
export class RequestFault extends Error {
  readonly fault: Fault;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = 'RequestFault';
    this.fault = { status, code, message };
  }
}

export interface FaultSinks {
  readonly log: Logger;
  readonly metrics: Metrics;
}

const INTERNAL: Fault = {
  status: 500,
  code: 'internal',
  message: 'the gate failed unexpectedly; its log has the details',
};

const NO_POLICY = 'no policy is loaded; see /readyz on the operations port or the log of the gate';

/** Without a policy there is no verdict: the caller's failurePolicy decides. */
export function noPolicy(): RequestFault {
  return new RequestFault(503, 'no-policy', NO_POLICY);
}

/** Makes every failure of this app, routing included, the same JSON shape. Never a stack trace. */
export function answerFaults(app: FastifyInstance, { log, metrics }: FaultSinks): void {
  const methods = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ url, method }) => {
    const known = methods.get(url) ?? new Set<string>();
    for (const name of typeof method === 'string' ? [method] : method) known.add(name);
    methods.set(url, known);
  });
  app.setErrorHandler((error, request, reply) => {
    const fault = faultOf(error, request);
    if (fault.status >= 500 && !(error instanceof RequestFault))
      log.error({ err: error, path: pathOf(request) }, 'failed');
    return sendFault(reply, fault, metrics);
  });
  app.setNotFoundHandler((request, reply) => {
    const allowed = methods.get(pathOf(request));
    const shown = `${request.method} ${printable(pathOf(request))}`;
    if (allowed === undefined) {
      return sendFault(
        reply,
        { status: 404, code: 'not-found', message: `${shown} is no route of this listener` },
        metrics,
      );
    }
    const list = [...allowed].join(', ');
    reply.header('allow', list);
    return sendFault(
      reply,
      { status: 405, code: 'method-not-allowed', message: `${shown} is not possible; use ${list}` },
      metrics,
    );
  });
}

/** For a URL that the router cannot even decode. */
export function answerBadUrl(_error: Error, request: FastifyRequest, reply: FastifyReply): void {
  const message = `${printable(request.url)} is no URL; check its percent signs`;
  reply
    .code(400)
    .header('content-type', JSON_TYPE)
    .send(faultBody({ status: 400, code: 'invalid-url', message }));
}

/**
 * For bytes that are no HTTP request: written by hand, because there is no response object. A failed or overdue TLS
 * handshake comes here too, and nothing can be written to that.
 */
export function answerBadHttp(error: Error, socket: Socket): void {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const isHttp = code.startsWith('HPE_') || code.startsWith('ERR_HTTP_');
  if (!isHttp || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, reason, fault } = BAD_HTTP[code] ?? MALFORMED_HTTP;
  const body = faultBody({ status, ...fault });
  socket.setTimeout(LINGER_MS, () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${status} ${reason}\r\nContent-Type: ${JSON_TYPE}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n` +
      `Connection: close\r\n\r\n${body}`,
  );
}

/** How long a client may take to read its last answer and hang up. */
const LINGER_MS = 1_000;

export const JSON_TYPE = 'application/json; charset=utf-8';

interface BadHttp {
  readonly status: number;
  readonly reason: string;
  readonly fault: Pick<Fault, 'code' | 'message'>;
}

const MALFORMED_HTTP: BadHttp = {
  status: 400,
  reason: 'Bad Request',
  fault: { code: 'malformed-http', message: 'the request is no HTTP/1.1; send it with an HTTP client' },
};

const BAD_HTTP: Readonly<Record<string, BadHttp>> = {
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    reason: 'Request Timeout',
    fault: { code: 'request-timeout', message: 'the request was not complete in time; send it faster' },
  },
  HPE_HEADER_OVERFLOW: {
    status: 431,
    reason: 'Request Header Fields Too Large',
    fault: { code: 'headers-too-large', message: 'the headers are larger than 16 KiB; send fewer' },
  },
};

function sendFault(reply: FastifyReply, fault: Fault, metrics: Metrics): FastifyReply {
  metrics.countFault(fault.code);
  return reply.code(fault.status).header('content-type', JSON_TYPE).send(faultBody(fault));
}

function faultBody({ code, message }: Fault): string {
  return JSON.stringify({ error: { code, message } });
}

type FaultOf = (request: FastifyRequest) => Fault;

/** Nobody reads this answer: the client went away in the middle of its body. */
const aborted: FaultOf = () => ({ status: 400, code: 'aborted', message: 'the request was aborted' });

/** Fastify's own codes, https://fastify.dev/docs/latest/Reference/Errors, and those of a broken connection. */
const FRAMEWORK_FAULTS: Readonly<Record<string, FaultOf>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ({ headers }) => {
    const type = headers['content-type'];
    const what = type === undefined ? 'no Content-Type' : printable(type);
    const message = `${what} is not supported; send Content-Type: application/json`;
    return { status: 415, code: 'unsupported-media-type', message };
  },
  FST_ERR_CTP_BODY_TOO_LARGE: ({ routeOptions }) => {
    const limit = `${routeOptions.bodyLimit / 2 ** 20} MiB`;
    return { status: 413, code: 'body-too-large', message: `the body is larger than ${limit}; send less` };
  },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: () => {
    const message = 'the body is not as long as its Content-Length; send all of it';
    return { status: 400, code: 'incomplete-body', message };
  },
  ECONNRESET: aborted,
  ERR_STREAM_PREMATURE_CLOSE: aborted,
};

function faultOf(error: unknown, request: FastifyRequest): Fault {
  if (error instanceof RequestFault) return error.fault;
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  const known = Object.hasOwn(FRAMEWORK_FAULTS, code) ? FRAMEWORK_FAULTS[code] : undefined;
  return known?.(request) ?? refusedByFramework(error) ?? INTERNAL;
}

/** What Fastify blames on the client in a way that is not listed above. */
function refusedByFramework(error: unknown): Fault | undefined {
  if (!(error instanceof Error) || !('statusCode' in error)) return undefined;
  const { statusCode: status, message } = error;
  if (typeof status !== 'number' || status < 400 || status > 499) return undefined;
  return { status, code: 'bad-request', message: `${printable(message)}; check the request` };
}

function pathOf(request: FastifyRequest): string {
  const { url } = request;
  const end = url.indexOf('?');
  return end < 0 ? url : url.slice(0, end);
}
