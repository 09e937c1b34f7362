import type { FastifyInstance } from 'fastify';
import { makeApp } from './app.ts';
import { dryRunDoor } from './dry-run.ts';
import type { Gate } from './gate.ts';
import { isolateAnswers } from './isolate-answers.ts';
import { readTextBodies } from './json-body.ts';
import { guardLoopback } from './loopback-guard.ts';
import { pageDoor } from './page.ts';
import { portDoors } from './ports.ts';

/** The listener for people and pipelines, plain HTTP: it belongs on loopback, because the port map helps attackers. */
export function makeDoorsApp(gate: Gate, host: string): FastifyInstance {
  const app = makeApp(gate);
  // Of this listener those to unknown routes, too.
  isolateAnswers(app);
  app.register((scope, _options, done) => {
    addDoors(scope, gate, host);
    done();
  });
  return app;
}

/** Adds the doors' routes to another listener, in a scope of their own. `host`: what the app will listen on. */
export function openDoors(app: FastifyInstance, gate: Gate, host: string): void {
  app.register((scope, _options, done) => {
    isolateAnswers(scope);
    addDoors(scope, gate, host);
    done();
  });
}

function addDoors(scope: FastifyInstance, gate: Gate, host: string): void {
  guardLoopback(scope, host);
  readTextBodies(scope);
  pageDoor(scope, gate);
  dryRunDoor(scope, gate);
  portDoors(scope, gate);
}
