import type { Json, JsonObject } from '../../domain/json.ts';
import type { Path } from '../../domain/path.ts';
import { casesFor } from '../cases.ts';
import { nullNodePort } from './rule.ts';

const WHAT = 'is written, which GitOps tools can never bring about';
const EMPTY = '"" is written, which is no number';
const path = ['spec', 'ports', 0, 'nodePort'];
const healthCheckPath = ['spec', 'healthCheckNodePort'];

/** Its only number is what the gate assigns. */
const pool: JsonObject = {
  kind: 'NodePortPool',
  metadata: { name: 'team-a' },
  spec: { ports: ['30104'], namespaces: ['shop'] },
};

function service(nodePort: Json, spec: JsonObject = {}): JsonObject {
  return { spec: { ...spec, ports: [{ port: 80, nodePort }] } };
}

function closed(value: null | 0, at: Path = path) {
  return {
    messageId: 'closed',
    path: at,
    text: `${value} ${WHAT}; remove the line`,
    value,
    fix: { path: at },
  } as const;
}

function open(value: null | 0, number: number, at: Path = path) {
  const text = `${value} ${WHAT}; write ${number} or remove the line`;
  return { messageId: 'open', path: at, text, value, fix: { path: at, value: number } } as const;
}

export const cases = casesFor(nullNodePort, {
  valid: [
    { name: 'nothing is written', origin: 'file', service: { spec: { ports: [{ port: 80 }] } } },
    {
      name: 'nothing is written where a number is assigned',
      origin: 'file',
      documents: [pool],
      service: { spec: { type: 'NodePort', ports: [{ port: 80 }] } },
    },
    { name: 'a number', origin: 'file', service: service(30_104, { type: 'NodePort' }) },
    { name: 'a number where none belongs', origin: 'file', service: service(30_104) },
    { name: 'ports that are null', origin: 'file', service: { spec: { ports: null } } },
    { name: 'a request', service: service(null) },
    { name: 'a request for an open port', documents: [pool], service: service(0, { type: 'NodePort' }) },
    { name: 'what runs', origin: 'cluster', service: service(0) },
  ],
  invalid: [
    { name: 'null on a ClusterIP', origin: 'file', service: service(null), findings: [closed(null)] },
    { name: 'zero on a ClusterIP', origin: 'file', service: service(0), findings: [closed(0)] },
    {
      name: 'null on an ExternalName',
      origin: 'file',
      service: service(null, { type: 'ExternalName', externalName: 'db.example.com' }),
      findings: [closed(null)],
    },
    {
      name: 'null where the gate assigns a number',
      origin: 'file',
      documents: [pool],
      service: service(null, { type: 'NodePort' }),
      findings: [open(null, 30_104)],
    },
    {
      name: 'zero where the gate assigns a number',
      origin: 'file',
      documents: [pool],
      service: service(0, { type: 'LoadBalancer' }),
      findings: [open(0, 30_104)],
    },
    {
      name: 'null where nobody assigns a number',
      origin: 'file',
      service: service(null, { type: 'NodePort' }),
      findings: [closed(null)],
    },
    {
      name: 'null where a LoadBalancer allocates none',
      origin: 'file',
      documents: [pool],
      service: service(null, { type: 'LoadBalancer', allocateLoadBalancerNodePorts: false }),
      findings: [closed(null)],
    },
    {
      name: 'a manifest for many Services',
      origin: 'file',
      documents: [pool],
      service: { metadata: { name: '', generateName: 'web-' }, ...service(null, { type: 'NodePort' }) },
      findings: [closed(null)],
    },
    {
      name: 'a health check that will have a number',
      origin: 'file',
      documents: [pool],
      service: {
        spec: {
          type: 'LoadBalancer',
          externalTrafficPolicy: 'Local',
          allocateLoadBalancerNodePorts: false,
          healthCheckNodePort: 0,
          ports: [{ port: 80 }],
        },
      },
      findings: [open(0, 30_104, healthCheckPath)],
    },
    {
      name: 'a health check that no other type has, and every port by itself',
      origin: 'file',
      documents: [pool],
      service: {
        spec: {
          type: 'NodePort',
          healthCheckNodePort: null,
          ports: [
            { name: 'a', port: 80, nodePort: 30_080 },
            { name: 'b', port: 81, nodePort: null },
          ],
        },
      },
      findings: [open(null, 30_104, ['spec', 'ports', 1, 'nodePort']), closed(null, healthCheckPath)],
    },
    {
      name: 'an empty string on a ClusterIP',
      origin: 'file',
      service: service(''),
      findings: [{ messageId: 'closed', path, text: `${EMPTY}; remove the line`, value: '', fix: { path } }],
    },
    {
      name: 'an empty string where the gate assigns a number',
      origin: 'file',
      documents: [pool],
      service: service('', { type: 'NodePort' }),
      findings: [
        {
          messageId: 'open',
          path,
          text: `${EMPTY}; write 30104 or remove the line`,
          value: '',
          fix: { path, value: 30_104 },
        },
      ],
    },
    {
      name: 'an empty string for a health check',
      origin: 'file',
      service: {
        spec: {
          type: 'LoadBalancer',
          externalTrafficPolicy: 'Local',
          allocateLoadBalancerNodePorts: false,
          healthCheckNodePort: '',
          ports: [{ port: 80 }],
        },
      },
      findings: [
        {
          messageId: 'closed',
          path: healthCheckPath,
          text: `${EMPTY}; remove the line`,
          value: '',
          fix: { path: healthCheckPath },
        },
      ],
    },
  ],
});
