import { casesFor } from '../cases.ts';
import { externalNameNodePort } from './rule.ts';

const externalName = (nodePort: number) => ({
  spec: { type: 'ExternalName', externalName: 'db.example.com', ports: [{ port: 80, nodePort }] },
});
const path = ['spec', 'ports', 0, 'nodePort'];
const tcp = (number: number) => ({ number, protocol: 'TCP' });

export const cases = casesFor(externalNameNodePort, {
  valid: [
    {
      name: 'an ExternalName without a number',
      service: { spec: { type: 'ExternalName', externalName: 'db.example.com', ports: [{ port: 80 }] } },
    },
    {
      name: 'a NodePort may carry numbers',
      service: { spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] } },
    },
    {
      name: 'the number is taken off in an update of its own',
      service: { spec: { type: 'ExternalName', externalName: 'db.example.com', ports: [{ port: 80 }] } },
      old: externalName(31999),
    },
    {
      name: 'the stale number of a change to ExternalName is the API server’s to drop',
      service: externalName(30080),
      old: { spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] } },
    },
    {
      name: 'a clean ExternalName becomes a NodePort',
      service: { spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] } },
      old: { spec: { type: 'ExternalName', externalName: 'db.example.com', ports: [{ port: 80 }] } },
    },
  ],
  invalid: [
    {
      name: 'port 22 waits on an ExternalName',
      service: externalName(22),
      findings: [
        {
          messageId: 'onExternalName',
          path,
          text: '22 on an ExternalName is not open yet, but would be after a change of type; remove it',
          value: 22,
          port: tcp(22),
        },
      ],
    },
    {
      name: 'a number below zero is a number too',
      service: externalName(-5),
      findings: [
        {
          messageId: 'onExternalName',
          path,
          text: '-5 on an ExternalName is not open yet, but would be after a change of type; remove it',
          value: -5,
          port: tcp(-5),
        },
      ],
    },
    {
      name: 'an update that changes only labels does not make it better: no ratchet here',
      service: { metadata: { labels: { a: 'b' } }, ...externalName(31999) },
      old: externalName(31999),
      stage: 'final',
      findings: [
        {
          messageId: 'onExternalName',
          path,
          text: '31999 on an ExternalName is not open yet, but would be after a change of type; remove it',
          value: 31999,
          port: tcp(31999),
        },
      ],
    },
    {
      name: 'the type changes and the number stays',
      service: { spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 80 }] } },
      old: externalName(80),
      stage: 'final',
      findings: [
        {
          messageId: 'carriedBefore',
          replayed: 'nothing',
          path,
          text: '80 was carried by this ExternalName without being allocated; set it to 0 in an update of its own before changing the type',
          value: 80,
          port: tcp(80),
        },
      ],
    },
    {
      name: 'type and number change in one update: the API server would free the old number, whoever holds it',
      service: { spec: { type: 'LoadBalancer', ports: [{ port: 80, nodePort: 30081 }] } },
      old: externalName(31999),
      stage: 'final',
      findings: [
        {
          messageId: 'carriedBefore',
          replayed: 'nothing',
          path: ['spec', 'type'],
          text: '31999 was carried by this ExternalName without being allocated; set it to 0 in an update of its own before changing the type',
          value: 31999,
          port: tcp(31999),
        },
      ],
    },
    {
      name: 'nothing excuses it',
      service: externalName(30443),
      documents: [
        {
          kind: 'NodePortException',
          metadata: { name: 'other-rule' },
          spec: {
            rules: ['node-port-pool'],
            namespaces: ['shop'],
            ports: ['30443'],
            reason: 'for another rule',
            expires: '2099-12-31',
          },
        },
      ],
      findings: [
        {
          messageId: 'onExternalName',
          path,
          text: '30443 on an ExternalName is not open yet, but would be after a change of type; remove it',
          value: 30443,
          port: tcp(30443),
        },
      ],
    },
  ],
});
