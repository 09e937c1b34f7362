import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { JsonObject } from '../../src/domain/json.ts';
import { compilePolicy } from '../../src/policy/compile.ts';
import type { ExpectedFinding, ServiceCase } from '../../src/rules/cases.ts';
import { formatPath } from '../../src/domain/path.ts';
import { inventoryOf } from '../../src/domain/inventory.ts';
import { tables } from '../support/case-tables.ts';
import { runCommand } from '../support/command-line.ts';
import { doorsOf, post } from '../support/doors.ts';
import { reviewOf } from '../support/gate.ts';
import { manifest, serviceOf } from '../support/manifest.ts';
import { NOW } from '../support/now.ts';
import { policyDocument, sha256 } from '../support/policy.ts';
import { isServiceCase } from '../support/rule-tester.ts';

/**
 * `nodeport-gate check` and `/dry-run`, which the other parity test ties to `/mutate`, `/validate` and the engine: the same
 * objects, policy and holders, one through files and the command line, the other through HTTP.
 */
const directory = await mkdtemp(join(tmpdir(), 'nodeport-gate-parity-'));

afterAll(async () => {
  await rm(directory, { recursive: true });
});

const API_VERSION = 'nodeport-gate.dev/v1alpha1';

interface Asked {
  readonly policy: readonly JsonObject[];
  readonly others?: readonly JsonObject[];
  readonly namespaceLabels?: Readonly<Record<string, string>>;
  /** What stands in the file. */
  readonly sent: readonly JsonObject[];
  readonly now?: Date;
}

/** What both doors have in common of a VerdictList: `check` also says where things stand, and what it passed over. */
function shared(list: JsonObject): JsonObject {
  const withoutPlaces = JSON.stringify(list, (key, value: unknown) =>
    key === 'source' || key === 'fixable' ? undefined : value,
  );
  const { summary, ...rest } = JSON.parse(withoutPlaces) as JsonObject & { summary: JsonObject };
  const { skipped: _, baselined: __, excused, suppressed, ...others } = summary;
  const counts = { ...others, excused: excused ?? 0, suppressed: suppressed ?? 0 };
  return { ...rest, summary: counts };
}

let runs = 0;

async function byCheck(asked: Asked): Promise<{ readonly code: number; readonly list: JsonObject }> {
  runs += 1;
  const place = (name: string): string => join(directory, `${runs}-${name}`);
  const dump = [
    ...(asked.others ?? []).map((other) => manifest(other)),
    ...(asked.namespaceLabels === undefined ? [] : [namespaceOf(asked.namespaceLabels)]),
  ];
  const documents = asked.policy.map((document) => ({ apiVersion: API_VERSION, ...document }));
  await writeFile(place('policy.yaml'), documents.map((each) => stringify(each)).join('---\n'));
  await writeFile(place('dump.json'), JSON.stringify({ apiVersion: 'v1', kind: 'List', items: dump }));
  // As kubectl's YAML 1.1 reads it: a text `yes` needs quotes.
  const manifests = asked.sent.map((each) => stringify(each, { version: '1.1' }));
  await writeFile(place('manifest.yaml'), manifests.join('---\n'));
  const inventory = dump.length === 0 ? [] : ['--inventory', place('dump.json')];
  const args = ['check', '-o', 'json', '-p', place('policy.yaml'), ...inventory, place('manifest.yaml')];
  const { code, out, err } = await runCommand(args, { cwd: directory, now: asked.now ?? NOW });
  expect(out, err).not.toBe('');
  return { code, list: JSON.parse(out) as JsonObject };
}

function namespaceOf(labels: Readonly<Record<string, string>>): JsonObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels } };
}

async function byDryRun(asked: Asked): Promise<JsonObject> {
  const documents = asked.policy.map((document) => ({ apiVersion: API_VERSION, ...document }));
  const compiled = compilePolicy(
    [{ file: 'policy.yaml', text: documents.map((each) => stringify(each)).join('---\n') }],
    sha256,
  );
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
  const labels = new Map(
    asked.namespaceLabels === undefined
      ? []
      : [['shop', { ...asked.namespaceLabels, 'kubernetes.io/metadata.name': 'shop' }] as const],
  );
  const inventory = inventoryOf((asked.others ?? []).map((other) => serviceOf(other)));
  const app = doorsOf(compiled.value.policy, { inventory, labels, now: asked.now ?? NOW });
  const [only] = asked.sent;
  const body = asked.sent.length === 1 ? only : { apiVersion: 'v1', kind: 'List', items: asked.sent };
  return post(app, '/dry-run', body);
}

/** Objects that `check` passed over are those about which the gate has nothing to say. */
function expectSame(checked: JsonObject, answered: JsonObject): void {
  const items = answered['items'] as readonly JsonObject[];
  const { items: found, ...summary } = shared(checked);
  if (Array.isArray(found) && found.length < items.length) {
    expect(items.map(({ object: _, ...rest }) => rest)).toEqual(
      items.map(() =>
        expect.objectContaining({ allowed: true, findings: [], undetermined: [], assigned: [], patch: [] }),
      ),
    );
    return;
  }
  const { items: expected, ...rest } = shared(answered);
  expect(found).toEqual(expected);
  expect(summary).toEqual(rest);
}

const cases = tables.flatMap((table) =>
  [...table.valid, ...table.invalid].flatMap((given) => {
    // Of manifests alone: `final` is what only the API server sees, and files know all of their Services.
    const isOfFiles =
      isServiceCase(given) &&
      given.stage === undefined &&
      given.inventoryComplete === undefined &&
      table.rule.meta.origins === undefined;
    return isOfFiles ? [[`${table.rule.meta.name}: ${given.name}`, table.rule.meta.name, given] as const] : [];
  }),
);

function askedBy(rule: string, given: ServiceCase): Asked {
  const { options = {}, documents = [], others = [], namespaceLabels, old, service } = given;
  const sent = old === undefined ? manifest(service) : reviewOf(manifest(service), manifest(old));
  return {
    policy: [policyDocument({ [rule]: options }), ...documents],
    others,
    ...(namespaceLabels !== undefined && { namespaceLabels }),
    sent: [sent],
  };
}

describe('check says what /dry-run says', () => {
  it('of hundreds of cases', () => {
    expect(cases.length).toBeGreaterThan(200);
  });

  it.each(cases)('%s', async (_, rule, given) => {
    const asked = askedBy(rule, given);
    const { code, list } = await byCheck(asked);
    const answered = await byDryRun(asked);
    expectSame(list, answered);
    expect(code).toBe((answered['summary'] as { denied: number }).denied > 0 ? 1 : 0);
  });
});

const ofFiles = tables.flatMap((table) =>
  [...table.valid, ...table.invalid].flatMap((given) => {
    const isOfFiles = given.origin === 'file' || (given.origin === undefined && !isServiceCase(given));
    return isOfFiles ? [[`${table.rule.meta.name}: ${given.name}`, table.rule.meta.name, given] as const] : [];
  }),
);

describe('check finds what only files have', () => {
  it.each(ofFiles)('%s', async (_, rule, given) => {
    const { options = {}, documents = [], others = [] } = given;
    const workloads = isServiceCase(given) ? (given.workloads ?? []) : [];
    const object = isServiceCase(given) ? given.service : given.workload;
    const { list } = await byCheck({
      policy: [policyDocument({ [rule]: options }), ...documents],
      others,
      sent: [manifest(object), ...workloads.map((workload) => manifest(workload))],
    });
    const items = list['items'] as readonly { findings: readonly JsonObject[] }[];
    const found = items.flatMap(({ findings }) => findings.map(({ field, enforcement }) => [field, enforcement]));
    const expected = 'findings' in given ? (given.findings as readonly ExpectedFinding<string>[]) : [];
    expect(found).toEqual(expected.map(({ path, enforcement = 'deny' }) => [formatPath(path), enforcement]));
  });
});

const REVIEWS = 'test/fixtures/reviews';
const recorded = (await readdir(REVIEWS)).filter((file) => file.endsWith('.json'));
const shipped = await readFile('manifests/policies/default.yaml', 'utf8');

describe('check says what /dry-run says of recorded reviews', () => {
  it.each(recorded)('%s', async (file) => {
    const review = JSON.parse(await readFile(join(REVIEWS, file), 'utf8')) as JsonObject;
    const compiled = compilePolicy([{ file: 'default.yaml', text: shipped }], sha256);
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
    const policy = compiled.value.policy.documents;
    const asked = { policy, sent: [review] };
    const { list } = await byCheck(asked);
    expectSame(list, await byDryRun(asked));
  });
});

describe('exceptions and their end', () => {
  const policy = [
    policyDocument({ 'external-traffic-policy': {} }),
    {
      kind: 'NodePortException',
      metadata: { name: 'legacy' },
      spec: { rules: ['external-traffic-policy'], namespaces: ['shop'], reason: 'appliance', expires: '2026-12-01' },
    },
  ];
  const sent = [manifest({ spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] } })];

  it.each([
    ['long before it', '2026-10-01T00:00:00Z', true],
    ['in its last two weeks', '2026-11-20T00:00:00Z', true],
    ['in its last second', '2026-12-01T23:59:59Z', true],
    ['a second later', '2026-12-02T00:00:00Z', false],
  ])('%s', async (_, time, isExcused) => {
    const asked = { policy, sent, now: new Date(time) };
    const { code, list } = await byCheck(asked);
    expectSame(list, await byDryRun(asked));
    expect(code).toBe(isExcused ? 0 : 1);
    const [item] = list['items'] as readonly { findings: readonly JsonObject[] }[];
    expect(item?.findings[0]?.['exception']).toBe(isExcused ? 'legacy' : undefined);
  });
});

it('excuses a number outside the range for both', async () => {
  const policy = [
    policyDocument({}, { preset: 'restricted' }),
    {
      kind: 'NodePortException',
      metadata: { name: 'old' },
      spec: {
        rules: ['node-port-range'],
        namespaces: ['shop'],
        ports: ['29999'],
        reason: 'old',
        expires: '2099-01-01',
      },
    },
  ];
  const spec = { type: 'NodePort', ports: [{ port: 80, nodePort: 29_999 }] };
  const annotations = { 'nodeport-gate.dev/source-cidrs': '192.0.2.0/24' };
  const asked = {
    policy,
    sent: [manifest({ metadata: { annotations }, spec: { ...spec, externalTrafficPolicy: 'Local' } })],
  };
  const { code, list } = await byCheck(asked);
  expectSame(list, await byDryRun(asked));
  expect(code).toBe(0);
  const [item] = list['items'] as readonly { findings: readonly JsonObject[] }[];
  expect(item?.findings.map(({ rule, enforcement, exception }) => [rule, enforcement, exception])).toEqual([
    ['node-port-range', 'audit', 'old'],
  ]);
});

describe('several objects, each judged as if those before it existed', () => {
  const policy = [
    policyDocument({ 'node-port-conflict': {}, 'node-port-pool': {} }),
    { kind: 'NodePortPool', metadata: { name: 'shop' }, spec: { ports: ['30100-30109'], namespaces: ['shop'] } },
  ];
  const named = (name: string, port: JsonObject): JsonObject =>
    manifest({ metadata: { name }, spec: { type: 'NodePort', ports: [{ port: 80, ...port }] } });

  it('assigns and refuses the same', async () => {
    const sent = [named('a', {}), named('b', {}), named('c', { nodePort: 30104 }), named('d', { nodePort: 30104 })];
    const asked = { policy, sent };
    const { list } = await byCheck(asked);
    expectSame(list, await byDryRun(asked));
    const items = list['items'] as readonly { assigned: readonly { nodePort: number }[]; allowed: boolean }[];
    expect(items.map(({ allowed }) => allowed)).toEqual([true, true, true, false]);
    expect(new Set(items.slice(0, 3).map(({ assigned }) => assigned[0]?.nodePort)).size).toBe(3);
  });
});
