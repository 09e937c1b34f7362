import type { FastifyInstance } from 'fastify';

/** No page of another origin may embed an answer of this scope, and no browser may take it for something else than it says. */
export function isolateAnswers(app: FastifyInstance): void {
  app.addHook('onRequest', (_request, reply, done) => {
    reply.headers({ 'x-content-type-options': 'nosniff', 'cross-origin-resource-policy': 'same-origin' });
    done();
  });
}
