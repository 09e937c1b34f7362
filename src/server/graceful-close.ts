import type { Server } from 'node:http';
import { Server as TlsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import type { FastifyInstance } from 'fastify';

/** How long a connection without any request may take to send one that is already on its way. */
const GRACE_MS = 500;

/**
 * Closes each connection after its answer as soon as `isDraining`, so that callers that keep connections find another
 * gate; and lets `app.close()` finish as soon as everything that has begun is answered. Node alone keeps a connection open whose
 * request had begun before the close, and one that has never sent a request counts as busy to it.
 */
export function closeGracefully(app: FastifyInstance, isDraining: () => boolean): void {
  const unused = trackUnused(app.server);
  let isClosing = false;
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (isClosing || isDraining()) reply.header('connection', 'close');
    done();
  });
  app.addHook('preClose', (done) => {
    isClosing = true;
    setTimeout(() => {
      for (const socket of unused) socket.destroy();
    }, GRACE_MS).unref();
    done();
  });
}

/** The connections that have not sent a request yet. */
function trackUnused(server: Server): ReadonlySet<Duplex> {
  const unused = new Set<Duplex>();
  const track = (socket: Duplex): void => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  };
  // Over TLS, requests come from the socket that `secureConnection` gives; `connection` gives the one below it.
  server.on(server instanceof TlsServer ? 'secureConnection' : 'connection', track);
  server.on('request', ({ socket }) => unused.delete(socket));
  return unused;
}
