import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/domain/json.ts';
import type { Verdict } from '../../src/domain/verdict.ts';
import { admit } from '../../src/engine/admit.ts';
import { decide } from '../../src/engine/decide.ts';
import type { Policy } from '../../src/engine/policy.ts';
import { requestFor, serviceOf } from '../support/manifest.ts';
import { NOW } from '../support/now.ts';
import { policyDocument, policyOf, poolDocument } from '../support/policy.ts';
import { assigned, held, messages, nodePort } from '../support/verdict-text.ts';
import { worldOf } from '../support/world.ts';

const http = nodePort([{ name: 'http', port: 80 }]);

function ask(
  policy: Policy,
  object: JsonObject = http,
  { old, taken = [] }: { old?: JsonObject; taken?: number[] } = {},
): Verdict {
  const oldService = old === undefined ? undefined : serviceOf(old);
  return admit(requestFor(serviceOf(object), { oldService }), policy, worldOf(held(...taken)), NOW);
}

describe('the gate assigns no number that a rule then denies', () => {
  it('reserved by a policy', () => {
    const policy = policyOf(
      policyDocument({
        'node-port-reserved': { ports: [{ ports: '30100-30108', reason: 'legacy' }] },
        'node-port-pool': {},
      }),
      poolDocument('shop', '30100-30109'),
    );
    expect(assigned(ask(policy))).toEqual(['http/TCP 30109 shop hash']);
    expect(messages(ask(policy))).toEqual([]);
    expect(messages(ask(policy, http, { taken: [30_109] }))).toEqual([
      'deny node-port-pool spec.ports[0].nodePort: pool shop is full, none of its 10 ports is free; ask its owner for more ports',
    ]);
  });

  it('outside the allowed ranges', () => {
    const policy = policyOf(
      policyDocument({ 'node-port-range': { ranges: ['30150-30151'] } }),
      poolDocument('shop', '30100-30199'),
    );
    expect(assigned(ask(policy))).toEqual(['http/TCP 30151 shop hash']);
  });

  it('dangerous on nodes', () => {
    const policy = policyOf(
      policyDocument({ 'node-port-reserved': {} }),
      { kind: 'ClusterProfile', metadata: { name: 'wide' }, spec: { serviceNodePortRange: '10000-32767' } },
      poolDocument('shop', '10248-10261'),
    );
    expect(assigned(ask(policy))).toEqual(['http/TCP 10261 shop hash']);
  });

  it('of a policy that only records, all the same: numbers must not move when it begins to deny', () => {
    const rules = { 'node-port-range': { ranges: ['30150-30151'] } };
    const recording = policyOf(policyDocument(rules, { maxEnforcement: 'audit' }), poolDocument('shop', '30100-30199'));
    expect(assigned(ask(recording))).toEqual(['http/TCP 30151 shop hash']);
  });

  it('of a sibling whose running number is only forgiven', () => {
    const policy = policyOf(policyDocument({ 'node-port-pool': {} }), poolDocument('shop', '30100-30109'));
    const dns = (number: number, protocol: string): JsonObject => ({
      name: `dns-${protocol.toLowerCase()}`,
      port: 53,
      protocol,
      nodePort: number,
    });
    const old = nodePort([dns(31_005, 'TCP')]);
    const both = nodePort([dns(31_005, 'TCP'), dns(0, 'UDP')]);
    const verdict = ask(policy, both, { old });
    expect(assigned(verdict)).toEqual(['dns-tcp/TCP 31005 - kept', 'dns-udp/UDP 30106 shop hash']);
    expect(decide(verdict, 'validate').allowed).toBe(true);
  });

  it('but a sibling of a running number of the pool shares it', () => {
    const policy = policyOf(policyDocument({ 'node-port-pool': {} }), poolDocument('shop', '30100-30109'));
    const tcp = { name: 'dns-tcp', port: 53, nodePort: 30_104 };
    const verdict = ask(policy, nodePort([tcp, { name: 'dns-udp', port: 53, protocol: 'UDP' }]), {
      old: nodePort([tcp]),
    });
    expect(assigned(verdict)).toEqual(['dns-tcp/TCP 30104 shop kept', 'dns-udp/UDP 30104 shop kept']);
  });
});

describe('the gate suggests no number that a rule would deny', () => {
  it('to a namespace without a pool, where only owners may have ports', () => {
    const policy = policyOf(
      policyDocument({ 'node-port-conflict': {}, 'node-port-pool': { unowned: 'deny' } }),
      poolDocument('other', '30200-30299', { namespaces: ['other'] }),
    );
    expect(messages(ask(policy, nodePort([{ port: 80, nodePort: 31_999 }]), { taken: [31_999] }))).toEqual([
      'deny node-port-conflict spec.ports[0].nodePort: 31999 is held by other/s31999 (port 1); choose another number',
      'deny node-port-pool spec.ports[0].nodePort: 31999 is in no pool, and namespace shop has none; ask whoever runs the cluster for a pool',
    ]);
  });

  it('of the pool, but out of the range', () => {
    const policy = policyOf(
      policyDocument({ 'node-port-pool': {}, 'node-port-range': { ranges: ['30100-30101', '31000-31999'] } }),
      poolDocument('shop', '30100-30199'),
    );
    expect(messages(ask(policy, nodePort([{ name: 'http', port: 80, nodePort: 31_000 }])))).toEqual([
      'deny node-port-pool spec.ports[0].nodePort: 31000 is outside 30100-30199 (pool shop); use 30100 or 30101',
    ]);
  });
});

describe('an absolute rule', () => {
  const policy = policyOf(
    policyDocument(
      { 'external-name-node-port': {}, 'node-port-range': {} },
      { match: { serviceTypes: ['NodePort', 'LoadBalancer'] } },
    ),
    poolDocument('shop', '30100-30199'),
  );
  const parked = nodePort([{ port: 80, nodePort: 22 }], { type: 'ExternalName', externalName: 'db.example.com' });

  it('is not switched off by the types that a policy names', () => {
    const verdict = ask(policy, parked);
    expect(messages(verdict)).toEqual([
      'deny external-name-node-port spec.ports[0].nodePort: 22 on an ExternalName is not open yet, but would be after a change of type; remove it',
    ]);
    expect(verdict.assigned).toEqual([]);
  });

  it('is not switched off by labels that its author leaves away', () => {
    const labelled = policyOf(
      policyDocument(
        { 'external-name-node-port': {} },
        { match: { serviceSelector: { matchLabels: { judged: 'yes' } } } },
      ),
      poolDocument('shop', '30100-30199'),
    );
    expect(messages(ask(labelled, parked))).toHaveLength(1);
    expect(ask(labelled, http)).toMatchObject({ judged: false, assigned: [], changes: [] });
  });

  it('leaves namespaces and users alone that the policy excludes', () => {
    const excluding = policyOf(
      policyDocument({ 'external-name-node-port': {} }, { match: { excludeNamespaces: ['shop'] } }),
    );
    expect(ask(excluding, parked).judged).toBe(false);
  });
});
