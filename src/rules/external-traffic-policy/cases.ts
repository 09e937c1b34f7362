import { casesFor } from '../cases.ts';
import { externalTrafficPolicy } from './rule.ts';

const ports = [{ port: 80, nodePort: 30080 }];
const path = ['spec', 'externalTrafficPolicy'];

export const cases = casesFor(externalTrafficPolicy, {
  valid: [
    {
      name: 'Local is what is asked for',
      service: { spec: { type: 'NodePort', externalTrafficPolicy: 'Local', ports } },
    },
    { name: 'a ClusterIP opens nothing', service: { spec: { type: 'ClusterIP', ports: [{ port: 80 }] } } },
    {
      name: 'a LoadBalancer is left alone where only NodePort is listed',
      options: { types: ['NodePort'] },
      service: { spec: { type: 'LoadBalancer', externalTrafficPolicy: 'Cluster', ports } },
    },
  ],
  invalid: [
    {
      name: 'the API server fills in Cluster',
      service: { spec: { type: 'NodePort', ports } },
      findings: [
        {
          messageId: 'differs',
          path,
          text: '"Cluster" is not allowed; set it to Local',
          value: 'Cluster',
          fix: { path, value: 'Local' },
        },
      ],
    },
    {
      name: 'a LoadBalancer opens node ports too',
      service: { spec: { type: 'LoadBalancer', externalTrafficPolicy: 'Cluster', ports } },
      findings: [{ messageId: 'differs', path, text: '"Cluster" is not allowed; set it to Local', value: 'Cluster' }],
    },
    {
      name: 'Cluster may be demanded instead',
      options: { require: 'Cluster' },
      service: { spec: { type: 'NodePort', externalTrafficPolicy: 'Local', ports } },
      findings: [{ messageId: 'differs', path, text: '"Local" is not allowed; set it to Cluster', value: 'Local' }],
    },
    {
      name: 'a value that the author wrote is never overwritten by set',
      options: { set: true },
      service: { spec: { type: 'NodePort', externalTrafficPolicy: 'Cluster', ports } },
      findings: [{ messageId: 'differs', path, text: '"Cluster" is not allowed; set it to Local', value: 'Cluster' }],
    },
  ],
});
