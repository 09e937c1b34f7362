import { casesFor } from '../cases.ts';
import { serviceType } from './rule.ts';

const path = ['spec', 'type'];
const options = { allowed: ['ClusterIP', 'LoadBalancer'] };

export const cases = casesFor(serviceType, {
  valid: [
    { name: 'a listed type', options, service: { spec: { type: 'LoadBalancer', ports: [{ port: 80 }] } } },
    { name: 'no type is ClusterIP', options, service: { spec: { ports: [{ port: 80 }] } } },
    {
      name: 'a headless Service is a ClusterIP',
      options,
      service: { spec: { clusterIP: 'None', ports: [{ port: 80 }] } },
    },
    {
      name: 'a change to a listed type',
      options,
      old: { spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] } },
      service: { spec: { type: 'ClusterIP', ports: [{ port: 80 }] } },
    },
  ],
  invalid: [
    {
      name: 'NodePort',
      options,
      service: { spec: { type: 'NodePort', ports: [{ port: 80 }] } },
      findings: [
        {
          messageId: 'notAllowed',
          path,
          text: 'NodePort is not allowed; use ClusterIP or LoadBalancer',
          value: 'NodePort',
        },
      ],
    },
    {
      name: 'ExternalName, which opens nothing',
      options: { allowed: ['ClusterIP', 'NodePort', 'LoadBalancer'] },
      service: { spec: { type: 'ExternalName', externalName: 'db.example.com' } },
      findings: [
        {
          messageId: 'notAllowed',
          path,
          text: 'ExternalName is not allowed; use ClusterIP, NodePort or LoadBalancer',
          value: 'ExternalName',
        },
      ],
    },
    {
      name: 'ClusterIP, because nothing is written',
      options: { allowed: ['NodePort'] },
      service: { spec: { ports: [{ port: 80 }] } },
      findings: [{ messageId: 'notAllowed', path, text: 'ClusterIP is not allowed; use NodePort', value: 'ClusterIP' }],
    },
    {
      name: 'a change from a listed type',
      options,
      old: { spec: { type: 'ClusterIP', ports: [{ port: 80 }] } },
      service: { spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] } },
      findings: [
        {
          messageId: 'notAllowed',
          path,
          text: 'NodePort is not allowed; use ClusterIP or LoadBalancer',
          value: 'NodePort',
        },
      ],
    },
    {
      name: 'from one forbidden type to another',
      options: { allowed: ['ClusterIP'] },
      old: { spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] } },
      service: { spec: { type: 'LoadBalancer', ports: [{ port: 80, nodePort: 30080 }] } },
      findings: [
        { messageId: 'notAllowed', path, text: 'LoadBalancer is not allowed; use ClusterIP', value: 'LoadBalancer' },
      ],
    },
    {
      name: 'a running Service of a type that was forbidden later',
      options,
      old: {
        spec: {
          type: 'NodePort',
          ports: [
            { port: 80, nodePort: 30080 },
            { port: 81, name: 'b', nodePort: 30081 },
          ],
        },
      },
      service: { spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] } },
      findings: [
        {
          messageId: 'notAllowed',
          path,
          text: 'NodePort is not allowed; use ClusterIP or LoadBalancer',
          value: 'NodePort',
          enforcement: 'warn',
        },
      ],
    },
    {
      name: 'a running Service of a forbidden type that opens one more port',
      options,
      old: { spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] } },
      service: {
        spec: {
          type: 'NodePort',
          ports: [
            { port: 80, nodePort: 30080 },
            { port: 81, name: 'b', nodePort: 30081 },
          ],
        },
      },
      findings: [
        {
          messageId: 'notAllowed',
          path,
          text: 'NodePort is not allowed; use ClusterIP or LoadBalancer',
          value: 'NodePort',
        },
      ],
    },
  ],
});
