import type { FastifyReply, FastifyRequest } from 'fastify';
import { hasVersion } from './entity-tag.ts';

/** A body that is made seldom and asked for often. */
export interface Version {
  readonly body: string;
  readonly tag: string;
}

/** The body, or 304 without it for a client that has it. Whoever keeps it asks each time, so nobody sees an old one. */
export function sendVersion(
  request: FastifyRequest,
  reply: FastifyReply,
  { body, tag }: Version,
  type: string,
): FastifyReply {
  reply.header('etag', tag).header('cache-control', 'no-cache');
  if (hasVersion(request.headers['if-none-match'], tag)) return reply.code(304).send();
  return reply.header('content-type', type).send(body);
}
