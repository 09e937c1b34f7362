import type { FastifyInstance } from 'fastify';
import { firstOf } from '../domain/text.ts';
import { makeApp } from './app.ts';
import type { Gate } from './gate.ts';
import { guardLoopback } from './loopback-guard.ts';

const MOST_REASONS = 20;

/** The listener for kubelet and Prometheus, plain HTTP: `/livez`, `/readyz`, `/metrics`. `host`: what it will listen on. */
export function makeOperationsApp(gate: Gate, host: string): FastifyInstance {
  const app = makeApp(gate);
  guardLoopback(app, host);
  // It answers as long as the event loop turns: restarting the gate would help against nothing else.
  app.get('/livez', () => ({ live: true }));
  app.get('/readyz', (_request, reply) => {
    const reasons = gate.notReady();
    if (reasons.length > 0) return reply.code(503).send({ ready: false, reasons: firstOf(reasons, MOST_REASONS) });
    const remarks = firstOf(gate.remarks(), MOST_REASONS);
    return reply.send({ ready: true, policy: gate.policy()?.hash, ...(remarks.length > 0 && { remarks }) });
  });
  app.get('/metrics', async (_request, reply) => {
    const { text, contentType } = await gate.metrics.render();
    return reply.header('content-type', contentType).send(text);
  });
  return app;
}
