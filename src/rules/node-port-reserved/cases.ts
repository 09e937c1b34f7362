import type { JsonObject } from '../../domain/json.ts';
import { casesFor } from '../cases.ts';
import { nodePortReserved } from './rule.ts';

const path = ['spec', 'ports', 0, 'nodePort'];

function nodePort(...numbers: readonly number[]): JsonObject {
  const ports = numbers.map((number, index) => ({ name: `p${index}`, port: 80 + index, nodePort: number }));
  return { spec: { type: 'NodePort', ports } };
}

function cluster(serviceNodePortRange: string): JsonObject {
  return { kind: 'ClusterProfile', metadata: { name: 'small' }, spec: { serviceNodePortRange } };
}

/** Of its three ports one is reserved; with `held` the other one is not free either. */
const teamA: JsonObject = {
  kind: 'NodePortPool',
  metadata: { name: 'team-a' },
  spec: {
    ports: ['30150-30152'],
    reserved: ['30150'],
    contact: 'team-a@example.com',
    namespaces: ['shop'],
  },
};
const held: JsonObject = { metadata: { name: 'held' }, ...nodePort(30_152) };
const legacy = { ports: [{ ports: '30443', reason: 'legacy gateway' }] };

export const cases = casesFor(nodePortReserved, {
  valid: [
    { name: 'an ordinary number', service: nodePort(30_080) },
    { name: 'just beside the hazards', service: nodePort(23, 2378, 2381, 6444, 10_247, 10_261) },
    { name: 'hazards may be switched off', options: { hazards: false }, service: nodePort(22, 10_250) },
    {
      name: 'just beside a listed range',
      options: { ports: [{ ports: ['30100-30102'], reason: 'r' }] },
      service: nodePort(30_099, 30_103),
    },
    { name: 'a pool port that is not reserved', documents: [teamA], service: nodePort(30_151) },
    {
      name: 'a missing number is never taken from the reserved ones',
      documents: [teamA],
      others: [held],
      service: { spec: { type: 'NodePort', ports: [{ port: 80 }] } },
    },
    {
      name: 'a reserved number of a pool that another pool takes precedence over',
      documents: [
        teamA,
        {
          kind: 'NodePortPool',
          metadata: { name: 'first' },
          spec: { ports: ['30150'], priority: 1, namespaces: ['shop'] },
        },
      ],
      service: nodePort(30_150),
    },
    {
      name: 'an ExternalName opens nothing, whatever it carries',
      service: { spec: { type: 'ExternalName', externalName: 'db.example.com', ports: [{ port: 22, nodePort: 22 }] } },
    },
    { name: 'a number that no port can have', service: nodePort(-5, 99_999) },
  ],
  invalid: [
    {
      name: 'the kubelet',
      documents: [cluster('10250-10251')],
      options: { ports: [{ ports: 10_251, reason: 'old scheduler' }] },
      service: nodePort(10_250),
      findings: [
        {
          messageId: 'hazard',
          path,
          text: '10250 is reserved for the kubelet API on the nodes; choose another number',
          value: 10_250,
          port: { number: 10_250, protocol: 'TCP' },
        },
      ],
    },
    {
      name: 'free numbers that are hazards themselves are not suggested',
      documents: [cluster('10259-10261')],
      service: nodePort(10_259),
      findings: [
        {
          messageId: 'hazard',
          path,
          text: '10259 is reserved for kube-scheduler on the nodes; use 10261',
          value: 10_259,
          port: { number: 10_259, protocol: 'TCP' },
          free: [10_261],
        },
      ],
    },
    {
      name: 'every hazard says whose it is, first and last of each range',
      documents: [cluster('31000-31000')],
      others: [{ metadata: { name: 'full' }, ...nodePort(31_000) }],
      service: nodePort(22, 53, 111, 179, 2379, 2380, 4789, 6443, 10_248, 10_252, 10_260),
      findings: (
        [
          [22, 'SSH'],
          [53, 'DNS'],
          [111, 'rpcbind'],
          [179, 'BGP'],
          [2379, 'etcd'],
          [2380, 'etcd'],
          [4789, 'VXLAN'],
          [6443, 'kube-apiserver'],
          [10_248, 'the kubelet health check'],
          [10_252, 'Kubernetes components'],
          [10_260, 'cloud-controller-manager webhooks'],
        ] as const
      ).map(([number, owner], index) => ({
        messageId: 'hazard' as const,
        path: ['spec', 'ports', index, 'nodePort'],
        text: `${number} is reserved for ${owner} on the nodes; choose another number`,
        value: number,
        port: { number, protocol: 'TCP' },
      })),
    },
    {
      name: 'whatever the protocol',
      documents: [cluster('31000-31000')],
      service: { spec: { type: 'NodePort', ports: [{ port: 22, protocol: 'UDP', nodePort: 22 }] } },
      findings: [
        {
          messageId: 'hazard',
          path,
          text: '22 is reserved for SSH on the nodes; use 31000',
          value: 22,
          port: { number: 22, protocol: 'UDP' },
          free: [31_000],
        },
      ],
    },
    {
      name: 'a number that the policy lists',
      options: legacy,
      documents: [cluster('30443-30444')],
      service: nodePort(30_443),
      findings: [
        {
          messageId: 'listed',
          path,
          text: '30443 is reserved (legacy gateway); use 30444',
          value: 30_443,
          port: { number: 30_443, protocol: 'TCP' },
          free: [30_444],
        },
      ],
    },
    {
      name: 'a list of ranges, with the reason of the policy before that of the hazard',
      options: { ports: [{ ports: ['20-30', '30400-30499'], reason: 'audited by security' }] },
      documents: [cluster('30400-30401')],
      service: nodePort(22, 30_400),
      findings: [
        {
          messageId: 'listed',
          path,
          text: '22 is reserved (audited by security); choose another number',
          value: 22,
          port: { number: 22, protocol: 'TCP' },
        },
        {
          messageId: 'listed',
          path: ['spec', 'ports', 1, 'nodePort'],
          text: '30400 is reserved (audited by security); choose another number',
          value: 30_400,
          port: { number: 30_400, protocol: 'TCP' },
        },
      ],
    },
    {
      name: 'reserved in the own pool',
      documents: [teamA],
      others: [held],
      service: nodePort(30_150),
      findings: [
        {
          messageId: 'inPool',
          path,
          text: '30150 is reserved in pool team-a, contact team-a@example.com; use 30151 or ask for an exception',
          value: 30_150,
          port: { number: 30_150, protocol: 'TCP' },
          free: [30_151],
        },
      ],
    },
    {
      name: 'reserved in a pool of somebody else, without a contact',
      documents: [
        {
          kind: 'NodePortPool',
          metadata: { name: 'team-b' },
          spec: { ports: ['30000-30001'], reserved: ['30000'], namespaces: ['billing'] },
        },
        cluster('30000-30002'),
      ],
      service: nodePort(30_000),
      findings: [
        {
          messageId: 'inPool',
          path,
          text: '30000 is reserved in pool team-b; use 30002 or ask for an exception',
          value: 30_000,
          port: { number: 30_000, protocol: 'TCP' },
          free: [30_002],
        },
      ],
    },
    {
      name: 'the health check',
      options: legacy,
      documents: [cluster('30442-30444')],
      service: {
        spec: {
          type: 'LoadBalancer',
          externalTrafficPolicy: 'Local',
          healthCheckNodePort: 30_443,
          ports: [{ port: 80, nodePort: 30_442 }],
        },
      },
      findings: [
        {
          messageId: 'listed',
          path: ['spec', 'healthCheckNodePort'],
          text: '30443 is reserved (legacy gateway); use 30444',
          value: 30_443,
          port: { number: 30_443, protocol: 'TCP' },
          free: [30_444],
        },
      ],
    },
    {
      name: 'a LoadBalancer that allocates none, but has a number written out',
      options: legacy,
      documents: [cluster('30443-30444')],
      service: {
        spec: { type: 'LoadBalancer', allocateLoadBalancerNodePorts: false, ports: [{ port: 80, nodePort: 30_443 }] },
      },
      findings: [
        {
          messageId: 'listed',
          path,
          text: '30443 is reserved (legacy gateway); use 30444',
          value: 30_443,
          port: { number: 30_443, protocol: 'TCP' },
          free: [30_444],
        },
      ],
    },
    {
      name: 'what runs on a number that was reserved later',
      options: legacy,
      documents: [cluster('30443-30444')],
      old: nodePort(30_443),
      service: nodePort(30_443),
      findings: [
        {
          messageId: 'listed',
          path,
          text: '30443 is reserved (legacy gateway); use 30444',
          value: 30_443,
          port: { number: 30_443, protocol: 'TCP' },
          free: [30_444],
          enforcement: 'warn',
        },
      ],
    },
    {
      name: 'a hazard that an ExternalName carried before',
      documents: [cluster('31000-31000')],
      old: { spec: { type: 'ExternalName', externalName: 'db.example.com', ports: [{ port: 22, nodePort: 22 }] } },
      service: nodePort(22),
      findings: [
        {
          messageId: 'hazard',
          path,
          text: '22 is reserved for SSH on the nodes; use 31000',
          value: 22,
          port: { number: 22, protocol: 'TCP' },
          free: [31_000],
        },
      ],
    },
  ],
});
