import fc from 'fast-check';
import { applyPatch, type Operation } from 'rfc6902';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/domain/json.ts';
import { opened } from '../../src/domain/node-port.ts';
import { toPatch } from '../../src/domain/patch.ts';
import type { Path } from '../../src/domain/path.ts';
import type { ServiceRequest } from '../../src/domain/request.ts';
import type { Service } from '../../src/domain/service.ts';
import type { Verdict } from '../../src/domain/verdict.ts';
import { admit } from '../../src/engine/admit.ts';
import { decide } from '../../src/engine/decide.ts';
import type { Policy } from '../../src/engine/policy.ts';
import { parseReview } from '../../src/wire/admission-review.ts';
import { readService } from '../../src/wire/service.ts';
import { makeApiServer, type PortSpec, type ServiceObject, toManifest } from '../support/api-server-model.ts';
import { frozen } from '../support/frozen.ts';
import { gateFor, reviewOf } from '../support/gate.ts';
import { manifest, requestFor, serviceOf } from '../support/manifest.ts';
import { NOW } from '../support/now.ts';
import { policyDocument, policyOf, poolDocument } from '../support/policy.ts';
import { worldOf } from '../support/world.ts';

const policy = policyOf(
  {
    kind: 'NodePortPolicy',
    metadata: { name: 'strict' },
    spec: {
      preset: 'restricted',
      allowSuppressions: ['external-traffic-policy'],
      rules: {
        'external-traffic-policy': { set: true },
        'load-balancer-node-ports': { set: true },
        'source-cidrs': { within: ['10.0.0.0/8'] },
      },
    },
  },
  policyDocument(
    { 'service-type': { allowed: ['NodePort'] }, protocols: { allowed: ['TCP'] } },
    { maxEnforcement: 'warn' },
    'mild',
  ),
  poolDocument('shop', '30100-30105', { reserved: ['30103'] }),
  poolDocument('spare', '31000-31002', { priority: 2000 }),
  poolDocument('vip', '30200-30202', { namespaces: ['vip'] }),
  {
    kind: 'NodePortException',
    metadata: { name: 'legacy' },
    spec: {
      rules: ['node-port-pool', 'external-traffic-policy'],
      namespaces: ['shop'],
      ports: ['30200'],
      reason: 'vendor',
      expires: '2026-11-30',
    },
  },
);

const number = fc.constantFrom(0, 0, 0, 22, -5, 70_000, 30_100, 30_102, 30_103, 30_105, 30_200, 31_000, 32_769);
const port = fc.record(
  {
    name: fc.constantFrom('http', 'https', 'dns', 'dns-udp', 'healthCheck', '80'),
    port: fc.constantFrom(53, 80, 443),
    protocol: fc.constantFrom('TCP', 'UDP', 'SCTP', ''),
    nodePort: fc.option(number),
  },
  { requiredKeys: ['port'] },
);
const spec = fc.record(
  {
    type: fc.constantFrom('ClusterIP', 'NodePort', 'NodePort', 'LoadBalancer', 'LoadBalancer', 'ExternalName', 'x'),
    ports: fc.array(port, { maxLength: 5 }),
    externalTrafficPolicy: fc.constantFrom('Local', 'Cluster', ''),
    allocateLoadBalancerNodePorts: fc.option(fc.boolean()),
    healthCheckNodePort: fc.option(number),
    externalIPs: fc.array(fc.constantFrom('192.0.2.1', '2001:db8::1', '', '010.0.0.1'), { maxLength: 3 }),
    ipFamilies: fc.constantFrom(['IPv4'], ['IPv6', 'IPv4']),
  },
  { requiredKeys: ['type', 'ports'] },
);
const annotations = fc.record(
  {
    'nodeport-gate.dev/pool': fc.constantFrom('shop', 'spare', 'vip', '__proto__', ''),
    'nodeport-gate.dev/source-cidrs': fc.constantFrom('10.0.0.0/16', '0.0.0.0/0', '::/1, x', ''),
    'ignore.nodeport-gate.dev/external-traffic-policy': fc.constantFrom('', 'because'),
    'kubectl.kubernetes.io/last-applied-configuration': fc.constantFrom(
      '{',
      '{"spec":{"externalTrafficPolicy":"Cluster"}}',
    ),
  },
  { requiredKeys: [] },
);
/** Who owns what: nobody anything, the first port its number, or nothing is known. */
const managedFields = fc.constantFrom<readonly JsonObject[]>(
  [],
  [{ manager: 'x', operation: 'Update', fieldsV1: { 'f:spec': {} } }],
  [
    {
      manager: 'x',
      operation: 'Apply',
      fieldsV1: {
        'f:spec': {
          'f:externalTrafficPolicy': {},
          'f:ports': { 'k:{"port":80,"protocol":"TCP"}': { 'f:nodePort': {} } },
        },
      },
    },
  ],
);
const object = fc
  .record({ spec, annotations, managedFields, generated: fc.boolean() })
  .map(({ generated, spec: given, ...metadata }): JsonObject =>
    manifest({
      metadata: { ...metadata, ...(generated && { name: '', generateName: 'web-' }) },
      spec: given,
    }),
  );
/** Other Services, and sometimes the one that is judged, as the cluster has them. */
const inventory = fc
  .uniqueArray(fc.record({ spec, namespace: fc.constantFrom('shop', 'vip'), name: fc.constantFrom('web', 'a', 'b') }), {
    maxLength: 4,
    selector: ({ namespace, name }) => `${namespace}/${name}`,
  })
  .map((all) => all.map(({ spec: given, ...metadata }) => serviceOf({ spec: given, metadata })));
const circumstances = fc.record({
  object,
  old: fc.option(object, { nil: undefined }),
  inventory,
  complete: fc.boolean(),
  dryRun: fc.boolean(),
  stage: fc.constantFrom('proposed' as const, 'final' as const),
});
type Circumstances = typeof circumstances extends fc.Arbitrary<infer Value> ? Value : never;

function judge(
  given: Circumstances,
  overrides: Partial<ServiceRequest> = {},
  services: readonly Service[] = given.inventory,
): Verdict {
  const { object: raw, old, complete, dryRun, stage } = given;
  const oldService = old === undefined ? undefined : serviceOf(old, 'object');
  const request = requestFor(serviceOf(raw, 'object'), { oldService, dryRun, stage, ...overrides });
  return admit(frozen(request), frozen(policy), frozen(worldOf(services, { complete })), NOW);
}

/** What can be compared: functions of two equal objects are not equal. */
function comparable(verdict: Verdict): object {
  return { ...verdict, service: { ...verdict.service, authorship: undefined } };
}

function patched(raw: JsonObject, verdict: Verdict): JsonObject {
  const copy = structuredClone(raw);
  const failures = applyPatch(copy, toPatch(verdict.changes) as Operation[]).filter((failure) => failure !== null);
  expect(failures).toEqual([]);
  return copy;
}

/** As much of a Service as the API server would store: it refuses ports that share a name, or number and protocol. */
function storable(raw: JsonObject): JsonObject {
  const given = raw['spec'] as JsonObject;
  const ports = serviceOf(raw).ports.filter(
    (one, at, all) =>
      all.findIndex(({ name }) => name === one.name) === at &&
      all.findIndex((other) => other.port === one.port && other.protocol === one.protocol) === at,
  );
  const list = given['ports'] as readonly JsonObject[];
  return { ...raw, spec: { ...given, ports: ports.map(({ index }) => list[index] ?? {}) } };
}

function isOther({ namespace, name }: Service): boolean {
  return namespace !== 'shop' || name !== 'web';
}

describe('admit, for any Service', () => {
  it('gives the same verdict to the same question, in whatever order the inventory lists the others', () => {
    fc.assert(
      fc.property(circumstances, (given) => {
        const verdict = comparable(judge(given));
        expect(comparable(judge(given))).toEqual(verdict);
        expect(comparable(judge(given, {}, [...given.inventory].reverse()))).toEqual(verdict);
      }),
      { numRuns: 500 },
    );
  });

  it('never throws, whatever stands in the fields', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 80 }),
      fc.constantFrom('\u202e', '__proto__', 'NodePort', 'x'.repeat(300)),
    );
    const int32 = fc.oneof(number, fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }));
    const hostile = fc.record({
      metadata: fc.record(
        {
          annotations: fc.dictionary(
            fc.constantFrom('nodeport-gate.dev/pool', 'nodeport-gate.dev/source-cidrs', '__proto__', 'constructor'),
            text,
          ),
          managedFields: fc.jsonValue({ maxDepth: 4 }),
          generateName: text,
          deletionTimestamp: text,
        },
        { requiredKeys: [] },
      ),
      spec: fc.record({
        type: fc.oneof(text, fc.constantFrom('NodePort', 'LoadBalancer', 'ExternalName')),
        ports: fc.array(fc.record({ name: text, port: int32, protocol: text, nodePort: int32 }), { maxLength: 4 }),
        externalTrafficPolicy: text,
        healthCheckNodePort: int32,
        externalIPs: fc.array(text, { maxLength: 3 }),
        loadBalancerSourceRanges: fc.array(text, { maxLength: 3 }),
        ipFamilies: fc.array(text, { maxLength: 3 }),
      }),
    });
    let read = 0;
    fc.assert(
      fc.property(hostile, fc.boolean(), (parts, isFinal) => {
        const service = readService(manifest(parts as JsonObject), { path: 'object', authorship: 'object' });
        if (!service.ok) return;
        read += 1;
        const stage = isFinal ? 'final' : 'proposed';
        const verdict = admit(requestFor(service.value, { stage, oldService: service.value }), policy, worldOf(), NOW);
        for (const door of ['mutate', 'validate'] as const) {
          const { message, warnings } = decide(verdict, door);
          // Control characters would make a Warning header invalid, and the API server drops it.
          expect(`${message}${warnings.join('')}`).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
        }
      }),
      { numRuns: 2000 },
    );
    expect(read).toBeGreaterThan(200);
  });

  it('changes on CREATE exactly what its patch changes, and nothing at /validate', () => {
    fc.assert(
      fc.property(circumstances, (given) => {
        const created = { ...given, old: undefined, stage: 'proposed' as const, dryRun: false };
        const verdict = judge(created);
        expect(verdict.service?.raw).toEqual(patched(given.object, verdict));
        expect(judge({ ...given, stage: 'final' }).changes).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('proposes nothing more once its patch is applied', () => {
    fc.assert(
      fc.property(circumstances, ({ object: anything, old, ...rest }) => {
        const given = { ...rest, object: storable(anything), old: old === undefined ? undefined : storable(old) };
        const first = { ...given, stage: 'proposed' as const };
        const verdict = judge(first);
        const second = judge({ ...first, object: patched(given.object, verdict) });
        expect(second.changes).toEqual([]);
        expect(second.assigned.map(({ path, nodePort }) => [path, nodePort])).toEqual(
          verdict.assigned.map(({ path, nodePort }) => [path, nodePort]),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('assigns only free, unreserved numbers of the one pool that it assigns from, each to one port number', () => {
    fc.assert(
      fc.property(circumstances, (given) => {
        const verdict = judge({ ...given, stage: 'proposed' });
        const paths = new Set(verdict.changes.map(({ path }) => path.join('.')));
        const fresh = verdict.assigned.filter(
          ({ path, because }) => paths.has(path.join('.')) && because.startsWith('hash'),
        );
        const pools = new Set(fresh.map(({ pool }) => pool));
        expect(pools.size).toBeLessThanOrEqual(1);
        for (const { nodePort, path } of fresh) {
          expect([30_100, 30_101, 30_102, 30_104, 30_105, 31_000, 31_001, 31_002]).toContain(nodePort);
          expect(
            given.inventory
              .filter(isOther)
              .flatMap(opened)
              .map((open) => open.number),
          ).not.toContain(nodePort);
          const portOf = (at: Path): unknown => verdict.service?.ports[Number(at[2])]?.port ?? 'health check';
          const written = serviceOf(given.object).ports.filter((one) => one.nodePort === nodePort);
          // With a number that stands there already it can only have come from a sibling.
          if (written.length > 0) expect(written.map((one) => one.port)).toContain(portOf(path));
          const together = fresh.filter((one) => one.nodePort === nodePort).map((one) => portOf(one.path));
          expect(together).toEqual(together.map(() => portOf(path)));
        }
      }),
      { numRuns: 500 },
    );
  });
});

const portSpecs = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom('http', 'https', 'dns', 'tls'),
    port: fc.constantFrom(80, 443),
    protocol: fc.constantFrom('TCP' as const, 'UDP' as const),
    nodePort: fc.constantFrom(0, 0, 0, 22, 30_100, 30_102, 30_103, 30_200, 31_000, 31_500),
  }),
  { minLength: 1, maxLength: 3, selector: ({ name }) => name },
);
const step = fc.record({
  name: fc.constantFrom('a', 'b'),
  type: fc.constantFrom('ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'),
  local: fc.boolean(),
  allocate: fc.boolean(),
  healthCheckNodePort: fc.constantFrom(0, 0, 30_105, 31_500),
  ports: portSpecs,
  keepPorts: fc.boolean(),
});
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

function objectOf({ keepPorts: _, healthCheckNodePort, ...given }: Step): ServiceObject {
  const isLocalBalancer = given.type === 'LoadBalancer' && given.local;
  return {
    namespace: 'shop',
    ...given,
    healthCheckNodePort: isLocalBalancer ? healthCheckNodePort : 0,
    owned: [...ownedBy(given.ports), ...(healthCheckNodePort === 0 ? [] : ['healthCheck'])],
  };
}

function ownedBy(ports: readonly PortSpec[]): readonly string[] {
  return ports.filter(({ nodePort }) => nodePort !== 0).map(({ name }) => name);
}

/** An API server with the gate in it, and what `/dry-run` said of the last request before it was sent. */
function cluster(chosen: Policy) {
  let predicted: boolean | undefined;
  const stored = (): readonly ServiceObject[] => server.services();
  const guard = gateFor(chosen, stored);
  const server: ReturnType<typeof makeApiServer> = makeApiServer(
    {
      mutate(old, given) {
        const review = reviewOf(toManifest(given), old === undefined ? undefined : toManifest(old));
        const parsed = parseReview(review, 'proposed');
        if (!parsed.ok || parsed.value.kind !== 'service') throw new Error('no Service');
        const world = worldOf(stored().map((one) => serviceOf(toManifest(one))));
        predicted = decide(admit(parsed.value.request, chosen, world, NOW), 'dry-run').allowed;
        return guard.mutate(old, given);
      },
      validate: guard.validate,
    },
    (free) => free[0] ?? 0,
  );
  return { server, predicted: () => predicted };
}

describe('what /dry-run says', () => {
  const guards = policyOf(
    policyDocument({
      'node-port-pool': { unowned: 'deny' },
      'node-port-conflict': {},
      'node-port-range': {},
      'node-port-reserved': {},
      'external-name-node-port': {},
      'external-traffic-policy': { types: ['NodePort'] },
      'load-balancer-node-ports': { enforcement: 'warn' },
    }),
    poolDocument('shop', '30100-30105', { reserved: ['30103'] }),
    poolDocument('vip', '30200-30202', { namespaces: ['vip'] }),
  );

  it('is what /mutate and /validate then say, through any history', () => {
    const seen = { stored: 0, denied: 0 };
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 15 }), (steps) => {
        const { server, predicted } = cluster(guards);
        for (const given of steps) {
          const outcome = server.services().some(({ name }) => name === given.name)
            ? server.update('shop', given.name, (live) => ({
                ...objectOf(given),
                ...(given.keepPorts && {
                  ports: live.ports,
                  owned: live.owned,
                  healthCheckNodePort: live.healthCheckNodePort,
                }),
              }))
            : server.create(objectOf(given));
          if (outcome === 'refused by the API server') continue;
          seen[outcome === 'stored' ? 'stored' : 'denied'] += 1;
          expect([outcome, predicted()]).toEqual([outcome, outcome === 'stored']);
        }
      }),
      { numRuns: 500 },
    );
    expect(Math.min(seen.stored, seen.denied)).toBeGreaterThan(300);
  });
});
