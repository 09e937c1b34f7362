import type { FastifyInstance, FastifyRequest } from 'fastify';
import { printable } from '../domain/text.ts';
import { RequestFault } from './fault.ts';
import { hostNameOf, isLoopback } from './host.ts';

/**
 * A listener on loopback trusts whoever can reach it, and a browser on this machine can be made to: by a page whose name
 * resolves to 127.0.0.1 (DNS rebinding: the Host header then has that name), or by a page of another origin that posts a
 * form, fetches, or embeds. None of them gets an answer in this scope. `configuredHost`: the address the operator chose to
 * listen on.
 */
export function guardLoopback(app: FastifyInstance, configuredHost: string): void {
  if (!isLoopback(configuredHost)) return;
  app.addHook('onRequest', (request, _reply, done) => done(faultOf(request, configuredHost)));
}

function faultOf(request: FastifyRequest, configuredHost: string): RequestFault | undefined {
  const { method, url, protocol } = request;
  const { host, origin } = request.headers;
  // `GET http://evil.example/ports` is for proxies, and names a host that the header need not have (RFC 9112, 3.2.2).
  if (!url.startsWith('/')) {
    return new RequestFault(404, 'not-found', `${method} ${printable(url)} is no route of this listener`);
  }
  // Only HTTP/1.0 may come without, and browsers do not speak it.
  if (host !== undefined && !isOwnName(host, configuredHost)) {
    const message = `${printable(host)} is not the name of this machine; use localhost or 127.0.0.1`;
    return new RequestFault(403, 'forbidden-host', message);
  }
  if (origin !== undefined && origin !== `${protocol}://${host?.toLowerCase()}`) {
    const message = `${printable(origin)} is another origin; ask from this listener's own page or without a browser`;
    return new RequestFault(403, 'forbidden-origin', message);
  }
  return faultOfSite(request);
}

/**
 * What browsers say of requests that carry no Origin: a script, an image, a frame, a link of another site (Fetch Metadata,
 * W3C). Another port of this machine is the same site, and nevertheless somebody else.
 */
function faultOfSite(request: FastifyRequest): RequestFault | undefined {
  const site = request.headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none' || opensPage(request)) return undefined;
  const message = `${printable(site)} is where this request comes from; open the page itself, or ask without a browser`;
  return new RequestFault(403, 'forbidden-origin', message);
}

/** A link to the page, in a tab of its own: it shows nothing to whoever made the link. */
function opensPage({ method, url, headers }: FastifyRequest): boolean {
  return (
    method === 'GET' &&
    url === '/' &&
    headers['sec-fetch-mode'] === 'navigate' &&
    headers['sec-fetch-dest'] === 'document'
  );
}

function isOwnName(header: string, configuredHost: string): boolean {
  const name = hostNameOf(header);
  return name !== undefined && (isLoopback(name) || name.toLowerCase() === configuredHost.toLowerCase());
}
