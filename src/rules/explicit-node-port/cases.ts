import type { JsonObject } from '../../domain/json.ts';
import { casesFor } from '../cases.ts';
import { explicitNodePort } from './rule.ts';

const WHY = 'so the number may be another one when the Service is created again';
const path = ['spec', 'ports', 0, 'nodePort'];
const healthCheckPath = ['spec', 'healthCheckNodePort'];

/** Its only number is what the gate assigns. */
const pool: JsonObject = {
  kind: 'NodePortPool',
  metadata: { name: 'team-a' },
  spec: { ports: ['30104'], namespaces: ['shop'] },
};
const larger: JsonObject = { ...pool, spec: { ports: ['30104-30105'], namespaces: ['shop'] } };
const silent: JsonObject = { ...pool, spec: { ports: ['30104'], namespaces: ['shop'], assign: false } };

function nodePort(port: JsonObject): JsonObject {
  return { spec: { type: 'NodePort', ports: [{ port: 80, ...port }] } };
}

function unwritten(number: number, fact = 'is missing') {
  return {
    messageId: 'unwritten',
    path,
    text: `${fact}, ${WHY}; write ${number} (nodeport-gate fix does)`,
    fix: { path, value: number },
  } as const;
}

const balanced = {
  type: 'LoadBalancer',
  externalTrafficPolicy: 'Local',
  allocateLoadBalancerNodePorts: false,
  ports: [{ port: 80 }],
};

export const cases = casesFor(explicitNodePort, {
  valid: [
    { name: 'a number that is written', origin: 'file', documents: [pool], service: nodePort({ nodePort: 30_104 }) },
    {
      name: 'a number that is written and wrong',
      origin: 'file',
      documents: [pool],
      service: nodePort({ nodePort: -1 }),
    },
    { name: 'a Service that opens nothing', origin: 'file', service: { spec: { ports: [{ port: 80 }] } } },
    {
      name: 'a LoadBalancer that asks for no node ports',
      origin: 'file',
      service: { spec: { type: 'LoadBalancer', allocateLoadBalancerNodePorts: false, ports: [{ port: 80 }] } },
    },
    {
      name: 'a manifest for many Services',
      origin: 'file',
      documents: [pool],
      service: { ...nodePort({}), metadata: { name: '', generateName: 'web-' } },
    },
    { name: 'a request, which the gate gives a number', documents: [pool], service: nodePort({}) },
    { name: 'a request without a pool', service: nodePort({}) },
    { name: 'what runs', origin: 'cluster', service: nodePort({ nodePort: 30_104 }) },
    {
      name: 'a number that somebody else owns, but the file shows',
      origin: 'file',
      service: {
        metadata: {
          managedFields: [{ manager: 'kubectl', operation: 'Update', fieldsType: 'FieldsV1', fieldsV1: {} }],
        },
        ...nodePort({ nodePort: 30_104 }),
      },
    },
  ],
  invalid: [
    {
      name: 'a number that the gate assigns',
      origin: 'file',
      documents: [pool],
      service: nodePort({}),
      findings: [unwritten(30_104)],
    },
    {
      name: 'null',
      origin: 'file',
      documents: [pool],
      service: nodePort({ nodePort: null }),
      findings: [{ ...unwritten(30_104, 'null is no number'), value: null }],
    },
    {
      name: 'zero',
      origin: 'file',
      documents: [pool],
      service: nodePort({ nodePort: 0 }),
      findings: [{ ...unwritten(30_104, '0 is no number'), value: 0 }],
    },
    {
      name: 'an empty string',
      origin: 'file',
      documents: [pool],
      service: nodePort({ nodePort: '' }),
      findings: [{ ...unwritten(30_104, '"" is no number'), value: '' }],
    },
    {
      name: 'only the port that has none',
      origin: 'file',
      documents: [pool],
      service: {
        spec: {
          type: 'LoadBalancer',
          ports: [
            { name: 'http', port: 80, nodePort: 30_080 },
            { name: 'https', port: 443 },
          ],
        },
      },
      findings: [
        {
          ...unwritten(30_104),
          path: ['spec', 'ports', 1, 'nodePort'],
          fix: { path: ['spec', 'ports', 1, 'nodePort'], value: 30_104 },
        },
      ],
    },
    {
      name: 'two protocols that share a number',
      origin: 'file',
      documents: [pool],
      service: {
        spec: {
          type: 'NodePort',
          ports: [
            { name: 'dns', port: 53, protocol: 'UDP' },
            { name: 'dns-tcp', port: 53 },
          ],
        },
      },
      findings: [
        unwritten(30_104),
        {
          ...unwritten(30_104),
          path: ['spec', 'ports', 1, 'nodePort'],
          fix: { path: ['spec', 'ports', 1, 'nodePort'], value: 30_104 },
        },
      ],
    },
    {
      name: 'the health check',
      origin: 'file',
      documents: [pool],
      service: { spec: balanced },
      findings: [{ ...unwritten(30_104), path: healthCheckPath, fix: { path: healthCheckPath, value: 30_104 } }],
    },
    {
      name: 'nobody assigns',
      origin: 'file',
      documents: [silent],
      service: nodePort({}),
      findings: [{ messageId: 'unknown', path, text: `is missing, ${WHY}; use 30104`, free: [30_104] }],
    },
    {
      name: 'the pool is exhausted',
      origin: 'file',
      documents: [pool],
      others: [{ metadata: { name: 'full' }, ...nodePort({ nodePort: 30_104 }) }],
      service: nodePort({ nodePort: null }),
      findings: [{ messageId: 'unknown', path, text: `null is no number, ${WHY}; choose a free number`, value: null }],
    },
    {
      name: 'one number is left for a port and the health check',
      origin: 'file',
      documents: [larger],
      others: [{ metadata: { name: 'half' }, ...nodePort({ nodePort: 30_105 }) }],
      service: { spec: { ...balanced, allocateLoadBalancerNodePorts: true } },
      findings: [
        unwritten(30_104),
        { messageId: 'unknown', path: healthCheckPath, text: `is missing, ${WHY}; choose a free number` },
      ],
    },
  ],
});
