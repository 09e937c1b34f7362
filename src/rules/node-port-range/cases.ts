import type { JsonObject } from '../../domain/json.ts';
import { casesFor } from '../cases.ts';
import { nodePortRange } from './rule.ts';

const path = ['spec', 'ports', 0, 'nodePort'];
const healthCheckPath = ['spec', 'healthCheckNodePort'];

function nodePort(...numbers: readonly number[]): JsonObject {
  const ports = numbers.map((number, index) => ({ name: `p${index}`, port: 80 + index, nodePort: number }));
  return { spec: { type: 'NodePort', ports } };
}

/** The namespace of the cases, `shop`, has this pool. */
const teamA: JsonObject = {
  kind: 'NodePortPool',
  metadata: { name: 'team-a' },
  spec: { ports: ['30100-30199'], namespaces: ['shop'] },
};

/** A cluster with two node ports. */
const small: JsonObject = {
  kind: 'ClusterProfile',
  metadata: { name: 'small' },
  spec: { serviceNodePortRange: '31000-31001' },
};

export const cases = casesFor(nodePortRange, {
  valid: [
    { name: 'both ends belong to the range', service: nodePort(30_000, 32_767) },
    { name: 'a number that nobody has chosen yet', service: { spec: { type: 'NodePort', ports: [{ port: 80 }] } } },
    { name: 'a ClusterIP opens nothing', service: { spec: { type: 'ClusterIP', ports: [{ port: 80 }] } } },
    {
      name: 'an ExternalName opens nothing, whatever it carries',
      service: { spec: { type: 'ExternalName', externalName: 'db.example.com', ports: [{ port: 80, nodePort: 80 }] } },
    },
    {
      name: 'a range of the policy, and a single port of it',
      options: { ranges: ['30000-30099', 30_500] },
      service: nodePort(30_099, 30_500),
    },
    {
      name: 'a policy that knows more of the cluster than the defaults do',
      options: { ranges: ['20000-40000'] },
      service: nodePort(20_000),
    },
    { name: 'the range of the cluster profile', documents: [small], service: nodePort(31_001) },
    { name: 'the last of the numbers that exist', options: { ranges: ['1-65535'] }, service: nodePort(1, 65_535) },
    {
      name: 'what a dry run makes up',
      stage: 'final',
      dryRun: true,
      service: { spec: { type: 'NodePort', ports: [{ port: 80 }] } },
    },
  ],
  invalid: [
    {
      name: 'below the range of the cluster',
      service: nodePort(29_999),
      findings: [
        {
          messageId: 'outsideCluster',
          replayed: 'outside',
          path,
          text: '29999 is outside 30000-32767; use 32548, 30231 or 31600',
          value: 29_999,
          port: { number: 29_999, protocol: 'TCP' },
          free: [32_548, 30_231, 31_600],
        },
      ],
    },
    {
      name: 'who has a pool is shown its ports',
      documents: [teamA],
      service: nodePort(29_999),
      findings: [
        {
          messageId: 'outsideCluster',
          replayed: 'outside',
          path,
          text: '29999 is outside 30100-30199 (pool team-a); use 30191, 30197 or 30135',
          value: 29_999,
          port: { number: 29_999, protocol: 'TCP' },
          free: [30_191, 30_197, 30_135],
        },
      ],
    },
    {
      name: 'inside the cluster, outside the policy',
      options: { ranges: ['30000', '30002'] },
      service: nodePort(30_001),
      findings: [
        {
          messageId: 'outside',
          path,
          text: '30001 is outside 30000, 30002; use 30002 or 30000',
          value: 30_001,
          port: { number: 30_001, protocol: 'TCP' },
          free: [30_002, 30_000],
        },
      ],
    },
    {
      name: 'a pool that reaches out of the policy is shown as far as it is allowed',
      options: { ranges: ['30000-30101'] },
      documents: [teamA],
      service: nodePort(31_000),
      findings: [
        {
          messageId: 'outside',
          path,
          text: '31000 is outside 30100-30101 (pool team-a); use 30101 or 30100',
          free: [30101, 30100],
          value: 31_000,
          port: { number: 31_000, protocol: 'TCP' },
        },
      ],
    },
    {
      name: 'a pool that the policy does not allow, and more ranges than fit',
      options: { ranges: ['30000-30099', '31000', '31002', '31004-31005', '31007'] },
      documents: [teamA],
      service: nodePort(30_150),
      findings: [
        {
          messageId: 'outside',
          path,
          text: '30150 is outside 30000-30099, 31000, 31002 and 2 more; choose a number in 30000-30099, 31000, 31002 and 2 more',
          value: 30_150,
          port: { number: 30_150, protocol: 'TCP' },
        },
      ],
    },
    {
      name: 'every number of the range is held',
      documents: [small],
      others: [{ metadata: { name: 'full' }, ...nodePort(31_000, 31_001) }],
      service: nodePort(31_002),
      findings: [
        {
          messageId: 'outsideCluster',
          replayed: 'outside',
          path,
          text: '31002 is outside 31000-31001; choose a number in 31000-31001',
          value: 31_002,
          port: { number: 31_002, protocol: 'TCP' },
        },
      ],
    },
    {
      name: 'numbers that no port can have',
      documents: [small],
      others: [{ metadata: { name: 'full' }, ...nodePort(31_000, 31_001) }],
      service: nodePort(-5, 99_999, 2_147_483_647),
      findings: [-5, 99_999, 2_147_483_647].map((number, index) => ({
        messageId: 'outsideCluster' as const,
        replayed: 'outside' as const,
        path: ['spec', 'ports', index, 'nodePort'],
        text: `${number} is outside 31000-31001; choose a number in 31000-31001`,
        value: number,
        port: { number, protocol: 'TCP' },
      })),
    },
    {
      name: 'the health check is a node port too',
      documents: [small],
      service: {
        spec: {
          type: 'LoadBalancer',
          externalTrafficPolicy: 'Local',
          healthCheckNodePort: 32_104,
          ports: [{ port: 80, nodePort: 31_000 }],
        },
      },
      findings: [
        {
          messageId: 'outsideCluster',
          replayed: 'outside',
          path: healthCheckPath,
          text: '32104 is outside 31000-31001; use 31001',
          value: 32_104,
          port: { number: 32_104, protocol: 'TCP' },
          free: [31_001],
        },
      ],
    },
    {
      name: 'a LoadBalancer that allocates none, but has a number written out',
      documents: [small],
      others: [{ metadata: { name: 'half' }, ...nodePort(31_000) }],
      service: {
        spec: {
          type: 'LoadBalancer',
          allocateLoadBalancerNodePorts: false,
          ports: [{ port: 53, protocol: 'UDP', nodePort: 22 }],
        },
      },
      findings: [
        {
          messageId: 'outsideCluster',
          replayed: 'outside',
          path,
          text: '22 is outside 31000-31001; use 31001',
          value: 22,
          port: { number: 22, protocol: 'UDP' },
          free: [31_001],
        },
      ],
    },
    {
      name: 'a number that an ExternalName carried past the allocator',
      documents: [small],
      others: [{ metadata: { name: 'half' }, ...nodePort(31_000) }],
      old: {
        spec: {
          type: 'ExternalName',
          externalName: 'db.example.com',
          ports: [
            { port: 80, nodePort: 80 },
            { name: 'b', port: 81, nodePort: 81 },
          ],
        },
      },
      stage: 'final',
      service: nodePort(80),
      findings: [
        {
          messageId: 'outside',
          path,
          text: '80 is outside 31000-31001; use 31001',
          value: 80,
          port: { number: 80, protocol: 'TCP' },
          free: [31_001],
        },
      ],
    },
    {
      name: 'a number that an update brings',
      documents: [small],
      old: nodePort(31_000),
      service: nodePort(31_002),
      others: [{ metadata: { name: 'full' }, ...nodePort(31_001) }],
      findings: [
        {
          messageId: 'outsideCluster',
          replayed: 'outside',
          path,
          text: '31002 is outside 31000-31001; use 31000',
          value: 31_002,
          port: { number: 31_002, protocol: 'TCP' },
          free: [31_000],
        },
      ],
    },
    {
      name: 'of the own pool only the part that the policy allows',
      options: { ranges: ['30000-30102'] },
      documents: [teamA],
      service: nodePort(30_150),
      findings: [
        {
          messageId: 'outside',
          path,
          text: '30150 is outside 30100-30102 (pool team-a); use 30102, 30101 or 30100',
          free: [30102, 30101, 30100],
          value: 30_150,
          port: { number: 30_150, protocol: 'TCP' },
        },
      ],
    },
    {
      name: 'what runs outside a range that was narrowed',
      options: { ranges: [31_000] },
      old: nodePort(30_080),
      service: nodePort(30_080),
      findings: [
        {
          messageId: 'outside',
          path,
          text: '30080 is outside 31000; use 31000',
          value: 30_080,
          port: { number: 30_080, protocol: 'TCP' },
          free: [31_000],
          enforcement: 'warn',
        },
      ],
    },
    {
      name: 'a running number outside the range that changes its protocol',
      options: { ranges: [31_000] },
      old: nodePort(30_080),
      service: { spec: { type: 'NodePort', ports: [{ name: 'p0', port: 80, protocol: 'UDP', nodePort: 30_080 }] } },
      findings: [
        {
          messageId: 'outside',
          path,
          text: '30080 is outside 31000; use 31000',
          value: 30_080,
          port: { number: 30_080, protocol: 'UDP' },
          free: [31_000],
        },
      ],
    },
  ],
});
