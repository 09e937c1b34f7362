import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { type Inventory, inventoryOf } from '../../src/domain/inventory.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import type { Labels } from '../../src/domain/selection.ts';
import type { Policy } from '../../src/engine/policy.ts';
import { admissionDoors } from '../../src/server/admission.ts';
import { makeApp } from '../../src/server/app.ts';
import { openDoors } from '../../src/server/doors.ts';
import { makeGate } from '../../src/server/gate.ts';
import { makeMetrics } from '../../src/server/metrics.ts';
import { NOW } from './now.ts';

export interface Surroundings {
  readonly inventory?: Inventory;
  readonly labels?: ReadonlyMap<string, Labels>;
}

/** All doors of one gate in one app that does not listen; a new gate remembers nothing. */
export function doorsOf(
  policy: Policy,
  { inventory = inventoryOf([]), labels = new Map() }: Surroundings = {},
): FastifyInstance {
  const gate = makeGate({
    policy,
    policyProblems: [],
    inventory,
    namespaceLabels: labels,
    now: () => NOW,
    metrics: makeMetrics('test'),
    log: pino({ enabled: false }),
  });
  const app = makeApp(gate);
  app.register((scope, _options, done) => {
    admissionDoors(scope, gate);
    done();
  });
  openDoors(app, gate, '127.0.0.1');
  return app;
}

/** Posts JSON and reads JSON; for `/dry-run` it asks for the VerdictList. */
export async function post(app: FastifyInstance, url: string, body: unknown): Promise<JsonObject> {
  const headers = { 'content-type': 'application/json', accept: 'application/json', host: 'localhost' };
  const answer = await app.inject({ method: 'POST', url, headers, payload: JSON.stringify(body) });
  return answer.json<JsonObject>();
}
