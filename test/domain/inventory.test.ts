import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  growing,
  type HeldPort,
  type Inventory,
  inventoryOf,
  makeHoldings,
  unionOf,
  withCompleteness,
} from '../../src/domain/inventory.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { formatRef, type Service } from '../../src/domain/service.ts';
import { serviceOf } from '../support/manifest.ts';

function made(namespace: string, name: string, spec: JsonObject): Service {
  return serviceOf({ metadata: { namespace, name }, spec });
}

const web = made('shop', 'web', { type: 'NodePort', ports: [{ name: 'http', port: 80, nodePort: 30_080 }] });
const dns = made('infra', 'dns', {
  type: 'LoadBalancer',
  externalTrafficPolicy: 'Local',
  healthCheckNodePort: 32_104,
  ports: [
    { name: 'tcp', port: 53, nodePort: 30_053 },
    { name: 'udp', port: 53, protocol: 'UDP', nodePort: 30_053 },
    { name: 'metrics', port: 9153 },
  ],
});
const squatter = made('shop', 'squatter', {
  type: 'ExternalName',
  externalName: 'db.example.com',
  ports: [{ port: 80, nodePort: 30_080 }],
});
const inside = made('shop', 'inside', { ports: [{ port: 80 }] });

const webHttp: HeldPort = {
  namespace: 'shop',
  name: 'web',
  nodePort: 30_080,
  protocol: 'TCP',
  port: 'http',
  servicePort: 80,
};
const dnsTcp: HeldPort = {
  namespace: 'infra',
  name: 'dns',
  nodePort: 30_053,
  protocol: 'TCP',
  port: 'tcp',
  servicePort: 53,
};
const dnsUdp: HeldPort = { ...dnsTcp, protocol: 'UDP', port: 'udp' };
const dnsHealthCheck: HeldPort = { ...dnsTcp, nodePort: 32_104, port: 'healthCheck', servicePort: 0 };
const squatted: HeldPort = {
  namespace: 'shop',
  name: 'squatter',
  nodePort: 30_080,
  protocol: 'TCP',
  port: '80',
  servicePort: 80,
};

/** `heldIn` promises no order. */
function inAnyOrder(ports: readonly HeldPort[]): readonly string[] {
  return ports.map((port) => JSON.stringify(port)).sort();
}

/** What an inventory says, without the functions. */
function told(inventory: Inventory, numbers: readonly number[], services: readonly Service[]): object {
  return {
    complete: inventory.complete,
    held: inventory.held,
    squatters: inventory.squatters,
    holders: numbers.map((number) => inventory.holdersOf(number)),
    isHeld: numbers.map((number) => inventory.isHeld(number)),
    squattersByNumber: numbers.map((number) => inventory.squattersOf(number)),
    ports: services.map((service) => inventory.portsOf(service)),
    inNamespaces: services.map(({ namespace }) => inAnyOrder(inventory.heldIn(namespace))),
  };
}

describe('inventoryOf', () => {
  it('says who holds what, and who squats', () => {
    const inventory = inventoryOf([web, dns, squatter, inside]);
    expect(told(inventory, [30_053, 30_080, 32_104, 30_081], [web, dns, squatter, inside])).toEqual({
      complete: true,
      held: [dnsTcp, dnsUdp, webHttp, dnsHealthCheck],
      squatters: [squatted],
      holders: [[dnsTcp, dnsUdp], [webHttp], [dnsHealthCheck], []],
      isHeld: [true, true, true, false],
      squattersByNumber: [[], [squatted], [], []],
      ports: [[webHttp], [dnsTcp, dnsUdp, dnsHealthCheck], [], []],
      inNamespaces: [[webHttp], [dnsTcp, dnsUdp, dnsHealthCheck], [webHttp], [webHttp]].map(inAnyOrder),
    });
  });

  it('of nothing holds nothing, and may be incomplete', () => {
    expect(told(inventoryOf([], false), [0, 30_080], [web])).toEqual({
      complete: false,
      held: [],
      squatters: [],
      holders: [[], []],
      isHeld: [false, false],
      squattersByNumber: [[], []],
      ports: [[]],
      inNamespaces: [[]],
    });
  });

  it('names all holders of a number that was taken over, in the order of their names', () => {
    const thief = made('attic', 'thief', {
      type: 'NodePort',
      ports: [{ port: 80, protocol: 'UDP', nodePort: 30_080 }],
    });
    expect(inventoryOf([web, thief]).holdersOf(30_080)).toEqual([
      { namespace: 'attic', name: 'thief', nodePort: 30_080, protocol: 'UDP', port: '80', servicePort: 80 },
      webHttp,
    ]);
  });
});

function grown(base: Inventory, ...added: readonly Service[]): Inventory {
  const { inventory, add } = growing(base);
  for (const service of added) add(service);
  return inventory;
}

describe('growing', () => {
  it('replaces the former ports of the Service by those it has now', () => {
    const moved = made('shop', 'web', { type: 'NodePort', ports: [{ name: 'http', port: 80, nodePort: 30_081 }] });
    const inventory = grown(inventoryOf([web, squatter], false), moved);
    expect(told(inventory, [30_080, 30_081], [web])).toEqual({
      complete: false,
      held: [{ ...webHttp, nodePort: 30_081 }],
      squatters: [squatted],
      holders: [[], [{ ...webHttp, nodePort: 30_081 }]],
      isHeld: [false, true],
      squattersByNumber: [[squatted], []],
      ports: [[{ ...webHttp, nodePort: 30_081 }]],
      inNamespaces: [inAnyOrder([{ ...webHttp, nodePort: 30_081 }])],
    });
  });

  it('makes a squatter a holder, and a holder a squatter', () => {
    const asExternalName = made('shop', 'web', {
      type: 'ExternalName',
      externalName: 'a.example.com',
      ports: [{ name: 'http', port: 80, nodePort: 30_080 }],
    });
    const turned = grown(inventoryOf([web]), asExternalName);
    expect([turned.held, turned.squatters, turned.squattersOf(30_080)]).toEqual([[], [webHttp], [webHttp]]);
    const back = grown(inventoryOf([web]), asExternalName, web);
    expect([back.held, back.squatters, back.squattersOf(30_080)]).toEqual([[webHttp], [], []]);
  });
});

describe('withCompleteness', () => {
  it('is a live view that differs in nothing else', () => {
    const { inventory, put } = makeHoldings();
    const view = withCompleteness(inventory, false);
    put(dns);
    put(squatter);
    const asked = [[30_053, 30_080], [dns]] as const;
    expect(told(view, ...asked)).toEqual({ ...told(inventoryOf([dns, squatter]), ...asked), complete: false });
  });
});

describe('makeHoldings', () => {
  it('keeps the lists that it made until something changes', () => {
    const { inventory, put, remove } = makeHoldings();
    put(web);
    put(squatter);
    const { held, squatters } = inventory;
    expect(inventory.held).toBe(held);
    expect(inventory.squatters).toBe(squatters);
    expect([held, squatters]).toEqual([[webHttp], [squatted]]);
    put(dns);
    expect(inventory.held).toEqual([dnsTcp, dnsUdp, webHttp, dnsHealthCheck]);
    expect(held).toEqual([webHttp]);
    remove({ namespace: 'shop', name: 'nobody' });
    remove(web);
    expect(inventory.held).toEqual([dnsTcp, dnsUdp, dnsHealthCheck]);
    remove(squatter);
    expect(inventory.squatters).toEqual([]);
  });

  it('takes numbers that no port can have, which an object in a dump may carry', () => {
    const { inventory, put, remove } = makeHoldings();
    const odd = made('shop', 'odd', { type: 'NodePort', ports: [{ port: 80, nodePort: 70_000 }] });
    const negative = made('shop', 'negative', { type: 'ExternalName', ports: [{ port: 80, nodePort: -5 }] });
    put(odd);
    put(negative);
    expect([inventory.isHeld(70_000), inventory.holdersOf(70_000).length]).toEqual([false, 1]);
    expect(inventory.squattersOf(-5)).toEqual([{ ...squatted, name: 'negative', nodePort: -5 }]);
    remove(odd);
    remove(negative);
    expect([inventory.holdersOf(70_000), inventory.squattersOf(-5)]).toEqual([[], []]);
  });
});

const anyService = fc
  .record({
    namespace: fc.constantFrom('a', 'b'),
    name: fc.constantFrom('x', 'y', 'z'),
    type: fc.constantFrom('ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'),
    ports: fc.array(
      fc.record({
        name: fc.constantFrom('p', 'q'),
        protocol: fc.constantFrom('TCP', 'UDP'),
        nodePort: fc.constantFrom(0, 30_000, 30_001, 30_002),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    healthCheckNodePort: fc.constantFrom(0, 30_000, 30_003),
  })
  .map(({ namespace, name, ports, ...spec }) =>
    made(namespace, name, {
      ...spec,
      externalName: 'a.example.com',
      ports: ports.map((port, index) => ({ ...port, name: `${port.name}${index}`, port: 80 + index })),
    }),
  );
const services = fc.uniqueArray(anyService, {
  selector: ({ namespace, name }) => `${namespace}/${name}`,
  maxLength: 6,
});
const changes = fc.array(fc.record({ service: anyService, isRemoval: fc.boolean() }), { maxLength: 12 });

/** Makes each change in turn; says what is left, and all Services that were ever there. */
function applied(
  steps: readonly { readonly service: Service; readonly isRemoval: boolean }[],
  index: { add(service: Service): void; remove(service: Service): void },
  given: readonly Service[] = [],
): { readonly left: readonly Service[]; readonly all: readonly Service[] } {
  const left = new Map(given.map((service) => [formatRef(service), service]));
  for (const { service, isRemoval } of steps) {
    if (isRemoval) index.remove(service);
    else index.add(service);
    if (isRemoval) left.delete(formatRef(service));
    else left.set(formatRef(service), service);
  }
  return { left: [...left.values()], all: [...given, ...steps.map(({ service }) => service)] };
}

const NUMBERS = [30_000, 30_001, 30_002, 30_003];

describe('any inventory', () => {
  it('does not depend on the order of the Services', () => {
    fc.assert(
      fc.property(services, (given) => {
        const forwards = told(inventoryOf(given), NUMBERS, given);
        expect(told(inventoryOf(given.toReversed()), NUMBERS, given)).toEqual(forwards);
      }),
    );
  });

  it('with a Service is the inventory of the others and it', () => {
    fc.assert(
      fc.property(services, fc.array(anyService, { maxLength: 5 }), (given, added) => {
        const latest = new Map([...given, ...added].map((service) => [formatRef(service), service]));
        const all = [...latest.values()];
        expect(told(grown(inventoryOf(given), ...added), NUMBERS, all)).toEqual(told(inventoryOf(all), NUMBERS, all));
      }),
    );
  });

  it('that follows a cluster is the inventory of what is left of it', () => {
    fc.assert(
      fc.property(changes, (steps) => {
        const { inventory, put, remove } = makeHoldings();
        const { left, all } = applied(steps, { add: put, remove });
        expect(told(inventory, NUMBERS, all)).toEqual(told(inventoryOf(left), NUMBERS, all));
      }),
    );
  });

  it('that grows and shrinks is the inventory of what is left', () => {
    fc.assert(
      fc.property(services, changes, (given, steps) => {
        const { inventory, add, remove } = growing(inventoryOf(given));
        const { left, all } = applied(steps, { add, remove }, given);
        expect(told(inventory, NUMBERS, all)).toEqual(told(inventoryOf(left), NUMBERS, all));
      }),
    );
  });

  it('looks holders up by number and ports up by Service, and loses none', () => {
    fc.assert(
      fc.property(services, (given) => {
        const { held, squatters, holdersOf, squattersOf, portsOf } = inventoryOf(given);
        for (const number of NUMBERS) {
          expect(holdersOf(number)).toEqual(held.filter(({ nodePort }) => nodePort === number));
          expect(squattersOf(number)).toEqual(squatters.filter(({ nodePort }) => nodePort === number));
        }
        for (const { namespace, name } of given) {
          expect(portsOf({ namespace, name })).toEqual(
            held.filter((port) => port.namespace === namespace && port.name === name),
          );
        }
      }),
    );
  });
});

describe('several inventories as one', () => {
  const elsewhere = made('shop', 'web', { type: 'NodePort', ports: [{ name: 'http', port: 80, nodePort: 30_090 }] });
  const both = unionOf([inventoryOf([web, squatter]), inventoryOf([elsewhere, dns])]);
  const webElsewhere: HeldPort = { ...webHttp, nodePort: 30_090 };

  it('hold what any of them holds, also under the same name', () => {
    expect(both.portsOf(web)).toEqual([webHttp, webElsewhere]);
    expect([30_080, 30_090, 30_053, 30_081].map((port) => both.isHeld(port))).toEqual([true, true, true, false]);
    expect(both.holdersOf(30_090)).toEqual([webElsewhere]);
    expect(both.held.filter(({ namespace }) => namespace === 'shop')).toEqual([webHttp, webElsewhere]);
    expect(both.squattersOf(30_080).map(({ name }) => name)).toEqual(['squatter']);
    expect(both.squatters.map(({ name }) => name)).toEqual(['squatter']);
  });

  it('count of a namespace what the fullest of them has', () => {
    const crowded = inventoryOf([
      web,
      made('shop', 'api', { type: 'NodePort', ports: [{ port: 80, nodePort: 30_070 }] }),
    ]);
    expect(unionOf([inventoryOf([elsewhere]), crowded, inventoryOf([dns])]).heldIn('shop')).toHaveLength(2);
  });

  it('are complete when all of them are, and hold nothing when there are none', () => {
    expect(unionOf([inventoryOf([]), inventoryOf([], false)]).complete).toBe(false);
    const none = unionOf([]);
    expect([none.complete, none.held, none.isHeld(30_080), none.heldIn('shop')]).toEqual([true, [], false, []]);
  });
});
