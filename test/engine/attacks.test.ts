import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openNumbers, type Outcome, type ServiceObject } from '../support/api-server-model.ts';
import { type ApiServer, OWN_POOL, port, scene, service, VICTIM, withNumber } from '../support/attack-scene.ts';

/** Who else opens this number besides the victim, and whether the allocator still knows that it is taken. */
function stateOf(
  server: ApiServer,
  number: number,
): { readonly holders: readonly string[]; readonly allocated: boolean } {
  const holders = server.services().filter((object) => openNumbers(object).includes(number));
  return { holders: holders.map(({ namespace, name }) => `${namespace}/${name}`), allocated: server.bits.has(number) };
}

const externalName = (nodePort: number, name = 'web'): ServiceObject =>
  withNumber(nodePort, { name, type: 'ExternalName' });

interface Attack {
  readonly name: string;
  readonly number: number;
  /** What Kubernetes alone lets happen: proof that the model has the hole. */
  readonly unguarded: readonly string[];
  /** Each step and what becomes of it with the gate up. */
  readonly steps: readonly (readonly [(server: ApiServer) => Outcome, Outcome])[];
}

const victims = ['victim/db'];
const both = ['victim/db', 'evil/web'];

const attacks: readonly Attack[] = [
  {
    name: 'port 22 parked on an ExternalName, then the type changes',
    number: 22,
    unguarded: ['evil/web'],
    steps: [
      [(server) => server.create(externalName(22)), 'denied by /validate'],
      [(server) => server.update('evil', 'web', (live) => ({ ...live, type: 'NodePort' })), 'not found'],
    ],
  },
  {
    name: 'a held number parked on an ExternalName, then the type changes',
    number: VICTIM.number,
    unguarded: both,
    steps: [
      [(server) => server.create(externalName(VICTIM.number)), 'denied by /validate'],
      [(server) => server.update('evil', 'web', (live) => ({ ...live, type: 'NodePort' })), 'not found'],
    ],
  },
  {
    name: 'an ExternalName with the held number is deleted, which frees it',
    number: VICTIM.number,
    unguarded: both,
    steps: [
      [(server) => server.create(externalName(VICTIM.number, 'bait')), 'denied by /validate'],
      [(server) => server.delete('evil', 'bait'), 'not found'],
      [(server) => server.create(withNumber(VICTIM.number)), 'denied by /mutate'],
    ],
  },
  {
    name: 'type and number change together, which frees the old number',
    number: VICTIM.number,
    unguarded: both,
    steps: [
      [(server) => server.create(externalName(VICTIM.number, 'bait')), 'denied by /validate'],
      [
        (server) =>
          server.update('evil', 'bait', (live) => ({ ...live, type: 'NodePort', ports: [port({ nodePort: 30_305 })] })),
        'not found',
      ],
      [(server) => server.create(withNumber(VICTIM.number)), 'denied by /mutate'],
    ],
  },
  {
    name: 'the same against a health-check port',
    number: VICTIM.healthCheck,
    unguarded: both,
    steps: [
      [(server) => server.create(externalName(VICTIM.healthCheck, 'bait')), 'denied by /validate'],
      [(server) => server.delete('evil', 'bait'), 'not found'],
      [(server) => server.create(withNumber(VICTIM.healthCheck)), 'denied by /mutate'],
    ],
  },
  {
    name: 'a number below zero survives the change of type',
    number: -5,
    unguarded: ['evil/web'],
    steps: [
      [(server) => server.create(externalName(-5)), 'denied by /validate'],
      [(server) => server.update('evil', 'web', (live) => ({ ...live, type: 'NodePort' })), 'not found'],
    ],
  },
];

describe('the holes of Kubernetes', () => {
  it.each(attacks.map((one) => [one.name, one] as const))('%s', (_, { number, unguarded, steps }) => {
    const open = scene({ guarded: false });
    for (const [step] of steps) expect(step(open)).toBe('stored');
    expect(stateOf(open, number).holders).toEqual(unguarded);

    const guarded = scene({ guarded: true });
    expect(steps.map(([step]) => step(guarded))).toEqual(steps.map(([, outcome]) => outcome));
    const isHeld = number === VICTIM.number || number === VICTIM.healthCheck;
    expect(stateOf(guarded, number)).toEqual({ holders: isHeld ? victims : [], allocated: isHeld });
  });

  it('a squatter from before the gate can only be cleaned up', () => {
    const server = scene({ guarded: true, before: (early) => early.create(externalName(VICTIM.number)) });
    const change = (type: string, nodePort: number) => (live: ServiceObject) => ({
      ...live,
      type,
      ports: [port({ nodePort })],
      owned: ['http'],
    });
    expect(server.update('evil', 'web', change('NodePort', VICTIM.number))).toBe('denied by /mutate');
    expect(server.update('evil', 'web', change('NodePort', 30_305))).toBe('denied by /validate');
    expect(server.update('evil', 'web', change('NodePort', 0))).toBe('denied by /validate');
    expect(server.update('evil', 'web', change('LoadBalancer', 0))).toBe('denied by /validate');
    expect(server.update('evil', 'web', change('ExternalName', 22))).toBe('denied by /validate');
    expect(stateOf(server, VICTIM.number)).toEqual({ holders: victims, allocated: true });
    expect(server.update('evil', 'web', change('ExternalName', 0))).toBe('stored');
    expect(server.update('evil', 'web', change('NodePort', 0))).toBe('stored');
    expect(stateOf(server, VICTIM.number)).toEqual({ holders: victims, allocated: true });
  });

  it('a number that the allocator lost is still held', () => {
    const server = scene({
      guarded: true,
      before: (early) => {
        early.create(externalName(VICTIM.number, 'bait'));
        early.delete('evil', 'bait');
      },
    });
    expect(stateOf(server, VICTIM.number)).toEqual({ holders: victims, allocated: false });
    expect(server.create(withNumber(VICTIM.number))).toBe('denied by /mutate');
  });
});

const number = fc.constantFrom(
  0,
  0,
  0,
  22,
  80,
  -5,
  70_000,
  30_000,
  30_300,
  30_305,
  30_309,
  31_500,
  VICTIM.number,
  VICTIM.healthCheck,
);
const ports = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom('http', 'https', 'dns'),
    port: fc.constantFrom(80, 443),
    protocol: fc.constantFrom('TCP' as const, 'UDP' as const),
    nodePort: number,
  }),
  { minLength: 1, maxLength: 3, selector: ({ name }) => name },
);
const attempt = fc.record({
  verb: fc.constantFrom('create', 'put', 'patch', 'delete'),
  name: fc.constantFrom('a', 'b'),
  type: fc.constantFrom('ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'),
  local: fc.boolean(),
  allocate: fc.boolean(),
  healthCheck: number,
  ports,
  keepPorts: fc.boolean(),
});
type Attempt = typeof attempt extends fc.Arbitrary<infer Value> ? Value : never;

function objectOf({ name, type, local, allocate, healthCheck, ports: list }: Attempt): ServiceObject {
  const isLocalBalancer = type === 'LoadBalancer' && local;
  const owned = [...list.filter(({ nodePort }) => nodePort !== 0).map((one) => one.name), 'healthCheck'];
  return service({
    name,
    type,
    local,
    allocate,
    healthCheckNodePort: isLocalBalancer ? healthCheck : 0,
    ports: list,
    owned,
  });
}

function attack(server: ApiServer, given: Attempt): void {
  const { verb, name, type, local, allocate, keepPorts } = given;
  if (verb === 'delete') server.delete('evil', name);
  else if (verb === 'create') server.create(objectOf(given));
  else if (verb === 'put') server.update('evil', name, () => objectOf(given));
  else {
    server.update('evil', name, (live) => ({
      ...live,
      type,
      local,
      allocate,
      ports: keepPorts ? live.ports : given.ports,
      owned: keepPorts ? live.owned : given.ports.filter(({ nodePort }) => nodePort !== 0).map((one) => one.name),
    }));
  }
}

describe('any sequence of creates, replaces, patches and deletes in one namespace', () => {
  it('opens only numbers of its own pool, never takes or frees the number of another Service', () => {
    fc.assert(
      fc.property(fc.array(attempt, { minLength: 1, maxLength: 25 }), (attempts) => {
        const server = scene({ guarded: true });
        for (const given of attempts) {
          attack(server, given);
          const evil = server.services().filter(({ namespace }) => namespace === 'evil');
          for (const open of evil.flatMap(openNumbers)) {
            expect(open).toBeGreaterThanOrEqual(OWN_POOL.from);
            expect(open).toBeLessThanOrEqual(OWN_POOL.to);
          }
          const perService = server.services().map((object) => [...new Set(openNumbers(object))]);
          const all = perService.flat();
          expect(new Set(all).size).toBe(all.length);
          expect(all.filter((open) => !server.bits.has(open))).toEqual([]);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('does all of that to Kubernetes alone: the property can fail', () => {
    const breaks = fc.check(
      fc.property(fc.array(attempt, { minLength: 1, maxLength: 25 }), (attempts) => {
        const server = scene({ guarded: false });
        for (const given of attempts) attack(server, given);
        const all = server.services().flatMap((object) => [...new Set(openNumbers(object))]);
        return new Set(all).size === all.length && all.every((open) => open >= 30_000 && server.bits.has(open));
      }),
      { numRuns: 400, seed: 1 },
    );
    expect(breaks.failed).toBe(true);
  });
});
