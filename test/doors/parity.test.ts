import { applyPatch, type Operation } from 'rfc6902';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/domain/json.ts';
import { valueAt } from '../../src/domain/path.ts';
import type { ServiceRequest } from '../../src/domain/request.ts';
import type { Verdict } from '../../src/domain/verdict.ts';
import { admit } from '../../src/engine/admit.ts';
import { decide, type Door } from '../../src/engine/decide.ts';
import { verdictList } from '../../src/report/verdict-list.ts';
import type { ServiceCase } from '../../src/rules/cases.ts';
import { readService } from '../../src/wire/service.ts';
import { auditAnnotations } from '../../src/server/audit-annotations.ts';
import { tables } from '../support/case-tables.ts';
import { doorsOf, post } from '../support/doors.ts';
import { frozen } from '../support/frozen.ts';
import { reviewOf } from '../support/gate.ts';
import { manifest, workloadOf } from '../support/manifest.ts';
import { NOW } from '../support/now.ts';
import { policyDocument, policyOf } from '../support/policy.ts';
import { isServiceCase, type Situation, situationOf } from '../support/rule-tester.ts';
import { managed } from '../support/verdict-text.ts';

interface Given {
  readonly title: string;
  readonly given: ServiceCase;
  readonly situation: Situation;
}

const titled = tables.flatMap((table) =>
  [...table.valid, ...table.invalid].map((given) => ({
    rule: table.rule.meta.name,
    title: `${table.rule.meta.name}: ${given.name}`,
    given,
  })),
);

/**
 * Every case of every rule: what the engine says of it is asserted by the rule tester, here every door must say the same.
 * What stands in a file, or runs, is a request once somebody sends it to a door.
 */
const all: readonly Given[] = titled.flatMap(({ rule, title, given }) => {
  if (!isServiceCase(given) || isUnreadable(given)) return [];
  const { origin: _, ...sent } = given;
  return [{ title, given: sent, situation: situationOf(rule, sent) }];
});
const unreadable = titled.flatMap(({ title, given }) =>
  isServiceCase(given) && isUnreadable(given) ? [[title, manifest(given.service)] as const] : [],
);
const workloads = titled.flatMap(({ rule, title, given }) =>
  isServiceCase(given) ? [] : [[title, manifest(given.workload), rule] as const],
);
const proposed = all.filter(({ given }) => given.stage !== 'final').map((one) => [one.title, one] as const);
const final = all.filter(({ given }) => given.stage === 'final').map((one) => [one.title, one] as const);

/** Files may have an empty string for a node port, which no API server would pass on. */
function isUnreadable({ service }: ServiceCase): boolean {
  return !readService(manifest(service), { path: '', authorship: 'manifest' }).ok;
}

function verdictOf({ request, policy, world }: Situation, overrides: Partial<ServiceRequest> = {}): Verdict {
  return admit(frozen({ ...request, ...overrides }), frozen(policy), frozen(world), NOW);
}

function appFor({ situation: { policy, world }, given }: Given): ReturnType<typeof doorsOf> {
  const { namespaceLabels } = given;
  const labels = new Map(namespaceLabels === undefined ? [] : [['shop', namespaceLabels] as const]);
  return doorsOf(policy, { inventory: world.inventory, labels });
}

/** The response of the webhook that the verdict stands for; the patch as it is before it is encoded. */
function responseFor(verdict: Verdict, door: Door, situation: Situation, patch: readonly object[] = []): JsonObject {
  const { allowed, message, warnings, denials, undeterminedDenials } = decide(verdict, door);
  const causes = [
    ...denials.map(({ rule, field, message: text }) => ({ reason: rule, field, message: text })),
    ...undeterminedDenials.map(({ rule, message: text }) => ({ reason: rule, message: text })),
  ];
  const { name } = situation.request.service;
  const status = {
    code: 403,
    reason: 'Forbidden',
    message,
    details: { ...(name !== '' && { name }), kind: 'Service', causes },
  };
  return plain({
    uid: 'test',
    allowed,
    ...(!allowed && { status }),
    ...(allowed && patch.length > 0 && { patch, patchType: 'JSONPatch' }),
    ...(warnings.length > 0 && { warnings }),
    auditAnnotations: auditAnnotations(verdict, situation.policy.hash),
  });
}

function plain(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}

async function ask(
  app: ReturnType<typeof doorsOf>,
  door: '/mutate' | '/validate',
  review: JsonObject,
): Promise<JsonObject> {
  const answer = await post(app, door, review);
  const response = answer['response'] as JsonObject;
  const { patch } = response;
  expect({ ...answer, response: {} }).toEqual({
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    response: {},
  });
  return typeof patch === 'string' ? { ...response, patch: JSON.parse(atob(patch)) as JsonObject } : response;
}

/** The object as the API server would send it: whoever wrote the manifest owns what stands in it. */
function submitted({ service }: ServiceCase): JsonObject {
  const object = manifest(service);
  const ports = valueAt(object, ['spec', 'ports']);
  return managed({ spec: {}, ...object }, Array.isArray(ports) ? [...ports.keys()] : []);
}

function withReview(given: ServiceCase, object: JsonObject): JsonObject {
  const review = reviewOf(object, given.old === undefined ? undefined : manifest(given.old));
  const request = { ...(review['request'] as JsonObject), dryRun: given.dryRun ?? false };
  return { ...review, request };
}

function operationsOf({ patch = [] }: JsonObject): Operation[] {
  return JSON.parse(JSON.stringify(patch)) as Operation[];
}

/** What the API server would store: on CREATE just the patched object, on UPDATE it fills in and drops numbers by itself. */
function patched(object: JsonObject, response: JsonObject, verdict: Verdict, isCreate: boolean): JsonObject {
  const result = structuredClone(object);
  const failures = applyPatch(result, operationsOf(response));
  expect(failures.filter((failure) => failure !== null)).toEqual([]);
  const { spec = null } = verdict.service?.raw ?? result;
  if (isCreate && response['allowed'] === true) expect(result['spec']).toEqual(spec ?? {});
  return { ...result, spec };
}

describe('the engine, /mutate and then /validate', () => {
  it.each(proposed)('%s', async (_, one) => {
    const { situation, given } = one;
    const verdict = verdictOf(situation);
    const app = appFor(one);
    const object = submitted(given);
    const first = await ask(app, '/mutate', withReview(given, object));
    const operations = verdict.changes.map(({ path, value }) => ({ op: 'add', path: `/${path.join('/')}`, value }));
    expect(first).toEqual(responseFor(verdict, 'mutate', situation, operations));

    const second = await ask(
      app,
      '/validate',
      withReview(given, patched(object, first, verdict, given.old === undefined)),
    );
    expect(second).toEqual(responseFor(verdict, 'validate', situation));
  });
});

describe('the engine and /validate, for what only /validate sees', () => {
  it.each(final)('%s', async (_, one) => {
    const { situation, given } = one;
    const review = withReview(given, manifest(given.service));
    expect(await ask(appFor(one), '/validate', review)).toEqual(
      responseFor(verdictOf(situation), 'validate', situation),
    );
  });
});

describe('the engine and /dry-run', () => {
  it.each(proposed)('%s', async (_, one) => {
    const { situation, given } = one;
    const isManifest = given.old === undefined;
    const { service } = situation.request;
    // A manifest of a Service that the inventory holds keeps what it has there; a review says itself what it had.
    const heldAlready = isManifest ? situation.world.inventory.portsOf(service) : [];
    const verdict = verdictOf(situation, { heldAlready, dryRun: true });
    const { namespace, name, generateName } = service;
    const object = { apiVersion: 'v1', kind: 'Service', namespace, name, generateName };
    const list = verdictList([{ object, verdict, decision: decide(verdict, 'dry-run') }], situation.policy.hash);
    const body = isManifest ? manifest(given.service) : withReview(given, submitted(given));
    expect(await post(appFor(one), '/dry-run', body)).toEqual(plain(list));
  });
});

const REFUSED = 'odePort: "" is a string; write a whole number';

describe('what only files may have is a bad request', () => {
  it.each(unreadable)('%s', async (_, object) => {
    const app = doorsOf(policyOf(policyDocument({ 'null-node-port': {} })));
    for (const [door, body] of [
      ['/mutate', reviewOf(object)],
      ['/validate', reviewOf(object)],
      ['/dry-run', object],
    ] as const) {
      const { statusCode, body: answer } = await app.inject({ method: 'POST', url: door, payload: body });
      expect([statusCode, answer]).toEqual([400, expect.stringContaining(JSON.stringify(REFUSED).slice(1, -1))]);
    }
  });
});

describe('a workload, should a webhook configuration send one', () => {
  it.each(workloads)('%s', async (_, object, rule) => {
    const policy = policyOf(policyDocument({ [rule]: {} }));
    const answer = { uid: 'test', allowed: true };
    for (const door of ['/mutate', '/validate'] as const) {
      expect(await ask(doorsOf(policy), door, reviewOfWorkload(object))).toEqual(answer);
    }
  });
});

function reviewOfWorkload(object: JsonObject): JsonObject {
  const review = reviewOf(object);
  const { apiVersion, kind } = workloadOf(object);
  const [version, group = ''] = apiVersion.split('/').toReversed();
  const names = {
    kind: { group, version, kind },
    resource: { group, version, resource: `${kind.toLowerCase()}s` },
  };
  return { ...review, request: { ...(review['request'] as JsonObject), ...names } } as JsonObject;
}
