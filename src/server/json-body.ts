import { isUtf8 } from 'node:buffer';
import type { FastifyInstance } from 'fastify';
import { printable } from '../domain/text.ts';
import { RequestFault } from './fault.ts';

/** In this scope a body is strict JSON in UTF-8 with `Content-Type: application/json`; everything else is refused. */
export function readJsonBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (_, body, done) => {
    try {
      done(null, parseJson(body));
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
    }
  });
}

/** In this scope every body is text in UTF-8, whatever its Content-Type: plain curl sends form data. */
export function readTextBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addHook('onRequest', (request, _reply, done) => {
    // Fastify refuses a malformed Content-Type before any parser is asked.
    delete request.raw.headers['content-type'];
    done();
  });
  app.addContentTypeParser<Buffer>('*', { parseAs: 'buffer' }, (_, body, done) => {
    if (isUtf8(body)) done(null, body.toString('utf8'));
    else done(notUtf8());
  });
}

/** In this scope nobody looks at bodies: they are read and dropped, so that the answer arrives. */
export function ignoreBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_, payload, done) => {
    payload.resume();
    done(null);
  });
}

function parseJson(body: Buffer): unknown {
  if (!isUtf8(body)) throw notUtf8();
  if (body.length === 0) throw malformed('the body is empty');
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw malformed(error instanceof Error ? printable(error.message) : 'it cannot be read');
  }
}

/** Nothing was sent at all: Fastify asks no parser then. */
export function emptyBody(): RequestFault {
  return malformed('the body is empty');
}

function malformed(why: string): RequestFault {
  return new RequestFault(400, 'malformed-json', `the body is no JSON (${why}); send an AdmissionReview`);
}

function notUtf8(): RequestFault {
  return new RequestFault(400, 'malformed-text', 'the body is not UTF-8; send it in UTF-8');
}
