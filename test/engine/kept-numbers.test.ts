import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/domain/json.ts';
import type { ServiceRequest } from '../../src/domain/request.ts';
import type { Verdict } from '../../src/domain/verdict.ts';
import { admit } from '../../src/engine/admit.ts';
import { scene, service } from '../support/attack-scene.ts';
import { requestFor, serviceOf } from '../support/manifest.ts';
import { NOW } from '../support/now.ts';
import { policyDocument, policyOf, poolDocument } from '../support/policy.ts';
import { assigned, messages, nodePort, patch } from '../support/verdict-text.ts';
import { worldOf } from '../support/world.ts';

const policy = policyOf(
  policyDocument({ 'node-port-pool': {}, 'node-port-conflict': {}, 'node-port-range': {} }),
  poolDocument('shop', '30100-30299'),
);
const HTTP = { name: 'http', port: 80 };
const HTTPS = { name: 'https', port: 443 };
const DNS = { name: 'dns', port: 53 };
const DNS_UDP = { name: 'dns-udp', port: 53, protocol: 'UDP' };

/** An UPDATE at `/mutate`, both objects as the API server sends them; the inventory knows the old one. */
function update(old: JsonObject, object: JsonObject, overrides: Partial<ServiceRequest> = {}): Verdict {
  const oldService = serviceOf(old, 'object');
  const request = requestFor(serviceOf(object, 'object'), { oldService, ...overrides });
  return admit(request, policy, worldOf([oldService]), NOW);
}

describe('a number of the old object', () => {
  it('stays where the API server refills it: no patch', () => {
    const old = nodePort([
      { ...HTTP, nodePort: 31_500 },
      { ...HTTPS, nodePort: 30_111 },
    ]);
    const put = update(old, nodePort([HTTPS, HTTP]));
    expect([assigned(put), patch(put)]).toEqual([['https/TCP 30111 shop kept', 'http/TCP 31500 - kept'], []]);
    const patched = update(old, old);
    expect([assigned(patched), patch(patched)]).toEqual([['http/TCP 31500 - kept', 'https/TCP 30111 shop kept'], []]);
  });

  it('goes with a renamed port, found by port and protocol: the API server would pick another', () => {
    const old = nodePort([{ ...HTTP, nodePort: 31_500 }]);
    const verdict = update(old, nodePort([{ name: 'web', port: 80 }]));
    expect([assigned(verdict), patch(verdict)]).toEqual([
      ['web/TCP 31500 - kept'],
      ['add /spec/ports/0/nodePort 31500'],
    ]);
  });

  it('goes by name before it goes by port', () => {
    const old = nodePort([
      { name: 'a', port: 80, nodePort: 30_101 },
      { name: 'b', port: 81, nodePort: 30_102 },
    ]);
    const swapped = update(
      old,
      nodePort([
        { name: 'b', port: 80 },
        { name: 'a', port: 81 },
      ]),
    );
    expect([assigned(swapped), patch(swapped)]).toEqual([['b/TCP 30102 shop kept', 'a/TCP 30101 shop kept'], []]);
    const moved = update(
      old,
      nodePort([
        { name: 'b', port: 80 },
        { name: 'c', port: 81 },
      ]),
    );
    expect(assigned(moved)).toEqual(['b/TCP 30102 shop kept', 'c/TCP 30128 shop hash']);
    expect(patch(moved)).toEqual(['add /spec/ports/1/nodePort 30128']);
  });

  it('does not go from TCP to UDP, unless by name', () => {
    const old = nodePort([{ name: 'a', port: 53, nodePort: 30_101 }]);
    expect(assigned(update(old, nodePort([{ name: 'b', port: 53, protocol: 'UDP' }])))).toEqual([
      'b/UDP 30281 shop hash',
    ]);
    expect(assigned(update(old, nodePort([{ name: 'a', port: 53, protocol: 'UDP' }])))).toEqual([
      'a/UDP 30101 shop kept',
    ]);
  });

  it('is not kept twice, nor beside the same number written elsewhere', () => {
    const old = nodePort([{ ...HTTP, nodePort: 30_101 }]);
    const taken = update(old, nodePort([HTTP, { ...HTTPS, nodePort: 30_101 }]));
    expect(assigned(taken)).toEqual(['http/TCP 30259 shop hash', 'https/TCP 30101 shop kept']);
    expect(patch(taken)).toEqual(['add /spec/ports/0/nodePort 30259']);
  });

  it('is shared by a new sibling, and then patched into both: what one port has is not refilled into another', () => {
    const verdict = update(nodePort([{ ...DNS, nodePort: 30_111 }]), nodePort([DNS_UDP, DNS]));
    expect([assigned(verdict), patch(verdict)]).toEqual([
      ['dns-udp/UDP 30111 shop kept', 'dns/TCP 30111 shop kept'],
      ['add /spec/ports/0/nodePort 30111', 'add /spec/ports/1/nodePort 30111'],
    ]);
  });

  it('stays when the API server really handles such an update', () => {
    const dns = { name: 'dns', port: 53, protocol: 'TCP', nodePort: 30_305 } as const;
    const server = scene({ guarded: true });
    expect(server.create(service({ ports: [dns], owned: ['dns'] }))).toBe('stored');
    const ports = [{ ...dns, nodePort: 0 }, { ...dns, name: 'dns-udp', protocol: 'UDP', nodePort: 0 } as const];
    expect(server.update('evil', 'web', (live) => ({ ...live, ports, owned: [] }))).toBe('stored');
    const live = server.services().find(({ namespace }) => namespace === 'evil');
    expect(live?.ports.map(({ name, nodePort: number }) => [name, number])).toEqual([
      ['dns', 30_305],
      ['dns-udp', 30_305],
    ]);
  });

  it('gives way to a number that the author writes', () => {
    const verdict = update(nodePort([{ ...HTTP, nodePort: 30_101 }]), nodePort([{ ...HTTP, nodePort: 30_102 }]));
    expect([assigned(verdict), patch(verdict)]).toEqual([['http/TCP 30102 shop explicit'], []]);
  });

  it.each([
    ['NodePort', {}, 'LoadBalancer', {}, []],
    ['LoadBalancer', {}, 'NodePort', {}, []],
    // The API server refills only from a type that allocates to one that does.
    ['LoadBalancer', { allocateLoadBalancerNodePorts: false }, 'NodePort', {}, ['add /spec/ports/0/nodePort 30101']],
  ])('stays through a change from %s %j to %s', (from, before, to, after, patched) => {
    const old = nodePort([{ ...HTTP, nodePort: 30_101 }], { type: from, ...before });
    const verdict = update(old, nodePort([HTTP], { type: to, ...after }));
    expect([assigned(verdict), patch(verdict)]).toEqual([['http/TCP 30101 shop kept'], patched]);
  });

  it.each([
    ['ClusterIP', {}],
    ['ExternalName', {}],
    ['LoadBalancer', { allocateLoadBalancerNodePorts: false }],
  ])('is given up by a change to %s %j', (type, spec) => {
    const old = nodePort([{ ...HTTP, nodePort: 30_101 }]);
    const put = update(old, nodePort([HTTP], { type, ...spec }));
    expect([assigned(put), patch(put), messages(put)]).toEqual([[], [], []]);
  });

  it.each(['ClusterIP', 'ExternalName'])('goes with the type when a PATCH to %s leaves it behind', (type) => {
    const old = nodePort([{ ...HTTP, nodePort: 31_500 }]);
    const verdict = update(old, nodePort([{ ...HTTP, nodePort: 31_500 }], { type }));
    expect([assigned(verdict), patch(verdict), messages(verdict)]).toEqual([[], [], []]);
    expect(verdict.service?.ports.map((port) => port.nodePort)).toEqual([0]);
  });

  it.each([
    ['ClusterIP', nodePort([HTTP], { type: 'ClusterIP' })],
    // A number that an ExternalName carries was never open, so it is not kept either.
    ['ExternalName', nodePort([{ ...HTTP, nodePort: 31_500 }], { type: 'ExternalName' })],
  ])('is assigned anew from %s', (_, old) => {
    const verdict = update(old, nodePort([HTTP]));
    expect([assigned(verdict), patch(verdict)]).toEqual([
      ['http/TCP 30259 shop hash'],
      ['add /spec/ports/0/nodePort 30259'],
    ]);
  });
});

describe('the health-check port of the old object', () => {
  const balancer = (spec: JsonObject, port: JsonObject = { ...HTTP, nodePort: 30_101 }): JsonObject =>
    nodePort([port], { type: 'LoadBalancer', externalTrafficPolicy: 'Local', ...spec });

  it('stays while both are LoadBalancer and Local, and the API server refills it', () => {
    const verdict = update(balancer({ healthCheckNodePort: 30_199 }), balancer({}));
    expect([assigned(verdict), patch(verdict)]).toEqual([
      ['http/TCP 30101 shop kept', 'healthCheck/TCP 30199 shop kept'],
      [],
    ]);
  });

  it('is new after a time with Cluster', () => {
    const verdict = update(balancer({ externalTrafficPolicy: 'Cluster' }), balancer({}));
    expect([assigned(verdict), patch(verdict)]).toEqual([
      ['http/TCP 30101 shop kept', 'healthCheck/TCP 30130 shop hash'],
      ['add /spec/healthCheckNodePort 30130'],
    ]);
  });

  it.each([
    ['LoadBalancer with Cluster', { externalTrafficPolicy: 'Cluster' }],
    ['NodePort', { type: 'NodePort' }],
  ])('is dropped by a PATCH to %s that leaves it behind: neither judged nor reported', (_, change) => {
    const spec = { healthCheckNodePort: 31_999 };
    const verdict = update(balancer(spec), balancer({ ...spec, ...change }));
    expect([assigned(verdict), patch(verdict), messages(verdict)]).toEqual([['http/TCP 30101 shop kept'], [], []]);
    expect(verdict.service?.healthCheckNodePort).toBe(0);
  });
});

describe('a manifest of a Service that the inventory holds', () => {
  function dryRun(live: JsonObject, object: JsonObject): Verdict {
    const world = worldOf([serviceOf(live)]);
    const wanted = serviceOf(object);
    return admit(
      requestFor(wanted, { dryRun: true, heldAlready: world.inventory.portsOf(wanted) }),
      policy,
      world,
      NOW,
    );
  }

  it('keeps its numbers, by name and then by port', () => {
    const live = nodePort([
      { ...HTTP, nodePort: 30_101 },
      { ...HTTPS, nodePort: 30_102 },
    ]);
    const verdict = dryRun(live, nodePort([HTTP, { name: 'tls', port: 443 }, DNS]));
    expect(assigned(verdict)).toEqual([
      'http/TCP 30101 shop kept',
      'tls/TCP 30102 shop kept',
      'dns/TCP 30175 shop hash',
    ]);
    expect(messages(verdict)).toEqual([]);
  });

  it('keeps its health-check port', () => {
    const spec = { type: 'LoadBalancer', externalTrafficPolicy: 'Local' };
    const live = nodePort([{ ...HTTP, nodePort: 30_101 }], { ...spec, healthCheckNodePort: 30_102 });
    expect(assigned(dryRun(live, nodePort([HTTP], spec)))).toEqual([
      'http/TCP 30101 shop kept',
      'healthCheck/TCP 30102 shop kept',
    ]);
  });

  it('has no conflict with itself', () => {
    const live = nodePort([{ ...HTTP, nodePort: 30_101 }]);
    const verdict = dryRun(live, live);
    expect([assigned(verdict), messages(verdict)]).toEqual([['http/TCP 30101 shop explicit'], []]);
  });
});
