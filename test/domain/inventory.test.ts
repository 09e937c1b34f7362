import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { growing, type HeldPort, type Inventory, inventoryOf } from '../../src/domain/inventory.ts';
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

/** What an inventory says, without the functions. */
function told(inventory: Inventory, numbers: readonly number[], services: readonly Service[]): object {
  return {
    complete: inventory.complete,
    held: inventory.held,
    squatters: inventory.squatters,
    holders: numbers.map((number) => inventory.holdersOf(number)),
    ports: services.map((service) => inventory.portsOf(service)),
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
      ports: [[webHttp], [dnsTcp, dnsUdp, dnsHealthCheck], [], []],
    });
  });

  it('of nothing holds nothing, and may be incomplete', () => {
    expect(told(inventoryOf([], false), [0, 30_080], [web])).toEqual({
      complete: false,
      held: [],
      squatters: [],
      holders: [[], []],
      ports: [[]],
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
      ports: [[{ ...webHttp, nodePort: 30_081 }]],
    });
  });

  it('makes a squatter a holder, and a holder a squatter', () => {
    const asExternalName = made('shop', 'web', {
      type: 'ExternalName',
      externalName: 'a.example.com',
      ports: [{ name: 'http', port: 80, nodePort: 30_080 }],
    });
    const turned = grown(inventoryOf([web]), asExternalName);
    expect([turned.held, turned.squatters]).toEqual([[], [webHttp]]);
    const back = grown(inventoryOf([web]), asExternalName, web);
    expect([back.held, back.squatters]).toEqual([[webHttp], []]);
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

  it('looks holders up by number and ports up by Service, and loses none', () => {
    fc.assert(
      fc.property(services, (given) => {
        const { held, holdersOf, portsOf } = inventoryOf(given);
        for (const number of NUMBERS)
          expect(holdersOf(number)).toEqual(held.filter(({ nodePort }) => nodePort === number));
        for (const { namespace, name } of given) {
          expect(portsOf({ namespace, name })).toEqual(
            held.filter((port) => port.namespace === namespace && port.name === name),
          );
        }
      }),
    );
  });
});
