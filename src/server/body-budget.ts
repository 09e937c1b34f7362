import type { FastifyInstance, FastifyRequest } from 'fastify';
import { RequestFault } from './fault.ts';

/** What API servers send of an ordinary Service is a tenth of this. */
const SMALL_BODY = 64 * 2 ** 10;
/** Bodies that are larger share this, as long as they are under way. */
const BUDGET = 64 * 2 ** 20;

/**
 * Refuses large bodies while too many others are being sent: whoever reaches the listener could fill the memory with bodies
 * that never end. An API server tries again after the second that the answer asks for (client-go, with_retry.go).
 */
export function limitBodies(app: FastifyInstance, largestBody: number): void {
  let underWay = 0;
  app.addHook('onRequest', (request, reply, done) => {
    const size = Math.min(declaredSize(request, largestBody), largestBody);
    if (size > SMALL_BODY) {
      if (underWay + size > BUDGET) {
        reply.header('retry-after', '1');
        throw new RequestFault(503, 'too-busy', 'too many large requests are under way; try again in a second');
      }
      underWay += size;
      reply.raw.once('close', () => {
        underWay -= size;
      });
    }
    done();
  });
}

/** Bytes; as much as there may be where the sender does not say. */
function declaredSize({ raw: { headers } }: FastifyRequest, largestBody: number): number {
  if (headers['transfer-encoding'] !== undefined) return largestBody;
  return Number(headers['content-length'] ?? 0);
}
