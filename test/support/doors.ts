import type { FastifyInstance } from 'fastify';
import type { ClusterView } from '../../src/cluster/cluster-view.ts';
import type { Inventory } from '../../src/domain/inventory.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import type { Labels } from '../../src/domain/selection.ts';
import type { Policy } from '../../src/engine/policy.ts';
import { admissionDoors } from '../../src/server/admission.ts';
import { makeApp } from '../../src/server/app.ts';
import type { AuditState } from '../../src/server/audit-state.ts';
import { openDoors } from '../../src/server/doors.ts';
import { NOW } from './now.ts';
import { openGate } from './open-gate.ts';

export interface Surroundings {
  readonly inventory?: Inventory;
  readonly labels?: ReadonlyMap<string, Labels>;
  /** In place of inventory and labels. */
  readonly cluster?: ClusterView;
  readonly audit?: AuditState;
  readonly now?: Date;
}

/** All doors of one gate in one app that does not listen; a new gate remembers nothing. */
export function doorsOf(policy: Policy, { now = NOW, ...surroundings }: Surroundings = {}): FastifyInstance {
  const gate = openGate({ policy, now: () => now, ...surroundings });
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
