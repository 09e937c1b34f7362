import type { FastifyInstance } from 'fastify';
import { admissionDoors } from './admission.ts';
import { makeApp, type TlsOptions } from './app.ts';
import { openDoors } from './doors.ts';
import type { Gate } from './gate.ts';
import { isLoopback } from './host.ts';

/**
 * The HTTPS listener for API servers: `/mutate` and `/validate`. On loopback nobody else can reach it, so there it serves
 * the doors' routes too.
 */
export function makeWebhookApp(gate: Gate, host: string, tls: TlsOptions): FastifyInstance {
  const app = makeApp(gate, tls);
  app.register((scope, _options, done) => {
    admissionDoors(scope, gate);
    done();
  });
  if (isLoopback(host)) openDoors(app, gate, host);
  return app;
}
