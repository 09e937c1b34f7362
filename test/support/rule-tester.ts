import { describe, expect, it } from 'vitest';
import { atMost, type Finding } from '../../src/domain/finding.ts';
import type { HeldPort } from '../../src/domain/inventory.ts';
import { isJsonObject, type JsonObject } from '../../src/domain/json.ts';
import { valueAt } from '../../src/domain/path.ts';
import { type Reach, reachOf } from '../../src/domain/reach.ts';
import { printable } from '../../src/domain/text.ts';
import type { ServiceRequest } from '../../src/domain/request.ts';
import type { Service } from '../../src/domain/service.ts';
import type { Verdict } from '../../src/domain/verdict.ts';
import type { World } from '../../src/domain/world.ts';
import { allocatesNodePorts, needsHealthCheckNodePort } from '../../src/engine/api-server.ts';
import { admit } from '../../src/engine/admit.ts';
import { admitWorkload } from '../../src/engine/admit-workload.ts';
import type { Policy } from '../../src/engine/policy.ts';
import type { CaseTable, ExpectedFinding, RuleCase, ServiceCase, WorkloadCase } from '../../src/rules/cases.ts';
import { frozen } from './frozen.ts';
import { manifest, requestFor, serviceOf, workloadOf } from './manifest.ts';
import { NOW } from './now.ts';
import { policyDocument, policyOf } from './policy.ts';
import { worldOf } from './world.ts';

const LONGEST_MESSAGE = 200;

type Table = CaseTable<string>;

/** What a case asks, ready for `admit`. */
export interface Situation {
  readonly request: ServiceRequest;
  readonly policy: Policy;
  readonly world: World;
}

export function isServiceCase(given: RuleCase): given is ServiceCase {
  return given.service !== undefined;
}

export function situationOf(rule: string, given: ServiceCase): Situation {
  // What `/validate` sees has met the API server; anything else is a manifest as somebody wrote it.
  const from = given.stage === 'final' ? 'object' : given.origin === 'file' ? 'file' : 'manifest';
  const service = serviceOf(given.service, from);
  const oldService = given.old === undefined ? undefined : serviceOf(given.old, from);
  const request = requestFor(service, {
    oldService,
    origin: given.origin ?? 'request',
    stage: given.stage ?? 'proposed',
    dryRun: given.dryRun ?? false,
  });
  return {
    request,
    policy: policyFor(rule, given),
    world: worldFor(given),
  };
}

/** Turns a table into tests, and refuses a weak table. */
export function testRule(table: Table): void {
  const { name, messages } = { name: table.rule.meta.name, messages: Object.keys(table.rule.messages) };
  describe(name, () => {
    it('has a table that says something', () => {
      const all = [...table.valid, ...table.invalid];
      expect(table.valid.length, 'valid cases').toBeGreaterThan(0);
      expect(table.invalid.length, 'invalid cases').toBeGreaterThan(0);
      expect(new Set(all.map((one) => one.name)).size, 'names are unique').toBe(all.length);
      expect(new Set(all.map(({ name: _, ...rest }) => JSON.stringify(rest))).size, 'no case twice').toBe(all.length);
      const used = new Set(table.invalid.flatMap(({ findings }) => findings.map(({ messageId }) => messageId)));
      expect([...used].sort(), 'every message occurs').toEqual([...messages].sort());
    });
    it('says nothing of an object without any of its words, if it has some', () => {
      const { words = [''] } = table.rule.meta;
      const texts = table.invalid.map((given) => JSON.stringify(given.service ?? given.workload));
      expect(texts.filter((text) => !words.some((word) => text.includes(word)))).toEqual([]);
    });
    it.each(table.valid.map((one) => [one.name, one] as const))('valid: %s', (_, given) => {
      const { judged, findings, undetermined } = verdictOf(name, given);
      expect(judged).toBe(true);
      expect(findings).toEqual([]);
      expect(undetermined.map(({ needs }) => needs)).toEqual(needsOf(given));
    });
    it.each(table.invalid.map((one) => [one.name, one] as const))('invalid: %s', (_, given) => {
      const verdict = verdictOf(name, given);
      expect(verdict.findings.map(shown)).toEqual(given.findings.map((finding) => expected(table, finding)));
      expect(verdict.undetermined.map(({ needs }) => needs)).toEqual(needsOf(given));
      verdict.findings.forEach((finding, index) => {
        expectGoodText(finding, given.findings[index]?.unsaid);
        expectPlace(finding, isServiceCase(given) ? verdict.service?.raw : manifest(given.workload));
      });
    });
    it.for(table.invalid.filter(isUpdatable).map((one) => [one.name, one] as const))(
      'does not freeze what runs: %s',
      ([, given], { skip }) => {
        const { request, policy, world } = situationOf(name, given);
        const first = admit(request, policy, world, NOW);
        const service = first.service ?? request.service;
        skip(!isComplete(service), 'the API server stores no Service that lacks a number it should have');
        const update = { ...request, operation: 'UPDATE', stage: 'final', service, oldService: service } as const;
        const { findings } = admit(update, policy, world, NOW);
        expect(findings.map(weighed)).toEqual(replayed(table, first.findings, given.findings));
      },
    );
  });
}

/** Only what an API server is asked for can be an update: a file says nothing of its former self. */
function isUpdatable<Given extends RuleCase>(given: Given): given is Given & ServiceCase {
  return isServiceCase(given) && given.origin === undefined;
}

function needsOf(given: RuleCase): readonly string[] {
  return (isServiceCase(given) ? given.undetermined : undefined) ?? [];
}

/**
 * Frozen input, asked twice, the second time with everything around it in another order: the same verdict. Freezing cannot
 * hold what is inside a Map, a Set, a typed array or a closure: the inventory's index, port sets, bound options.
 */
function verdictOf(rule: string, given: RuleCase): Verdict {
  const verdict = judge(rule, given, frozen);
  const again = judge(rule, reversed(given), (value) => value);
  expect(withoutService(again)).toEqual(withoutService(verdict));
  return verdict;
}

function judge(rule: string, given: RuleCase, hold: <Value>(value: Value) => Value): Verdict {
  if (!isServiceCase(given)) return judgeWorkload(rule, given, hold);
  const { request, policy, world } = situationOf(rule, given);
  return admit(hold(request), hold(policy), hold(world), NOW);
}

function judgeWorkload(rule: string, given: WorkloadCase, hold: <Value>(value: Value) => Value): Verdict {
  const question = { workload: workloadOf(given.workload), origin: given.origin ?? 'file' };
  return admitWorkload(hold(question), hold(policyFor(rule, given)), hold(worldFor(given)), NOW);
}

function reversed<Given extends RuleCase>(given: Given): Given {
  const { documents = [], others = [] } = given;
  return { ...given, documents: documents.toReversed(), others: others.toReversed() };
}

function withoutService({ service: _, ...rest }: Verdict): Omit<Verdict, 'service'> {
  return rest;
}

/** Whether a cluster could hold it: the API server stores no Service that lacks a number it should have. */
export function isComplete(service: Service): boolean {
  const hasNumbers = !allocatesNodePorts(service) || service.ports.every(({ nodePort }) => nodePort !== 0);
  return hasNumbers && (!needsHealthCheckNodePort(service) || service.healthCheckNodePort !== 0);
}

/**
 * What the ratchet makes of the findings when the object is updated with itself: the same remarks, already there and a
 * warning at most. Nothing weakens an absolute rule, and what an exception excuses stays excused.
 */
function replayed(
  { rule }: Table,
  findings: readonly Finding[],
  asExpected: readonly ExpectedFinding<string>[],
): readonly object[] {
  return findings.flatMap((finding, index) => {
    const messageId = asExpected[index]?.replayed ?? finding.messageId;
    if (messageId === 'nothing') return [];
    const alreadyThere = rule.meta.absolute !== true && finding.exception === undefined;
    const enforcement = alreadyThere ? atMost(finding.enforcement, 'warn') : finding.enforcement;
    return weighed({ ...finding, messageId, alreadyThere, enforcement });
  });
}

function weighed({ rule, path, messageId, alreadyThere, enforcement }: Finding): object {
  return { rule, path, messageId, alreadyThere, enforcement };
}

function policyFor(rule: string, { options = {}, documents = [] }: RuleCase): Policy {
  return policyOf(policyDocument({ [rule]: options }), ...documents);
}

function worldFor(given: RuleCase): World {
  const others = (given.others ?? []).map((other) => serviceOf(other));
  if (!isServiceCase(given)) return worldOf(others);
  const { inventoryComplete = true, namespaceLabels, workloads = [], nodes } = given;
  return worldOf(others, {
    complete: inventoryComplete,
    workloads: workloads.map((workload) => workloadOf(workload)),
    ...(namespaceLabels !== undefined && { labels: { shop: namespaceLabels } }),
    ...(nodes !== undefined && { reach: reachThrough(nodes) }),
  });
}

function reachThrough(nodes: Readonly<Record<string, 'pod' | 'no pod'>>): Reach {
  const names = Object.keys(nodes);
  const service = { namespace: 'shop', name: 'web' };
  return reachOf(
    names.map((name) => ({ name, addresses: [] })),
    [{ service, nodes: names.filter((name) => nodes[name] === 'pod') }],
  );
}

function shown(finding: Finding): JsonObject {
  const { rule, messageId, path, message, field, value, port, free, holder, fix, enforcement } = finding;
  return clean({
    rule,
    messageId,
    path: [...path],
    text: message.slice(field.length + 2),
    value,
    port: port === undefined ? undefined : { number: port.number, protocol: port.protocol },
    free,
    holder: holder === undefined ? undefined : holderText(holder),
    fix,
    enforcement,
  });
}

function expected({ rule }: Table, finding: ExpectedFinding<string>): JsonObject {
  const { replayed: _, unsaid: __, ...facts } = finding;
  return clean({ rule: rule.meta.name, enforcement: 'deny', ...facts });
}

function holderText({ namespace, name, port, protocol, nodePort }: HeldPort): string {
  return `${namespace}/${name} ${port}/${protocol} ${nodePort}`;
}

/** Absent and undefined are the same; JSON knows no other absence. */
function clean(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}

function expectGoodText({ message, field, value }: Finding, unsaid: string | undefined): void {
  expect(message, 'no placeholder is left').not.toMatch(/[{}]/);
  expect(message, 'no full stop at the end').not.toMatch(/\.$/);
  // Only warnings have a limit (decide() cuts them), but nobody reads three lines of a terminal.
  expect(message.length, `${message} is short`).toBeLessThanOrEqual(LONGEST_MESSAGE);
  if (typeof value !== 'string' && typeof value !== 'number') return;
  const says = message.slice(field.length).includes(printable(String(value)));
  expect(says, `${message} ${unsaid === undefined ? 'says' : 'does not say'} ${value}`).toBe(unsaid === undefined);
}

/** The field is there, or could be written where its parent is; an object without annotations has a place for one. */
function expectPlace({ path, field }: Finding, raw: JsonObject = manifest({})): void {
  const parent = path.slice(0, -1);
  const isAnnotation = parent.join('.') === 'metadata.annotations';
  const place = valueAt(raw, parent) ?? (isAnnotation ? valueAt(raw, ['metadata']) : undefined);
  expect(isJsonObject(place) || Array.isArray(place), `${field} has a place`).toBe(true);
}
