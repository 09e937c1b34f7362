import type { JsonObject } from '../../domain/json.ts';
import { casesFor } from '../cases.ts';
import { nodePortQuota } from './rule.ts';

const namespacePath = ['metadata', 'namespace'];
const portsPath = ['spec', 'ports'];

/** Opens these numbers; 0 stands for a port that has none yet. */
function nodePort(...numbers: readonly number[]): JsonObject {
  const ports = numbers.map((number, index) => ({ name: `p${index}`, port: 80 + index, nodePort: number }));
  return { spec: { type: 'NodePort', ports } };
}

function other(name: string, ...numbers: readonly number[]): JsonObject {
  return { metadata: { name }, ...nodePort(...numbers) };
}

function elsewhere(...numbers: readonly number[]): JsonObject {
  return { metadata: { name: 'web', namespace: 'team-b' }, ...nodePort(...numbers) };
}

function pool(name: string, ports: string, spec: JsonObject): JsonObject {
  return { kind: 'NodePortPool', metadata: { name }, spec: { ports: [ports], namespaces: ['shop'], ...spec } };
}

const contact = 'team-a@example.com';

/** DNS over TCP and UDP: one number. */
const dns: JsonObject = {
  spec: {
    type: 'NodePort',
    ports: [
      { name: 'tcp', port: 53, nodePort: 30_053 },
      { name: 'udp', port: 53, protocol: 'UDP', nodePort: 30_053 },
    ],
  },
};

/** Two numbers: one for the port, one for the health check. */
const healthChecked: JsonObject = {
  spec: {
    type: 'LoadBalancer',
    externalTrafficPolicy: 'Local',
    healthCheckNodePort: 30_090,
    ports: [{ port: 80, nodePort: 30_080 }],
  },
};

export const cases = casesFor(nodePortQuota, {
  valid: [
    { name: 'no limit at all', service: nodePort(30_001, 30_002, 30_003), others: [other('api', 30_004)] },
    {
      name: 'both limits reached, none broken',
      options: { perNamespace: 3, perService: 2 },
      service: nodePort(30_001, 30_002),
      others: [other('api', 30_003)],
    },
    { name: 'TCP and UDP on one number are one', options: { perNamespace: 1, perService: 1 }, service: dns },
    {
      name: 'TCP and UDP that will share one number are one',
      options: { perService: 1 },
      service: {
        spec: {
          type: 'NodePort',
          ports: [
            { name: 'tcp', port: 53 },
            { name: 'udp', port: 53, protocol: 'UDP' },
          ],
        },
      },
    },
    {
      name: 'what the Service held before is not counted beside what it has now',
      options: { perNamespace: 2 },
      service: nodePort(30_003, 30_004),
      others: [other('web', 30_001, 30_002)],
    },
    {
      name: 'a number that moves from one name to another is one number',
      options: { perNamespace: 1 },
      service: nodePort(30_001),
      others: [other('former-name', 30_001)],
    },
    {
      name: 'other namespaces have limits of their own, also under the same name',
      options: { perNamespace: 1 },
      service: nodePort(30_001),
      others: [elsewhere(30_002, 30_003)],
    },
    {
      name: 'a Service of the namespace that opens nothing',
      options: { perNamespace: 1 },
      service: nodePort(30_001),
      others: [
        {
          metadata: { name: 'squatter' },
          spec: { type: 'ExternalName', externalName: 'db.example.com', ports: [{ port: 80, nodePort: 30_002 }] },
        },
      ],
    },
    {
      name: 'ports of the namespace outside the pool, for a limit of the pool',
      documents: [pool('team-a', '30100-30199', { quota: { perNamespace: 1, perService: 1 } })],
      service: nodePort(30_100),
      others: [other('api', 30_001, 30_002)],
    },
    {
      name: 'a pool with a limit that the Service has no port of',
      documents: [pool('team-a', '30100-30199', { quota: { perNamespace: 1 } })],
      service: nodePort(30_001),
      others: [other('api', 30_100, 30_101)],
    },
    {
      name: 'a number that belongs to another pool, which takes precedence',
      documents: [
        pool('team-a', '30100-30199', { quota: { perNamespace: 1 } }),
        pool('first', '30100', { priority: 1 }),
      ],
      service: nodePort(30_101),
      others: [other('api', 30_100)],
    },
    {
      name: 'an incomplete inventory, where nobody else can break a limit',
      options: { perService: 1 },
      inventoryComplete: false,
      service: nodePort(30_001),
    },
    {
      name: 'an incomplete inventory, where others may have the rest',
      options: { perNamespace: 2 },
      inventoryComplete: false,
      service: nodePort(30_001),
      undetermined: ['inventory'],
    },
    {
      name: 'an incomplete inventory, and an update that adds nothing',
      options: { perNamespace: 2 },
      inventoryComplete: false,
      old: nodePort(30_001, 30_002),
      service: nodePort(30_001, 30_003),
    },
    {
      name: 'an incomplete inventory, and a number for a second protocol',
      options: { perNamespace: 2 },
      inventoryComplete: false,
      old: { spec: { type: 'NodePort', ports: [{ name: 'tcp', port: 53, nodePort: 30_053 }] } },
      service: dns,
    },
  ],
  invalid: [
    {
      name: 'one more than the namespace may have, with those that have the most',
      options: { perNamespace: 9 },
      service: nodePort(30_001),
      others: [
        other('db', 30_011),
        other('api', 30_021, 30_022),
        other('cache', 30_031, 30_032),
        other('mail', 30_041, 30_042, 30_043, 30_044),
        elsewhere(30_051),
      ],
      findings: [
        {
          messageId: 'overNamespace',
          path: namespacePath,
          text: 'shop would have 10 node ports and may have 9; close some of mail (4), api (2) or cache (2), or ask whoever runs the cluster for a higher limit',
          value: 'shop',
          replayed: 'stillOverNamespace',
        },
      ],
    },
    {
      name: 'a Service that is alone in its namespace, with numbers that the pool has just given',
      options: { perNamespace: 1 },
      documents: [pool('team-a', '30100-30101', {})],
      service: nodePort(0, 0),
      findings: [
        {
          messageId: 'overNamespace',
          path: namespacePath,
          text: 'shop would have 2 node ports and may have 1; open 1 fewer, or ask whoever runs the cluster for a higher limit',
          value: 'shop',
          replayed: 'stillOverNamespace',
        },
      ],
    },
    {
      name: 'numbers that are still to come',
      options: { perService: 2 },
      service: nodePort(0, 0, 0),
      findings: [
        {
          messageId: 'overService',
          path: portsPath,
          text: '3 node ports are more than the 2 that one Service may have; open 1 fewer, or ask whoever runs the cluster for a higher limit',
          value: 3,
          replayed: 'stillOverService',
        },
      ],
    },
    {
      name: 'the health check counts',
      options: { perService: 1 },
      service: healthChecked,
      findings: [
        {
          messageId: 'overService',
          path: portsPath,
          text: '2 node ports are more than the 1 that one Service may have; open 1 fewer, or ask whoever runs the cluster for a higher limit',
          value: 2,
          replayed: 'stillOverService',
        },
      ],
    },
    {
      name: 'the health check of another Service counts',
      options: { perNamespace: 2 },
      service: nodePort(30_001),
      others: [{ metadata: { name: 'edge' }, ...healthChecked }],
      findings: [
        {
          messageId: 'overNamespace',
          path: namespacePath,
          text: 'shop would have 3 node ports and may have 2; close some of edge (2), or ask whoever runs the cluster for a higher limit',
          value: 'shop',
          replayed: 'stillOverNamespace',
        },
      ],
    },
    {
      name: 'the limits of a pool, without any of the rule',
      documents: [pool('team-a', '30100-30199', { contact, quota: { perNamespace: 2, perService: 1 } })],
      service: nodePort(30_100, 30_101, 30_001),
      others: [other('api', 30_110, 30_002)],
      findings: [
        {
          messageId: 'overService',
          path: portsPath,
          text: '2 node ports in pool team-a, contact team-a@example.com, are more than the 1 that one Service may have; open 1 fewer, or ask its contact for a higher limit',
          value: 2,
          replayed: 'stillOverService',
        },
        {
          messageId: 'overNamespace',
          path: namespacePath,
          text: 'shop would have 3 node ports in pool team-a, contact team-a@example.com, and may have 2; close some of api (1), or ask its contact for a higher limit',
          value: 'shop',
          replayed: 'stillOverNamespace',
        },
      ],
    },
    {
      name: 'of the rule and a pool without a contact, the smaller limit',
      options: { perNamespace: 2, perService: 1 },
      documents: [pool('team-a', '30100-30199', { quota: { perNamespace: 1, perService: 2 } })],
      service: nodePort(30_100, 30_101, 30_102),
      findings: [
        {
          messageId: 'overService',
          path: portsPath,
          text: '3 node ports are more than the 1 that one Service may have; open 2 fewer, or ask whoever runs the cluster for a higher limit',
          value: 3,
          replayed: 'stillOverService',
        },
        {
          messageId: 'overNamespace',
          path: namespacePath,
          text: 'shop would have 3 node ports in pool team-a and may have 1; open 2 fewer, or ask whoever runs the cluster for a higher limit',
          value: 'shop',
          replayed: 'stillOverNamespace',
        },
      ],
    },
    {
      name: 'a Service that is over the limits may become smaller, and other numbers are no growth',
      options: { perNamespace: 2, perService: 1 },
      old: nodePort(30_001, 30_002, 30_003),
      service: nodePort(30_001, 30_004),
      others: [other('web', 30_001, 30_002, 30_003), other('api', 30_011)],
      findings: [
        {
          messageId: 'stillOverService',
          path: portsPath,
          text: '2 node ports are still more than the 1 that one Service may have; open 1 fewer, or ask whoever runs the cluster for a higher limit',
          value: 2,
          enforcement: 'warn',
        },
        {
          messageId: 'stillOverNamespace',
          path: namespacePath,
          text: 'shop has 3 node ports and may have 2; close some of api (1), or ask whoever runs the cluster for a higher limit',
          value: 'shop',
          enforcement: 'warn',
        },
      ],
    },
    {
      name: 'a Service that is over the limit gets nothing more',
      options: { perService: 1 },
      old: nodePort(30_001, 30_002),
      service: nodePort(30_001, 30_002, 0),
      findings: [
        {
          messageId: 'overService',
          path: portsPath,
          text: '3 node ports are more than the 1 that one Service may have; open 2 fewer, or ask whoever runs the cluster for a higher limit',
          value: 3,
          replayed: 'stillOverService',
        },
      ],
    },
    {
      name: 'a number that was closed before, as an ExternalName carries it',
      options: { perNamespace: 1 },
      old: {
        spec: { type: 'ExternalName', externalName: 'db.example.com', ports: [{ port: 80, nodePort: 30_001 }] },
      },
      service: nodePort(30_001),
      others: [other('api', 30_002)],
      findings: [
        {
          messageId: 'overNamespace',
          path: namespacePath,
          text: 'shop would have 2 node ports and may have 1; close some of api (1), or ask whoever runs the cluster for a higher limit',
          value: 'shop',
          replayed: 'stillOverNamespace',
        },
      ],
    },
    {
      name: 'a smaller limit that was broken before does not hide one that is broken now',
      options: { perNamespace: 3 },
      documents: [pool('team-a', '30100-30199', { quota: { perNamespace: 1 } })],
      old: nodePort(30_100, 30_101),
      service: nodePort(30_100, 30_101, 30_001),
      others: [other('api', 30_002)],
      findings: [
        {
          messageId: 'overNamespace',
          path: namespacePath,
          text: 'shop would have 4 node ports and may have 3; close some of api (1), or ask whoever runs the cluster for a higher limit',
          value: 'shop',
          replayed: 'stillOverNamespace',
        },
      ],
    },
    {
      name: 'an incomplete inventory that already says enough',
      options: { perNamespace: 1 },
      inventoryComplete: false,
      service: nodePort(30_001),
      others: [other('api', 30_002)],
      findings: [
        {
          messageId: 'overNamespace',
          path: namespacePath,
          text: 'shop would have 2 node ports and may have 1; close some of api (1), or ask whoever runs the cluster for a higher limit',
          value: 'shop',
          replayed: 'stillOverNamespace',
        },
      ],
    },
    {
      name: 'an incomplete inventory, and a limit that may be broken beside one that was',
      options: { perNamespace: 3 },
      documents: [pool('team-a', '30100-30199', { quota: { perNamespace: 1 } })],
      inventoryComplete: false,
      old: nodePort(30_100, 30_101),
      service: nodePort(30_100, 30_101, 30_001),
      undetermined: ['inventory'],
      findings: [
        {
          messageId: 'stillOverNamespace',
          path: namespacePath,
          text: 'shop has 2 node ports in pool team-a and may have 1; open 1 fewer, or ask whoever runs the cluster for a higher limit',
          value: 'shop',
          enforcement: 'warn',
        },
      ],
    },
  ],
});
