import { createServer, type ServerOptions } from 'node:http';
import {
  createServer as createTlsServer,
  Server as TlsServer,
  type ServerOptions as TlsServerOptions,
} from 'node:https';
import { fastify, type FastifyInstance } from 'fastify';
import type { Material } from '../tls/judge.ts';
import { answerBadHttp } from './bad-http.ts';
import { answerBadUrl, answerFaults, type FaultSinks } from './fault-answers.ts';
import { limitBodies } from './body-budget.ts';
import { closeGracefully } from './graceful-close.ts';
import { ignoreBodies } from './json-body.ts';

export interface TlsOptions {
  readonly material: Material;
  /** PEM. Only callers with a certificate of this authority get through the handshake. */
  readonly clientCa: string | undefined;
}

/**
 * The API server keeps idle connections for 90 s and does not retry a POST on one that closes under it, so
 * the gate keeps them longer.
 */
const KEEP_ALIVE_MS = 120_000;
/** The longest that an API server waits for a webhook. */
const REQUEST_TIMEOUT_MS = 30_000;
const HEADERS_TIMEOUT_MS = 15_000;
/** As long as the API server tries. A connection without a handshake keeps the process from ending. */
const HANDSHAKE_TIMEOUT_MS = 10_000;

/** An API server sends at most 3 MiB for each of object and oldObject; controller-runtime stops at 7 MiB. */
const BODY_LIMIT = 8 * 2 ** 20;

/** Each costs 50 KB over TLS (measured). A handful of API servers keep 25 idle ones each, and have some hundreds in a burst. */
const MOST_CONNECTIONS = 2_000;

/** An empty app that answers every failure alike, over HTTPS when `tls` is given. It does not listen. */
export function makeApp(sinks: FaultSinks, tls?: TlsOptions): FastifyInstance {
  const app = fastify({
    logger: false,
    // Requests on connections that are still open while draining are answered like any other, with Connection: close.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    bodyLimit: BODY_LIMIT,
    exposeHeadRoutes: false,
    requestIdHeader: false,
    frameworkErrors: answerBadUrl,
    clientErrorHandler: answerBadHttp,
    serverFactory: (answer) =>
      tls === undefined ? createServer(LIMITS, answer) : createTlsServer(tlsOptions(tls), answer),
  });
  app.server.maxConnections = MOST_CONNECTIONS;
  limitBodies(app, BODY_LIMIT);
  ignoreBodies(app);
  answerFaults(app, sinks);
  closeGracefully(app, () => sinks.isDraining);
  return app;
}

const LIMITS: ServerOptions = {
  requestTimeout: REQUEST_TIMEOUT_MS,
  headersTimeout: HEADERS_TIMEOUT_MS,
  keepAliveTimeout: KEEP_ALIVE_MS,
  connectionsCheckingInterval: 5_000,
};

/**
 * New connections get the new certificate from now on; open ones go on with theirs. Throws for a pair that does not fit,
 * and then the old one stays.
 */
export function renewTls(app: FastifyInstance, tls: TlsOptions): void {
  if (app.server instanceof TlsServer) app.server.setSecureContext(tlsOptions(tls));
}

function tlsOptions({ material: { cert, key }, clientCa }: TlsOptions): TlsServerOptions {
  return {
    ...LIMITS,
    cert,
    key,
    minVersion: 'TLSv1.2',
    handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
    ...(clientCa !== undefined && { ca: clientCa, requestCert: true, rejectUnauthorized: true }),
  };
}
