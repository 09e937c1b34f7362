import { expect, it } from 'vitest';
import type { JsonObject } from '../../src/domain/json.ts';
import { admit } from '../../src/engine/admit.ts';
import { manifest, requestFor, serviceOf } from '../support/manifest.ts';
import { NOW } from '../support/now.ts';
import { policyDocument, policyOf, poolDocument } from '../support/policy.ts';
import { worldOf } from '../support/world.ts';

const off = 'off';
const RULES = { 'external-traffic-policy': off, 'load-balancer-node-ports': off, 'source-cidrs': off };

/** What preset `restricted` says of a manifest, `RULE MESSAGE`. */
function saidOf(port: JsonObject, rules: JsonObject = {}, held = 0): readonly string[] {
  const policy = policyOf(
    policyDocument({ ...RULES, ...rules }, { preset: 'restricted' }),
    poolDocument('team-a', '30104'),
    poolDocument('team-b', '40000', { namespaces: ['team-b'] }),
    { kind: 'ClusterProfile', metadata: { name: 'wide' }, spec: { serviceNodePortRange: '30000-40000' } },
  );
  const service = serviceOf(manifest({ spec: { type: 'NodePort', ports: [{ port: 80, ...port }] } }));
  const running = held === 0 ? [] : [serviceOf({ spec: { type: 'NodePort', ports: [{ port: 80, nodePort: held }] } })];
  const world = worldOf(running);
  const heldAlready = world.inventory.portsOf(service);
  const { findings } = admit(requestFor(service, { origin: 'file', heldAlready }), policy, world, NOW);
  return findings.map(({ rule, message }) => `${rule} ${message}`);
}

const NULL =
  'null-node-port spec.ports[0].nodePort: null is written, which GitOps tools can never bring about; write 30104 or remove the line';

it.each<[string, JsonObject, JsonObject, readonly string[]]>([
  ['a null is not missing as well', { nodePort: null }, {}, [NULL]],
  [
    'unless that would only be a warning',
    { nodePort: null },
    { 'explicit-node-port': { enforcement: 'deny' } },
    [
      'explicit-node-port spec.ports[0].nodePort: null is no number, so the number may be another one when the Service is created again; write 30104 (nodeport-gate fix does)',
      NULL,
    ],
  ],
  [
    'what lies in the pool of others must move anyhow',
    { nodePort: 40_000 },
    {},
    ['node-port-pool spec.ports[0].nodePort: 40000 belongs to pool team-b; use 30104'],
  ],
  [
    'what lies outside the range must move anyhow',
    { nodePort: 40_001 },
    { 'node-port-pool': off },
    ['node-port-range spec.ports[0].nodePort: 40001 is outside 30104 (pool team-a); use 30104'],
  ],
])('%s', (_, port, rules, said) => {
  expect(saidOf(port, rules)).toEqual(said);
});

it.each<[string, JsonObject]>([
  ['missing', {}],
  ['null', { nodePort: null }],
])('a number that the Service has, but should not have, is not to be written out where it is %s', (_, port) => {
  expect(saidOf(port, {}, 30_200)).toEqual([
    'node-port-pool spec.ports[0].nodePort: 30200 is outside 30104 (pool team-a); use 30104',
  ]);
});
