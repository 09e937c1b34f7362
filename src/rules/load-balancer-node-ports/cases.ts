import { casesFor } from '../cases.ts';
import { loadBalancerNodePorts } from './rule.ts';

const path = ['spec', 'allocateLoadBalancerNodePorts'];
const allocated = {
  messageId: 'allocated',
  path,
  text: 'true opens every port of the load balancer on all nodes too; set it to false',
  value: true,
} as const;

export const cases = casesFor(loadBalancerNodePorts, {
  valid: [
    {
      name: 'a load balancer without node ports',
      service: { spec: { type: 'LoadBalancer', allocateLoadBalancerNodePorts: false, ports: [{ port: 80 }] } },
    },
    {
      name: 'the health check may stay open',
      service: {
        spec: {
          type: 'LoadBalancer',
          allocateLoadBalancerNodePorts: false,
          externalTrafficPolicy: 'Local',
          healthCheckNodePort: 32104,
          ports: [{ port: 80 }],
        },
      },
      stage: 'final',
    },
    {
      name: 'a health check without a number yet',
      service: {
        spec: {
          type: 'LoadBalancer',
          allocateLoadBalancerNodePorts: false,
          externalTrafficPolicy: 'Local',
          ports: [{ port: 80 }],
        },
      },
    },
    {
      name: 'a NodePort is meant to open them',
      service: { spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] } },
    },
    {
      name: 'set writes false where the author wrote nothing',
      options: { set: true },
      service: { spec: { type: 'LoadBalancer', ports: [{ port: 80 }] } },
    },
  ],
  invalid: [
    {
      name: 'the API server allocates unless it is told not to',
      service: { spec: { type: 'LoadBalancer', ports: [{ port: 80, nodePort: 30080 }] } },
      findings: [allocated],
    },
    {
      name: 'what is written out is no better',
      service: {
        spec: { type: 'LoadBalancer', allocateLoadBalancerNodePorts: true, ports: [{ port: 80, nodePort: 30080 }] },
      },
      findings: [allocated],
    },
    {
      name: 'numbers that a dry run makes up stand for ports that will be open',
      service: {
        metadata: {
          managedFields: [{ manager: 'kubectl', operation: 'Update', fieldsType: 'FieldsV1', fieldsV1: {} }],
        },
        spec: { type: 'LoadBalancer', allocateLoadBalancerNodePorts: true, ports: [{ port: 80, nodePort: 32769 }] },
      },
      stage: 'final',
      dryRun: true,
      findings: [allocated],
    },
    {
      name: 'a number that is written out is open whether or not numbers are allocated',
      service: {
        spec: {
          type: 'LoadBalancer',
          allocateLoadBalancerNodePorts: false,
          externalTrafficPolicy: 'Local',
          healthCheckNodePort: 32104,
          ports: [
            { name: 'http', port: 80 },
            { name: 'https', port: 443, nodePort: 30443 },
          ],
        },
      },
      stage: 'final',
      findings: [
        {
          messageId: 'leftOpen',
          path: ['spec', 'ports', 1, 'nodePort'],
          text: '30443 is open on all nodes although no node port is allocated; remove it',
          value: 30443,
          port: { number: 30443, protocol: 'TCP' },
        },
      ],
    },
    {
      name: 'set does not close a number that the author wrote',
      options: { set: true },
      service: { spec: { type: 'LoadBalancer', ports: [{ port: 443, nodePort: 30443 }] } },
      findings: [
        {
          messageId: 'leftOpen',
          path: ['spec', 'ports', 0, 'nodePort'],
          text: '30443 is open on all nodes although no node port is allocated; remove it',
          value: 30443,
          port: { number: 30443, protocol: 'TCP' },
        },
      ],
    },
    {
      name: 'set does not overrule the author',
      options: { set: true },
      service: {
        spec: { type: 'LoadBalancer', allocateLoadBalancerNodePorts: true, ports: [{ port: 80, nodePort: 30080 }] },
      },
      findings: [allocated],
    },
  ],
});
