import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { choices } from '../../src/allocation/choose.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { portSet } from '../../src/domain/port-set.ts';
import type { Service } from '../../src/domain/service.ts';
import { admit } from '../../src/engine/admit.ts';
import type { Policy } from '../../src/engine/policy.ts';
import { requestFor, serviceOf } from '../support/manifest.ts';
import { NOW } from '../support/now.ts';
import { policyDocument, policyOf, poolDocument } from '../support/policy.ts';
import { held, nodePort } from '../support/verdict-text.ts';
import { worldOf } from '../support/world.ts';

const RULES = policyDocument({ 'node-port-pool': {} });
const policy = poolOf(10);

const HTTP = { name: 'http', port: 80 };
const HTTPS = { name: 'https', port: 443 };
const ADMIN = { name: 'admin', port: 90 };
const DNS = { name: 'dns', port: 53 };
const DNS_UDP = { name: 'dns-udp', port: 53, protocol: 'UDP' };

function poolOf(size: number, spec: JsonObject = {}): Policy {
  return policyOf(RULES, poolDocument('shop', `30100-${30_099 + size}`, spec));
}

/** All of the first `size` numbers from 30100 on, in the order in which this port of shop/web would take them. */
function wanted({ name, protocol = 'TCP' }: { readonly name: string; readonly protocol?: string }, size = 10) {
  const { numbers } = portSet([{ from: 30_100, to: 30_099 + size }]);
  const free = { isTaken: () => false, lastResortOrder: () => undefined };
  return choices(`shop/web/${name}/${protocol}`, numbers, free, size);
}

/** What every finding offers, in the order of the ports; they all ask for a number that they cannot have. */
function offered(
  ports: readonly JsonObject[],
  chosen: Policy = policy,
  others: readonly Service[] = [],
): readonly (readonly number[])[] {
  const wrong = nodePort(ports.map((port, at) => ({ ...port, nodePort: 32_000 + at })));
  return admit(requestFor(serviceOf(wrong)), chosen, worldOf(others), NOW).findings.map(({ free = [] }) => free);
}

/** The next choices of one key, without those that another was offered. */
function without(numbers: readonly number[], ...taken: readonly (readonly number[])[]): readonly number[] {
  return numbers.filter((number) => !taken.flat().includes(number));
}

describe('the free numbers of a message', () => {
  it('are the next choices of the first port, and for the others those that were not offered yet', () => {
    const [http = [], https = [], admin = []] = offered([HTTP, HTTPS, ADMIN]);
    expect(http).toEqual(wanted(HTTP).slice(0, 3));
    expect(https).toEqual(without(wanted(HTTPS), http).slice(0, 3));
    expect(admin).toEqual(without(wanted(ADMIN), http, https).slice(0, 3));
  });

  it('are filled up with what another port was offered, when there are no others', () => {
    const size = 4;
    const [http = [], https = []] = offered([HTTP, HTTPS], poolOf(size));
    const [left = 0] = without(wanted(HTTP, size), http);
    expect(https).toEqual([left, ...without(wanted(HTTPS, size), [left]).slice(0, 2)]);
    expect(offered([HTTP, HTTPS], poolOf(size), held(30_100, 30_101, 30_102))).toEqual([[30_103], [30_103]]);
  });

  it('are the same for the ports of one port number, which share one node port', () => {
    const [udp, http = [], tcp = []] = offered([DNS_UDP, HTTP, DNS]);
    expect(tcp).toEqual(wanted(DNS).slice(0, 3));
    expect(udp).toEqual(tcp);
    expect(http).toEqual(without(wanted(HTTP), tcp).slice(0, 3));
  });

  it('are different ones for a health check, too', () => {
    const manifest = nodePort([{ ...HTTP, nodePort: 32_000 }], {
      type: 'LoadBalancer',
      externalTrafficPolicy: 'Local',
      healthCheckNodePort: 32_001,
    });
    const { findings } = admit(requestFor(serviceOf(manifest)), policy, worldOf(), NOW);
    const [http = [], healthCheck] = findings.map(({ free = [] }) => free);
    expect(http).toEqual(wanted(HTTP).slice(0, 3));
    expect(healthCheck).toEqual(without(wanted({ name: 'healthCheck' }), http).slice(0, 3));
  });

  it('are different ones where the pool does not assign and the numbers are missing', () => {
    const ports = nodePort([HTTP, HTTPS]);
    const { findings } = admit(requestFor(serviceOf(ports)), poolOf(10, { assign: false }), worldOf(), NOW);
    const [http = [], https] = findings.map(({ free = [] }) => free);
    expect(http).toEqual(wanted(HTTP).slice(0, 3));
    expect(https).toEqual(without(wanted(HTTPS), http).slice(0, 3));
  });

  it('are the same from every rule that speaks of the port', () => {
    const both = policyOf(
      policyDocument({ 'node-port-pool': {}, 'node-port-conflict': {} }),
      poolDocument('shop', '30100-30109'),
      poolDocument('vip', '30200-30209', { namespaces: ['vip'] }),
    );
    const ports = nodePort([
      { ...HTTP, nodePort: 30_200 },
      { ...HTTPS, nodePort: 30_201 },
    ]);
    const { findings } = admit(requestFor(serviceOf(ports)), both, worldOf(held(30_200, 30_201)), NOW);
    const byField = Map.groupBy(findings, ({ field }) => field);
    const told = [...byField.values()].map((group) => group.map(({ rule, free = [] }) => [rule, free]));
    const http = wanted(HTTP).slice(0, 3);
    const https = without(wanted(HTTPS), http).slice(0, 3);
    expect(told).toEqual(
      [http, https].map((free) => [
        ['node-port-conflict', free],
        ['node-port-pool', free],
      ]),
    );
  });

  it('of any ports are next choices, each once as long as there are enough', () => {
    const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 1 });
    const taken = fc.uniqueArray(fc.integer({ min: 30_100, max: 30_109 }), { maxLength: 10 });
    fc.assert(
      fc.property(names, taken, (given, holding) => {
        const ports = given.map((name, at) => ({ name, port: 80 + at }));
        const expected: (readonly number[])[] = [];
        for (const port of ports) {
          const free = without(wanted(port), holding);
          const fresh = without(free, ...expected);
          expected.push([...fresh, ...without(free, fresh)].slice(0, 3));
        }
        expect(offered(ports, policy, held(...holding))).toEqual(expected);
      }),
    );
  });
});
