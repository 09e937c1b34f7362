import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { own } from '../domain/json.ts';
import { printable } from '../domain/text.ts';
import { type Fault, faultBody, JSON_TYPE, RequestFault } from './fault.ts';
import type { Metrics } from './metrics.ts';

/** What every app of a gate needs of it, even one without doors. */
export interface FaultSinks {
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly isDraining: boolean;
}

const INTERNAL: Fault = {
  status: 500,
  code: 'internal',
  message: 'the gate failed unexpectedly; its log has the details',
};

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
    .send(faultBody({ code: 'invalid-url', message }));
}

function sendFault(reply: FastifyReply, fault: Fault, metrics: Metrics): FastifyReply {
  metrics.countFault(fault.code);
  return reply.code(fault.status).header('content-type', JSON_TYPE).send(faultBody(fault));
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
  const known = own(FRAMEWORK_FAULTS, code);
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
