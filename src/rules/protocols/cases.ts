import { casesFor } from '../cases.ts';
import { protocols } from './rule.ts';

const path = ['spec', 'ports', 0, 'protocol'];
const options = { allowed: ['TCP'] };
const udp = { type: 'NodePort', ports: [{ port: 53, protocol: 'UDP', nodePort: 30053 }] };

export const cases = casesFor(protocols, {
  valid: [
    {
      name: 'no protocol is TCP',
      options,
      service: { spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] } },
    },
    {
      name: 'each of several',
      options: { allowed: ['TCP', 'UDP'] },
      service: {
        spec: {
          type: 'NodePort',
          ports: [
            { name: 'dns', port: 53, nodePort: 30053 },
            { name: 'dns-udp', port: 53, protocol: 'UDP', nodePort: 30053 },
          ],
        },
      },
    },
    {
      name: 'a ClusterIP opens nothing',
      options,
      service: { spec: { type: 'ClusterIP', ports: [{ port: 53, protocol: 'UDP' }] } },
    },
    {
      name: 'an ExternalName opens nothing, whatever it carries',
      options,
      service: { spec: { ...udp, type: 'ExternalName', externalName: 'db.example.com' } },
    },
    {
      name: 'a LoadBalancer without node ports',
      options,
      service: {
        spec: {
          type: 'LoadBalancer',
          allocateLoadBalancerNodePorts: false,
          ports: [{ port: 53, protocol: 'UDP' }],
        },
      },
    },
  ],
  invalid: [
    {
      name: 'a protocol that is not listed',
      options,
      service: { spec: udp },
      findings: [
        {
          messageId: 'notAllowed',
          path,
          text: 'UDP is not allowed; use TCP',
          value: 'UDP',
          port: { number: 30_053, protocol: 'UDP' },
        },
      ],
    },
    {
      name: 'the default is TCP, also where nothing is written',
      options: { allowed: ['UDP', 'SCTP'] },
      service: { spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] } },
      findings: [
        {
          messageId: 'notAllowed',
          path,
          text: 'TCP is not allowed; use UDP or SCTP',
          value: 'TCP',
          port: { number: 30_080, protocol: 'TCP' },
        },
      ],
    },
    {
      name: 'of two ports with one number only the one that differs',
      options,
      service: {
        spec: {
          type: 'NodePort',
          ports: [
            { name: 'dns', port: 53, nodePort: 30053 },
            { name: 'dns-udp', port: 53, protocol: 'UDP', nodePort: 30053 },
          ],
        },
      },
      findings: [
        {
          messageId: 'notAllowed',
          path: ['spec', 'ports', 1, 'protocol'],
          text: 'UDP is not allowed; use TCP',
          value: 'UDP',
          port: { number: 30_053, protocol: 'UDP' },
        },
      ],
    },
    {
      name: 'a port that has no number yet',
      options,
      service: { spec: { type: 'NodePort', ports: [{ port: 53, protocol: 'UDP' }] } },
      findings: [{ messageId: 'notAllowed', path, text: 'UDP is not allowed; use TCP', value: 'UDP' }],
    },
    {
      name: 'a LoadBalancer that allocates none, but has a number written out',
      options,
      service: { spec: { ...udp, type: 'LoadBalancer', allocateLoadBalancerNodePorts: false } },
      findings: [
        {
          messageId: 'notAllowed',
          path,
          text: 'UDP is not allowed; use TCP',
          value: 'UDP',
          port: { number: 30_053, protocol: 'UDP' },
        },
      ],
    },
    {
      name: 'the health check is TCP',
      options: { allowed: ['UDP'] },
      service: {
        spec: { ...udp, type: 'LoadBalancer', externalTrafficPolicy: 'Local', healthCheckNodePort: 32_104 },
      },
      findings: [
        {
          messageId: 'healthCheck',
          path: ['spec', 'healthCheckNodePort'],
          text: 'TCP is not allowed, and the health check needs it; set spec.externalTrafficPolicy to Cluster, which has none',
          value: 'TCP',
          port: { number: 32_104, protocol: 'TCP' },
        },
      ],
    },
    {
      name: 'a health check that has no number yet',
      options: { allowed: ['UDP'] },
      service: { spec: { ...udp, type: 'LoadBalancer', externalTrafficPolicy: 'Local' } },
      findings: [
        {
          messageId: 'healthCheck',
          path: ['spec', 'healthCheckNodePort'],
          text: 'TCP is not allowed, and the health check needs it; set spec.externalTrafficPolicy to Cluster, which has none',
          value: 'TCP',
        },
      ],
    },
    {
      name: 'a running port whose protocol was forbidden later',
      options,
      old: { spec: udp },
      service: { metadata: { labels: { tier: 'edge' } }, spec: udp },
      findings: [
        {
          messageId: 'notAllowed',
          path,
          text: 'UDP is not allowed; use TCP',
          value: 'UDP',
          port: { number: 30_053, protocol: 'UDP' },
          enforcement: 'warn',
        },
      ],
    },
    {
      name: 'a running number whose protocol changes',
      options,
      old: { spec: { type: 'NodePort', ports: [{ port: 53, nodePort: 30053 }] } },
      service: { spec: udp },
      findings: [
        {
          messageId: 'notAllowed',
          path,
          text: 'UDP is not allowed; use TCP',
          value: 'UDP',
          port: { number: 30_053, protocol: 'UDP' },
        },
      ],
    },
  ],
});
