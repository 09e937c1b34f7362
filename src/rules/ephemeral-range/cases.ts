import type { JsonObject } from '../../domain/json.ts';
import { casesFor } from '../cases.ts';
import { ephemeralRange } from './rule.ts';

/** Node ports on both sides of the lower end of the ephemeral range. */
const wide: JsonObject = {
  kind: 'ClusterProfile',
  metadata: { name: 'wide' },
  spec: { serviceNodePortRange: '32766-32770' },
};

/** The nodes were tuned for many connections. */
const tuned: JsonObject = {
  kind: 'ClusterProfile',
  metadata: { name: 'tuned' },
  spec: { ephemeralPortRange: '1024-65535' },
};

function pool(ports: string): JsonObject {
  return { kind: 'NodePortPool', metadata: { name: 'team-a' }, spec: { ports: [ports], namespaces: ['shop'] } };
}

function nodePort(...numbers: readonly number[]): JsonObject {
  const ports = numbers.map((number, index) => ({ name: `p${index}`, port: 80 + index, nodePort: number }));
  return { spec: { type: 'NodePort', ports } };
}

function inside(number: number, advice = '', free?: readonly number[]) {
  return {
    messageId: 'inside',
    path: ['spec', 'ports', 0, 'nodePort'],
    text: `${number} is in the ephemeral range 32768-60999; ${advice}reserve it (ip_local_reserved_ports)`,
    value: number,
    port: { number, protocol: 'TCP' },
    ...(free !== undefined && { free }),
  } as const;
}

export const cases = casesFor(ephemeralRange, {
  valid: [
    { name: 'the last number below', service: nodePort(32_767) },
    { name: 'the first number above', service: nodePort(61_000) },
    { name: 'a number that is no port', service: nodePort(100_000), stage: 'final' },
    { name: 'a Service that opens nothing', service: { spec: { ports: [{ port: 80, nodePort: 40_000 }] } } },
    {
      name: 'a range of the nodes that leaves the number out',
      documents: [{ kind: 'ClusterProfile', metadata: { name: 'small' }, spec: { ephemeralPortRange: '49152-65535' } }],
      service: nodePort(40_000),
    },
    {
      name: 'a number that the gate takes from elsewhere',
      documents: [wide, pool('32766-32767')],
      service: nodePort(0),
    },
    {
      name: 'a number that a dry run makes up',
      service: {
        metadata: {
          managedFields: [{ manager: 'kubectl', operation: 'Update', fieldsType: 'FieldsV1', fieldsV1: {} }],
        },
        spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 32_769 }] },
      },
      stage: 'final',
      dryRun: true,
    },
  ],
  invalid: [
    {
      name: 'the first number of the range; of the next choices only those below are named',
      documents: [wide],
      service: nodePort(32_768),
      findings: [inside(32_768, 'use 32767, or ', [32_767])],
    },
    {
      name: 'the last number of the range',
      documents: [wide, pool('32766')],
      service: nodePort(60_999),
      findings: [inside(60_999, 'use 32766, or ', [32_766])],
    },
    {
      name: 'no other number is free',
      documents: [wide, pool('32766')],
      others: [{ metadata: { name: 'full' }, ...nodePort(32_766) }],
      service: nodePort(32_768),
      findings: [inside(32_768)],
    },
    {
      name: 'a pool that lies in the range is assigned from all the same',
      documents: [wide, pool('32769')],
      service: nodePort(0),
      findings: [inside(32_769)],
    },
    {
      name: 'the health check',
      documents: [wide, pool('32766')],
      service: {
        spec: {
          type: 'LoadBalancer',
          externalTrafficPolicy: 'Local',
          allocateLoadBalancerNodePorts: false,
          healthCheckNodePort: 32_770,
          ports: [{ port: 80 }],
        },
      },
      findings: [{ ...inside(32_770, 'use 32766, or ', [32_766]), path: ['spec', 'healthCheckNodePort'] }],
    },
    {
      name: 'nodes that use every number',
      documents: [tuned],
      service: nodePort(30_080),
      findings: [
        {
          ...inside(30_080),
          text: '30080 is in the ephemeral range 1024-65535; reserve it (ip_local_reserved_ports)',
        },
      ],
    },
    {
      name: 'what runs there',
      documents: [wide, pool('32766')],
      old: nodePort(32_768),
      service: nodePort(32_768),
      findings: [{ ...inside(32_768, 'use 32766, or ', [32_766]), enforcement: 'warn' }],
    },
  ],
});
