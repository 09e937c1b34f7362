import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** A body that is made seldom and asked for often. */
export interface Version {
  readonly body: string;
  /** A strong entity tag: the same one for the same bytes, in every replica and after a restart. */
  readonly tag: string;
}

export function versionOf(body: string): Version {
  return { body, tag: `"${createHash('sha256').update(body).digest('base64url')}"` };
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

/** Whether the client has this version already (RFC 9110, 13.1.2): `*`, or the tag anywhere in the list, weak or not. */
function hasVersion(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  const tags: readonly string[] = ifNoneMatch.match(/"[\x21\x23-\x7e\x80-\xff]*"/g) ?? [];
  return tags.includes(tag);
}
