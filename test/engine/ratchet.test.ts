import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/domain/json.ts';
import type { ServiceRequest } from '../../src/domain/request.ts';
import { admit } from '../../src/engine/admit.ts';
import type { Policy } from '../../src/engine/policy.ts';
import { requestFor, serviceOf } from '../support/manifest.ts';
import { NOW } from '../support/now.ts';
import { policyDocument, policyOf, poolDocument } from '../support/policy.ts';
import { nodePort } from '../support/verdict-text.ts';
import { worldOf } from '../support/world.ts';

const range = policyOf(policyDocument({ 'node-port-range': { ranges: ['30000-30099'] } }));
const traffic = policyOf(policyDocument({ 'external-traffic-policy': {} }));
const externalIps = policyOf(policyDocument({ 'external-ips': {} }));
const conflict = policyOf(policyDocument({ 'node-port-conflict': {} }));

/** What the UPDATE of `old` to `object` is told: enforcement and field, and whether it was there before. */
function update(
  policy: Policy,
  old: JsonObject,
  object: JsonObject,
  given: Partial<ServiceRequest> = {},
): readonly string[] {
  const request = requestFor(serviceOf(object, 'object'), {
    stage: 'final',
    oldService: serviceOf(old, 'object'),
    ...given,
  });
  const world = worldOf([serviceOf({ ...nodePort([{ port: 1, nodePort: 31_000 }]), metadata: { name: 'holder' } })]);
  return admit(request, policy, world, NOW).findings.map(
    ({ enforcement, field, alreadyThere }) => `${enforcement} ${field}${alreadyThere ? ' (already there)' : ''}`,
  );
}

const port = (number: number, more: JsonObject = {}): JsonObject => ({
  name: `p${number}`,
  port: number - 30_000 || 1,
  nodePort: number,
  ...more,
});
const FIRST = 'spec.ports[0].nodePort';
const POLICY = 'spec.externalTrafficPolicy';

describe('the ratchet on a port finding', () => {
  const old = nodePort([port(31_000)]);

  it('sees the new one behind any number of old ones', () => {
    const many = Array.from({ length: 300 }, (_, at) => port(31_000 + at));
    const said = update(range, nodePort(many), nodePort([...many, port(31_500)]));
    expect(said.filter((text) => !text.endsWith('(already there)'))).toEqual(['deny spec.ports[300].nodePort']);
    const shuffled = [...many.toReversed(), port(31_500)];
    expect(update(range, nodePort(many), nodePort(shuffled)).at(-1)).toBe('deny spec.ports[300].nodePort');
  });

  it('makes a warning of the same number and protocol', () => {
    expect(update(range, old, old)).toEqual([`warn ${FIRST} (already there)`]);
    expect(update(conflict, old, old)).toEqual([`warn ${FIRST} (already there)`]);
  });

  it('follows the number to another port, another name and another type', () => {
    expect(update(range, old, nodePort([port(30_001), port(31_000, { name: 'x', port: 7 })]))).toEqual([
      'warn spec.ports[1].nodePort (already there)',
    ]);
    expect(update(range, old, nodePort([port(31_000)], { type: 'LoadBalancer' }))).toEqual([
      `warn ${FIRST} (already there)`,
    ]);
  });

  it('does not cover the same number with another protocol', () => {
    const both = nodePort([port(31_000), port(31_000, { name: 'udp', protocol: 'UDP' })]);
    expect(update(range, old, both)).toEqual([`warn ${FIRST} (already there)`, 'deny spec.ports[1].nodePort']);
    expect(update(range, old, nodePort([port(31_000, { protocol: 'UDP' })]))).toEqual([`deny ${FIRST}`]);
  });

  it('does not cover another number, nor one that is added', () => {
    expect(update(range, old, nodePort([port(31_001)]))).toEqual([`deny ${FIRST}`]);
    expect(update(range, old, nodePort([port(31_000), port(31_001)]))).toEqual([
      `warn ${FIRST} (already there)`,
      'deny spec.ports[1].nodePort',
    ]);
  });

  it('does not cover a number that was carried but not open', () => {
    for (const type of ['ExternalName', 'ClusterIP']) {
      expect(update(range, nodePort([port(31_000)], { type }), old)).toEqual([`deny ${FIRST}`]);
    }
  });

  it('does not cover a health check that was a port of another protocol, but one that was TCP', () => {
    const balancer = nodePort([port(30_001)], {
      type: 'LoadBalancer',
      externalTrafficPolicy: 'Local',
      healthCheckNodePort: 31_000,
    });
    expect(update(range, nodePort([port(31_000, { protocol: 'UDP' })]), balancer)).toEqual([
      'deny spec.healthCheckNodePort',
    ]);
    expect(update(range, old, balancer)).toEqual(['warn spec.healthCheckNodePort (already there)']);
  });

  it('asks whether the old object broke the rule, not only whether it had the number', () => {
    const pools = policyOf(
      policyDocument({ 'node-port-pool': {} }),
      poolDocument('balancers', '30100-30199', { serviceTypes: ['LoadBalancer'] }),
      poolDocument('shop', '30200-30299', { serviceTypes: ['NodePort'] }),
    );
    const balancer = nodePort([port(30_100)], { type: 'LoadBalancer' });
    expect(update(pools, balancer, nodePort([port(30_100)]))).toEqual([`deny ${FIRST}`]);
    expect(update(pools, nodePort([port(30_100)]), nodePort([port(30_100)]))).toEqual([
      `warn ${FIRST} (already there)`,
    ]);
  });

  it('weakens deny to warn, and never strengthens', () => {
    for (const [enforcement, expected] of [
      ['warn', 'warn'],
      ['audit', 'audit'],
    ] as const) {
      const policy = policyOf(policyDocument({ 'node-port-range': { ranges: ['30000-30099'], enforcement } }));
      expect(update(policy, old, old)).toEqual([`${expected} ${FIRST} (already there)`]);
    }
  });

  it('knows no CREATE', () => {
    const verdict = admit(
      requestFor(serviceOf(old, 'object'), { stage: 'final' }),
      range,
      worldOf([serviceOf(old)]),
      NOW,
    );
    expect(verdict.findings.map(({ enforcement, alreadyThere }) => [enforcement, alreadyThere])).toEqual([
      ['deny', false],
    ]);
  });
});

describe('the ratchet on a finding about the object', () => {
  const old = nodePort([port(30_001), port(30_002)]);

  it('makes a warning of the same field and value while nothing more is open', () => {
    expect(update(traffic, old, old)).toEqual([`warn ${POLICY} (already there)`]);
    expect(update(traffic, old, nodePort([port(30_002)]))).toEqual([`warn ${POLICY} (already there)`]);
    expect(update(traffic, old, nodePort([port(30_002), port(30_001)]))).toEqual([`warn ${POLICY} (already there)`]);
  });

  it.each([
    ['a port', nodePort([port(30_001), port(30_002), port(30_003)])],
    ['another number', nodePort([port(30_001), port(30_003)])],
    ['a protocol', nodePort([port(30_001), port(30_002, { protocol: 'UDP' })])],
    ['a health check', nodePort([port(30_001)], { type: 'LoadBalancer', healthCheckNodePort: 30_009 })],
  ])('ends where %s is added', (_, object) => {
    expect(update(traffic, old, object)).toEqual([`deny ${POLICY}`]);
  });

  it('ends where a port is added whose number is still to come, in a dry run as for real', () => {
    const more = nodePort([port(30_001), port(30_002), { name: 'new', port: 9 }]);
    expect(update(traffic, old, more, { stage: 'proposed' })).toEqual([`deny ${POLICY}`]);
    // The dummy of a dry run, as /validate sees it: nobody owns it.
    const owned = { 'f:spec': { 'f:type': {} } };
    const dummy = {
      ...nodePort([port(30_001), port(30_002), { name: 'new', port: 9, nodePort: 32_769 }]),
      metadata: { managedFields: [{ manager: 'test', operation: 'Update', fieldsV1: owned }] },
    };
    expect(update(traffic, old, dummy, { dryRun: true })).toEqual([`deny ${POLICY}`]);
  });

  it('ends where the value changes', () => {
    const cidrs = policyOf(policyDocument({ 'source-cidrs': { within: ['10.0.0.0/8'] } }));
    const FIELD = 'metadata.annotations[nodeport-gate.dev/source-cidrs]';
    const from = (list: string): JsonObject => ({
      ...old,
      metadata: { annotations: { 'nodeport-gate.dev/source-cidrs': list } },
    });
    expect(update(cidrs, from('192.0.2.0/24'), from('192.0.2.0/24, 10.1.0.0/16'))).toEqual([
      `warn ${FIELD} (already there)`,
    ]);
    expect(update(cidrs, from('192.0.2.0/24'), from('192.0.2.0/24, 198.51.100.0/24'))).toEqual([
      `warn ${FIELD} (already there)`,
      `deny ${FIELD}`,
    ]);
    // Taking the annotation away is another finding: it was not missing before.
    expect(update(cidrs, from('10.1.0.0/16'), old)).toEqual([`deny ${FIELD}`]);
  });

  it('holds for an object that is being deleted as for any other', () => {
    const deleting = { ...old, metadata: { deletionTimestamp: '2026-11-21T11:00:00Z' } };
    expect(update(traffic, deleting, { ...deleting, ...nodePort([port(30_001), port(30_003)]) })).toEqual([
      `deny ${POLICY}`,
    ]);
    expect(update(traffic, deleting, deleting)).toEqual([`warn ${POLICY} (already there)`]);
  });
});

describe('the ratchet on external IPs, which are open without node ports', () => {
  const clusterIp = (externalIPs: readonly string[], ports: readonly JsonObject[], type = 'ClusterIP'): JsonObject => ({
    spec: { type, externalIPs, ports },
  });
  const web = [{ name: 'web', port: 80 }];
  const both = [...web, { name: 'tls', port: 443 }];

  it('lets what is there be, wherever it stands in the list', () => {
    const old = clusterIp(['192.0.2.1', '192.0.2.2'], both);
    expect(update(externalIps, old, clusterIp(['192.0.2.2'], web))).toEqual([
      'warn spec.externalIPs[0] (already there)',
    ]);
  });

  it('lets no address and no port be added', () => {
    const old = clusterIp(['192.0.2.1'], web);
    expect(update(externalIps, old, clusterIp(['192.0.2.1', '192.0.2.2'], web))).toEqual([
      'warn spec.externalIPs[0] (already there)',
      'deny spec.externalIPs[1]',
    ]);
    expect(update(externalIps, old, clusterIp(['192.0.2.1'], both))).toEqual(['deny spec.externalIPs[0]']);
    expect(update(externalIps, old, clusterIp(['192.0.2.1'], [{ name: 'web', port: 80, protocol: 'UDP' }]))).toEqual([
      'deny spec.externalIPs[0]',
    ]);
  });

  it('does not let an ExternalName open what it only carried', () => {
    const old = clusterIp(['192.0.2.1'], web, 'ExternalName');
    expect(update(externalIps, old, clusterIp(['192.0.2.1'], web))).toEqual(['deny spec.externalIPs[0]']);
  });
});

describe('an absolute rule', () => {
  const everything = {
    maxEnforcement: 'audit',
    match: { namespaces: ['shop'] },
  };
  const policy = policyOf(policyDocument({ 'external-name-node-port': {}, 'node-port-range': {} }, everything));
  const parked = (more: JsonObject = {}): JsonObject => ({
    ...nodePort([port(31_000)], { type: 'ExternalName' }),
    metadata: { annotations: { 'ignore.nodeport-gate.dev/external-name-node-port': 'please' }, ...more },
  });

  it('knows no ratchet, no suppression and no maxEnforcement', () => {
    expect(update(policy, parked(), parked())).toEqual([`deny ${FIRST}`]);
    expect(update(policy, parked(), nodePort([port(31_000)]))).toEqual([`deny ${FIRST}`]);
  });

  it('knows no exception that was made by other means', () => {
    const [legacy] = policyOf(policyDocument({ 'external-traffic-policy': {} }), {
      kind: 'NodePortException',
      metadata: { name: 'x' },
      spec: { rules: ['external-traffic-policy'], namespaces: ['*'], reason: 'x', expires: '2099-12-31' },
    }).exceptions;
    const forged: Policy = {
      ...policy,
      exceptions: legacy === undefined ? [] : [{ ...legacy, rules: ['external-name-node-port'] }],
    };
    expect(update(forged, parked(), parked())).toEqual([`deny ${FIRST}`]);
  });
});
