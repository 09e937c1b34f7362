import type { JsonObject } from '../../domain/json.ts';
import { casesFor } from '../cases.ts';
import { nodePortConflict } from './rule.ts';

const path = ['spec', 'ports', 0, 'nodePort'];
const port = { number: 30_080, protocol: 'TCP' };
const service = nodePort(30_080);

function nodePort(...numbers: readonly number[]): JsonObject {
  const ports = numbers.map((number, index) => ({ name: `p${index}`, port: 80 + index, nodePort: number }));
  return { spec: { type: 'NodePort', ports } };
}

function holding(name: string, nodePortNumber: number, portFields: JsonObject = {}): JsonObject {
  const ports = [{ name: 'http', port: 80, nodePort: nodePortNumber, ...portFields }];
  return { metadata: { namespace: 'store', name }, spec: { type: 'NodePort', ports } };
}

/** A cluster with the port in question and one more. */
const small: JsonObject = {
  kind: 'ClusterProfile',
  metadata: { name: 'small' },
  spec: { serviceNodePortRange: '30080-30081' },
};
/** The port in question is somebody else's. */
const teamB: JsonObject = {
  kind: 'NodePortPool',
  metadata: { name: 'team-b' },
  spec: { ports: ['30080'], contact: 'team-b@example.com', namespaces: ['store'] },
};

/** With two node ports in the cluster, the port in question in the hands of Service `store/web`. */
const heldByWeb = {
  messageId: 'held',
  path,
  text: '30080 is held by store/web (port http); use 30081',
  value: 30_080,
  port,
  free: [30_081],
  holder: 'store/web http/TCP 30080',
} as const;

export const cases = casesFor(nodePortConflict, {
  valid: [
    { name: 'nobody has it', service, others: [holding('web', 30_081)] },
    { name: 'a Service is never its own conflict', service, others: [service] },
    {
      name: 'TCP and UDP of one Service',
      service: {
        spec: {
          type: 'NodePort',
          ports: [
            { name: 'dns', port: 53, nodePort: 30_053 },
            { name: 'dns-udp', port: 53, protocol: 'UDP', nodePort: 30_053 },
          ],
        },
      },
    },
    {
      name: 'a squatter does not hold what it carries',
      service,
      others: [
        {
          metadata: { name: 'squatter' },
          spec: { type: 'ExternalName', externalName: 'db.example.com', ports: [{ port: 80, nodePort: 30_080 }] },
        },
      ],
    },
    {
      name: 'an ExternalName opens nothing, whatever it carries',
      service: {
        spec: { type: 'ExternalName', externalName: 'db.example.com', ports: [{ port: 80, nodePort: 30_080 }] },
      },
      others: [holding('web', 30_080)],
    },
    {
      name: 'a ClusterIP takes nothing from anybody',
      service: { spec: { ports: [{ port: 80 }] } },
      others: [holding('web', 30_080)],
    },
    {
      name: 'without the whole inventory nobody knows',
      service,
      inventoryComplete: false,
      undetermined: ['inventory'],
    },
    {
      name: 'two numbers without a known holder are one thing not to know',
      service: nodePort(30_080, 30_081),
      inventoryComplete: false,
      undetermined: ['inventory'],
    },
    {
      name: 'a number that is still missing cannot be taken',
      service: { spec: { type: 'NodePort', ports: [{ port: 80 }] } },
      inventoryComplete: false,
    },
  ],
  invalid: [
    {
      name: 'another namespace has it',
      documents: [small],
      service,
      others: [holding('web', 30_080)],
      findings: [heldByWeb],
    },
    {
      name: 'three numbers to use instead',
      service,
      others: [holding('web', 30_080)],
      findings: [
        {
          messageId: 'held',
          path,
          text: '30080 is held by store/web (port http); use 32548, 30231 or 31600',
          value: 30_080,
          port,
          free: [32_548, 30_231, 31_600],
          holder: 'store/web http/TCP 30080',
        },
      ],
    },
    {
      name: 'the number of a pool, for somebody who has another one',
      documents: [
        teamB,
        { kind: 'NodePortPool', metadata: { name: 'team-a' }, spec: { ports: ['30100-30101'], namespaces: ['shop'] } },
      ],
      service,
      others: [holding('web', 30_080), holding('other', 30_101)],
      findings: [
        {
          messageId: 'held',
          path,
          text: '30080 is held by store/web (port http), pool team-b, contact team-b@example.com; use 30100',
          value: 30_080,
          port,
          free: [30_100],
          holder: 'store/web http/TCP 30080',
        },
      ],
    },
    {
      name: 'only the pool is told',
      options: { disclose: 'pool' },
      documents: [small, teamB],
      service,
      others: [holding('web', 30_080)],
      findings: [
        {
          messageId: 'heldInPool',
          path,
          text: '30080 is held in pool team-b, contact team-b@example.com; use 30081',
          value: 30_080,
          port,
          free: [30_081],
        },
      ],
    },
    {
      name: 'only the pool is told, and there is none',
      options: { disclose: 'pool' },
      documents: [small],
      service,
      others: [holding('web', 30_080)],
      findings: [{ messageId: 'taken', path, text: '30080 is taken; use 30081', value: 30_080, port, free: [30_081] }],
    },
    {
      name: 'nothing is told, and nothing is free',
      options: { disclose: 'none' },
      documents: [small, teamB],
      service,
      others: [holding('web', 30_080), holding('other', 30_081)],
      findings: [{ messageId: 'taken', path, text: '30080 is taken; choose another number', value: 30_080, port }],
    },
    {
      name: 'a port without a name, and another protocol: the allocator does not tell them apart',
      documents: [small],
      service,
      others: [holding('dns', 30_080, { name: '', port: 53, protocol: 'UDP' })],
      findings: [
        {
          messageId: 'held',
          path,
          text: '30080 is held by store/dns (port 53); use 30081',
          value: 30_080,
          port,
          free: [30_081],
          holder: 'store/dns 53/UDP 30080',
        },
      ],
    },
    {
      name: 'the health check of another Service',
      documents: [small],
      service,
      others: [
        {
          metadata: { name: 'lb' },
          spec: {
            type: 'LoadBalancer',
            externalTrafficPolicy: 'Local',
            allocateLoadBalancerNodePorts: false,
            healthCheckNodePort: 30_080,
            ports: [{ port: 80 }],
          },
        },
      ],
      findings: [
        {
          messageId: 'held',
          path,
          text: '30080 is held by shop/lb (health check); use 30081',
          value: 30_080,
          port,
          free: [30_081],
          holder: 'shop/lb healthCheck/TCP 30080',
        },
      ],
    },
    {
      name: 'the own health check',
      documents: [small],
      service: {
        spec: {
          type: 'LoadBalancer',
          externalTrafficPolicy: 'Local',
          allocateLoadBalancerNodePorts: false,
          healthCheckNodePort: 30_080,
          ports: [{ port: 80 }],
        },
      },
      others: [holding('web', 30_080)],
      findings: [{ ...heldByWeb, path: ['spec', 'healthCheckNodePort'] }],
    },
    {
      name: 'a LoadBalancer that allocates none, but has a number written out',
      documents: [small],
      service: {
        spec: { type: 'LoadBalancer', allocateLoadBalancerNodePorts: false, ports: [{ port: 80, nodePort: 30_080 }] },
      },
      others: [holding('web', 30_080)],
      findings: [heldByWeb],
    },
    {
      name: 'several holders, one of them with two protocols',
      documents: [small],
      service,
      others: [
        holding('c', 30_080),
        {
          metadata: { namespace: 'store', name: 'a' },
          spec: {
            type: 'NodePort',
            ports: [
              { name: 'tcp', port: 53, nodePort: 30_080 },
              { name: 'udp', port: 53, protocol: 'UDP', nodePort: 30_080 },
            ],
          },
        },
        holding('b', 30_080),
      ],
      findings: [
        {
          messageId: 'held',
          path,
          text: '30080 is held by store/a (port tcp) and 2 more; use 30081',
          value: 30_080,
          port,
          free: [30_081],
          holder: 'store/a tcp/TCP 30080',
        },
      ],
    },
    {
      name: 'a Service without a name is nobody, so whoever has it is another one',
      documents: [small],
      service: { metadata: { name: '', generateName: 'web-' }, ...nodePort(30_080) },
      others: [{ metadata: { name: 'web-x7k2p' }, ...nodePort(30_080) }],
      findings: [
        {
          messageId: 'held',
          path,
          text: '30080 is held by shop/web-x7k2p (port p0); use 30081',
          value: 30_080,
          port,
          free: [30_081],
          holder: 'shop/web-x7k2p p0/TCP 30080',
        },
      ],
    },
    {
      name: 'two Services without a name are two Services',
      documents: [small],
      service: { metadata: { name: '', generateName: 'web-' }, ...nodePort(30_080) },
      others: [{ metadata: { name: '', generateName: 'web-' }, ...nodePort(30_080) }, holding('web', 30_081)],
      findings: [
        {
          messageId: 'held',
          path,
          text: '30080 is held by shop/ (port p0); choose another number',
          value: 30_080,
          port,
          holder: 'shop/ p0/TCP 30080',
        },
      ],
    },
    {
      name: 'a known holder is one even while others are not known',
      documents: [small],
      service: nodePort(30_080, 30_090),
      others: [holding('web', 30_080)],
      inventoryComplete: false,
      undetermined: ['inventory'],
      findings: [heldByWeb],
    },
    {
      name: 'a number granted again after an ExternalName had emptied the allocator',
      stage: 'final',
      documents: [small],
      service: {
        metadata: { managedFields: [{ manager: 'kubectl', operation: 'Update', fieldsV1: {} }] },
        ...nodePort(30_080),
      },
      others: [holding('web', 30_080)],
      findings: [heldByWeb],
    },
    {
      name: 'an update that takes the number of another Service',
      documents: [small],
      old: nodePort(30_081),
      service,
      others: [nodePort(30_081), holding('web', 30_080)],
      findings: [heldByWeb],
    },
    {
      name: 'two Services that both hold it already',
      documents: [small],
      old: service,
      service: { metadata: { labels: { tier: 'edge' } }, ...service },
      others: [service, holding('web', 30_080)],
      findings: [{ ...heldByWeb, enforcement: 'warn' as const }],
    },
    {
      name: 'a number that an ExternalName carried before it wants to take it over',
      documents: [small],
      old: {
        spec: {
          type: 'ExternalName',
          externalName: 'db.example.com',
          ports: [{ name: 'p0', port: 80, nodePort: 30_080 }],
        },
      },
      service,
      others: [holding('web', 30_080)],
      findings: [heldByWeb],
    },
  ],
});
