import { casesFor } from '../cases.ts';
import { hostPort } from './rule.ts';

const path = ['spec', 'containers', 0, 'ports', 0, 'hostPort'];
const web = { spec: { type: 'NodePort', ports: [{ name: 'http', port: 80, nodePort: 30_080 }] } };

function pod(port: Readonly<Record<string, string | number>>, spec: Readonly<Record<string, boolean>> = {}) {
  return { apiVersion: 'v1', kind: 'Pod', spec: { ...spec, containers: [{ name: 'proxy', ports: [port] }] } };
}

export const cases = casesFor(hostPort, {
  valid: [
    { name: 'a host port outside the range', workload: pod({ containerPort: 8080, hostPort: 8080 }) },
    { name: 'a container port inside the range stays in the pod', workload: pod({ containerPort: 30_080 }) },
    {
      name: 'hostNetwork: false is like nothing',
      workload: pod({ containerPort: 30_080 }, { hostNetwork: false }),
    },
    { name: 'hostNetwork outside the range', workload: pod({ containerPort: 9100 }, { hostNetwork: true }) },
    {
      name: 'the range is that of the cluster',
      documents: [{ kind: 'ClusterProfile', metadata: { name: 'p' }, spec: { serviceNodePortRange: '20000-22767' } }],
      workload: pod({ containerPort: 80, hostPort: 30_080 }),
    },
  ],
  invalid: [
    {
      name: 'a host port inside the range',
      workload: pod({ containerPort: 80, hostPort: 30_080 }),
      findings: [
        {
          messageId: 'inRange',
          path,
          text: '30080 is in the node port range 30000-32767, so a Service may get it; use a port outside',
          value: 30_080,
          port: { number: 30_080, protocol: 'TCP' },
        },
      ],
    },
    {
      name: 'it is so in a cluster, too',
      origin: 'cluster',
      workload: pod({ containerPort: 53, hostPort: 30_053, protocol: 'UDP' }),
      findings: [
        {
          messageId: 'inRange',
          path,
          text: '30053 is in the node port range 30000-32767, so a Service may get it; use a port outside',
          value: 30_053,
          port: { number: 30_053, protocol: 'UDP' },
        },
      ],
    },
    {
      name: 'under hostNetwork the container port is one of the host',
      workload: {
        apiVersion: 'apps/v1',
        kind: 'DaemonSet',
        spec: {
          template: { spec: { hostNetwork: true, containers: [{ name: 'edge', ports: [{ containerPort: 30_936 }] }] } },
        },
      },
      findings: [
        {
          messageId: 'inRange',
          path: ['spec', 'template', 'spec', 'containers', 0, 'ports', 0, 'containerPort'],
          text: '30936 under hostNetwork is in the node port range 30000-32767, so a Service may get it; use a port outside',
          value: 30_936,
          port: { number: 30_936, protocol: 'TCP' },
        },
      ],
    },
    {
      name: 'a custom resource with a pod template',
      workload: {
        apiVersion: 'argoproj.io/v1alpha1',
        kind: 'Rollout',
        spec: { template: { spec: { containers: [{ name: 'edge', ports: [{ hostPort: 30_081 }] }] } } },
      },
      findings: [
        {
          messageId: 'inRange',
          path: ['spec', 'template', 'spec', 'containers', 0, 'ports', 0, 'hostPort'],
          text: '30081 is in the node port range 30000-32767, so a Service may get it; use a port outside',
          value: 30_081,
          port: { number: 30_081, protocol: 'TCP' },
        },
      ],
    },
    {
      name: 'a Service has it already',
      others: [web],
      workload: pod({ containerPort: 80, hostPort: 30_080 }),
      findings: [
        {
          messageId: 'held',
          path,
          text: '30080 is the node port of shop/web (port http), which takes its traffic; use a port outside 30000-32767',
          value: 30_080,
          port: { number: 30_080, protocol: 'TCP' },
          holder: 'shop/web http/TCP 30080',
        },
      ],
    },
    {
      name: 'a Service has it for another protocol',
      others: [web],
      workload: pod({ containerPort: 80, hostPort: 30_080, protocol: 'UDP' }),
      findings: [
        {
          messageId: 'inRange',
          path,
          text: '30080 is in the node port range 30000-32767, so a Service may get it; use a port outside',
          value: 30_080,
          port: { number: 30_080, protocol: 'UDP' },
        },
      ],
    },
    {
      name: 'an exception excuses the port that it names, and no other',
      documents: [
        {
          kind: 'NodePortException',
          metadata: { name: 'edge' },
          spec: {
            rules: ['host-port'],
            namespaces: ['shop'],
            ports: ['30080'],
            reason: 'reserved in every pool',
            expires: '2099-01-01',
          },
        },
      ],
      workload: {
        apiVersion: 'v1',
        kind: 'Pod',
        spec: { containers: [{ name: 'edge', ports: [{ hostPort: 30_080 }, { hostPort: 30_443 }] }] },
      },
      findings: [
        {
          messageId: 'inRange',
          path,
          text: '30080 is in the node port range 30000-32767, so a Service may get it; use a port outside',
          value: 30_080,
          port: { number: 30_080, protocol: 'TCP' },
          enforcement: 'audit',
        },
        {
          messageId: 'inRange',
          path: ['spec', 'containers', 0, 'ports', 1, 'hostPort'],
          text: '30443 is in the node port range 30000-32767, so a Service may get it; use a port outside',
          value: 30_443,
          port: { number: 30_443, protocol: 'TCP' },
        },
      ],
    },
  ],
});
