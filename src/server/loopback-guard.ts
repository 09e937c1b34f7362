import type { FastifyInstance, FastifyRequest } from 'fastify';
import { printable } from '../domain/text.ts';
import { RequestFault } from './fault.ts';
import { hostNameOf, isLoopback } from './host.ts';

/**
 * A listener on loopback trusts whoever can reach it, and a browser on this machine can be made to: by a page whose name
 * resolves to 127.0.0.1 (DNS rebinding: the Host header then has that name), or by a form that posts across origins.
 * Neither gets an answer in this scope. `configuredHost`: the address the operator chose to listen on.
 */
export function guardLoopback(app: FastifyInstance, configuredHost: string): void {
  if (!isLoopback(configuredHost)) return;
  app.addHook('onRequest', (request, _reply, done) => done(faultOf(request, configuredHost)));
}

function faultOf(request: FastifyRequest, configuredHost: string): RequestFault | undefined {
  const { host, origin } = request.headers;
  // Only HTTP/1.0 may come without, and browsers do not speak it.
  if (host !== undefined && !isOwnName(host, configuredHost)) {
    const message = `${printable(host)} is not the name of this machine; use localhost or 127.0.0.1`;
    return new RequestFault(403, 'forbidden-host', message);
  }
  if (request.method === 'POST' && origin !== undefined && !isSameOrigin(origin, host)) {
    const message = `${printable(origin)} is another origin; post from this listener's own page or without a browser`;
    return new RequestFault(403, 'forbidden-origin', message);
  }
  return undefined;
}

function isOwnName(header: string, configuredHost: string): boolean {
  const name = hostNameOf(header);
  return name !== undefined && (isLoopback(name) || name.toLowerCase() === configuredHost.toLowerCase());
}

function isSameOrigin(origin: string, host: string | undefined): boolean {
  return URL.canParse(origin) && new URL(origin).host === host?.toLowerCase();
}
