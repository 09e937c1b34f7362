import type { JsonObject } from '../../domain/json.ts';
import { casesFor } from '../cases.ts';
import { nodePortPool } from './rule.ts';

const path = ['spec', 'ports', 0, 'nodePort'];
const tcp = (number: number) => ({ number, protocol: 'TCP' });

function pool(name: string, ports: string, spec: JsonObject = {}): JsonObject {
  return { kind: 'NodePortPool', metadata: { name }, spec: { ports: [ports], namespaces: [name], ...spec } };
}

function service(nodePort: number, spec: JsonObject = {}): JsonObject {
  return { spec: { type: 'NodePort', ports: [{ port: 80, nodePort }], ...spec } };
}

const unset: JsonObject = { spec: { type: 'NodePort', ports: [{ port: 80 }] } };
const shop = pool('shop', '30100-30104');
const other = pool('team-b', '30200-30299', { contact: 'team-b@example.com' });

/** A Service of another namespace that holds these numbers. */
function holding(...numbers: readonly number[]): JsonObject {
  return {
    metadata: { name: 'holder', namespace: 'elsewhere' },
    spec: {
      type: 'NodePort',
      ports: numbers.map((nodePort, index) => ({ name: `p${index}`, port: index + 1, nodePort })),
    },
  };
}

/** As the API server stores a Service whose number its allocator picked: managedFields that own everything but the number. */
function picked(nodePort: number): JsonObject {
  return {
    metadata: {
      managedFields: [
        {
          manager: 'kubectl-create',
          operation: 'Update',
          fieldsV1: { 'f:spec': { 'f:ports': { 'k:{"port":80,"protocol":"TCP"}': { 'f:port': {} } } } },
        },
      ],
    },
    ...service(nodePort),
  };
}

export const cases = casesFor(nodePortPool, {
  valid: [
    { name: 'a number of the own pool', service: service(30101), documents: [shop, other] },
    { name: 'no number: the pool gives one', service: unset, documents: [shop, other] },
    { name: 'without any pool nothing is denied', options: { unowned: 'deny' }, service: service(31000) },
    { name: 'a number in no pool, for who has none', service: service(31000), documents: [other] },
    {
      name: 'explicit numbers may come from any entitled pool',
      service: service(31005),
      documents: [shop, pool('rest', '31000-31010', { namespaces: ['*'], priority: 2000 })],
    },
    {
      name: 'the annotation chooses among the entitled pools',
      service: { metadata: { annotations: { 'nodeport-gate.dev/pool': 'rest' } }, ...unset },
      documents: [shop, pool('rest', '31000-31010', { namespaces: ['*'], priority: 2000 })],
    },
    {
      name: 'a namespace known by its labels',
      service: service(30201),
      documents: [
        pool('team-b', '30200-30299', { namespaces: ['*'], namespaceSelector: { matchLabels: { team: 'b' } } }),
      ],
      namespaceLabels: { team: 'b' },
    },
    {
      name: 'a pool whose owners are told by labels that nobody knows',
      service: service(30201),
      documents: [
        pool('team-b', '30200-30299', { namespaceSelector: { matchLabels: { team: 'b' } }, namespaces: ['*'] }),
      ],
      undetermined: ['namespace'],
    },
    {
      name: 'a missing number that an unknown pool might have to give',
      service: unset,
      documents: [
        pool('team-b', '30200-30299', { namespaceSelector: { matchLabels: { team: 'b' } }, namespaces: ['*'] }),
      ],
      undetermined: ['namespace'],
    },
    {
      name: 'a dry run makes numbers up: they count as missing',
      service: picked(32769),
      stage: 'final',
      dryRun: true,
      documents: [shop],
    },
  ],
  invalid: [
    {
      name: 'who has a pool uses only its ports',
      service: service(31000),
      documents: [shop],
      findings: [
        {
          messageId: 'outsidePool',
          path,
          text: '31000 is outside 30100-30104 (pool shop); use 30102, 30100 or 30103',
          value: 31000,
          port: tcp(31000),
          free: [30102, 30100, 30103],
        },
      ],
    },
    {
      name: 'a port inside a pool is for its owners',
      service: service(30201),
      documents: [shop, other],
      findings: [
        {
          messageId: 'ownedByOther',
          path,
          text: '30201 belongs to pool team-b, contact team-b@example.com; use 30102, 30100 or 30103',
          value: 30201,
          port: tcp(30201),
          free: [30102, 30100, 30103],
        },
      ],
    },
    {
      name: 'a port of two pools belongs to the one that takes precedence',
      service: service(30201),
      documents: [other, pool('rest', '30000-32767', { namespaces: ['*'], priority: 2000, assign: false })],
      findings: [
        {
          messageId: 'ownedByOther',
          path,
          text: '30201 belongs to pool team-b, contact team-b@example.com; use 31916, 30924 or 31356',
          value: 30201,
          port: tcp(30201),
          free: [31916, 30924, 31356],
        },
      ],
    },
    {
      name: 'a LoadBalancer that must not allocate still opens what is written',
      service: service(30201, { type: 'LoadBalancer', allocateLoadBalancerNodePorts: false }),
      documents: [shop, other],
      findings: [
        {
          messageId: 'ownedByOther',
          path,
          text: '30201 belongs to pool team-b, contact team-b@example.com; use 30102, 30100 or 30103',
          value: 30201,
          port: tcp(30201),
          free: [30102, 30100, 30103],
        },
      ],
    },
    {
      name: 'a health-check port is a node port',
      service: service(30101, { type: 'LoadBalancer', externalTrafficPolicy: 'Local', healthCheckNodePort: 30201 }),
      documents: [shop, other],
      findings: [
        {
          messageId: 'ownedByOther',
          path: ['spec', 'healthCheckNodePort'],
          text: '30201 belongs to pool team-b, contact team-b@example.com; use 30100, 30104 or 30103',
          value: 30201,
          port: tcp(30201),
          free: [30100, 30104, 30103],
        },
      ],
    },
    {
      name: 'outside every pool, where only owners may be',
      options: { unowned: 'deny' },
      service: service(31000),
      documents: [other],
      findings: [
        {
          messageId: 'unowned',
          path,
          text: '31000 is in no pool, and namespace shop has none; ask whoever runs the cluster for a pool',
          value: 31000,
          port: tcp(31000),
        },
      ],
    },
    {
      name: 'no number, and nobody to give one',
      options: { unowned: 'deny' },
      service: unset,
      documents: [other],
      findings: [
        {
          messageId: 'noPool',
          path,
          text: 'is missing, and namespace shop has no pool to take it from; ask whoever runs the cluster for a pool',
        },
      ],
    },
    {
      name: 'the API server picked while the gate did not answer',
      service: picked(31800),
      stage: 'final',
      documents: [shop],
      findings: [
        {
          messageId: 'pickedByApiServer',
          replayed: 'outsidePool',
          path,
          text: '31800 was picked by the API server, outside pool shop, while the gate could not assign; retry and it will be 30102',
          value: 31800,
          port: tcp(31800),
          free: [30102],
        },
      ],
    },
    {
      name: 'a full pool says whose it is',
      service: unset,
      documents: [
        pool('shop', '30100-30101', { contact: 'shop@example.com' }),
        pool('rest', '31000-31010', { namespaces: ['*'], priority: 2000 }),
      ],
      others: [holding(30100, 30101)],
      findings: [
        {
          messageId: 'exhausted',
          path,
          text: 'pool shop, contact shop@example.com, is full, none of its 2 ports is free; ask its contact for more ports',
        },
      ],
    },
    {
      name: 'a pool that does not assign offers three free ports',
      service: unset,
      documents: [pool('shop', '30100-30104', { assign: false })],
      others: [holding(30101)],
      findings: [
        {
          messageId: 'notAssigned',
          path,
          text: 'is missing, and pool shop does not assign numbers; use 30102, 30100 or 30103',
          free: [30102, 30100, 30103],
        },
      ],
    },
    {
      name: 'the annotation names the pool of somebody else',
      service: { metadata: { annotations: { 'nodeport-gate.dev/pool': 'team-b' } }, ...service(30101) },
      documents: [shop, other],
      findings: [
        {
          messageId: 'refusedChoice',
          path: ['metadata', 'annotations', 'nodeport-gate.dev/pool'],
          text: '"team-b" is not a pool that this Service may use; use shop, or remove the annotation',
          value: 'team-b',
        },
      ],
    },
    {
      name: 'the annotation is hostile text',
      service: { metadata: { annotations: { 'nodeport-gate.dev/pool': 'x\u001b[2Jy' } }, ...service(31000) },
      findings: [
        {
          messageId: 'refusedChoice',
          path: ['metadata', 'annotations', 'nodeport-gate.dev/pool'],
          text: '"x\\u001b[2Jy" is not a pool that this Service may use; remove the annotation',
          value: 'x\u001b[2Jy',
        },
      ],
    },
    {
      name: 'a running port outside a new pool is a warning',
      service: { metadata: { labels: { a: 'b' } }, ...service(31000) },
      old: service(31000),
      documents: [shop],
      findings: [
        {
          messageId: 'outsidePool',
          path,
          text: '31000 is outside 30100-30104 (pool shop); use 30102, 30100 or 30103',
          value: 31000,
          port: tcp(31000),
          free: [30102, 30100, 30103],
          enforcement: 'warn',
        },
      ],
    },
    {
      name: 'another protocol on a running number is a new port',
      service: service(31000, { ports: [{ port: 80, nodePort: 31000, protocol: 'UDP' }] }),
      old: service(31000),
      documents: [shop],
      findings: [
        {
          messageId: 'outsidePool',
          path,
          text: '31000 is outside 30100-30104 (pool shop); use 30101, 30102 or 30100',
          value: 31000,
          port: { number: 31000, protocol: 'UDP' },
          free: [30101, 30102, 30100],
        },
      ],
    },
  ],
});
