import type { JsonObject } from '../../domain/json.ts';
import { casesFor } from '../cases.ts';
import { localEndpoints } from './rule.ts';

const selector = { app: 'web' };
const ports = [{ port: 80, nodePort: 30_080 }];
const path = ['spec', 'externalTrafficPolicy'];
const nodePort = { spec: { type: 'NodePort', externalTrafficPolicy: 'Local', selector, ports } };
const loadBalancer = { spec: { type: 'LoadBalancer', externalTrafficPolicy: 'Local', selector, ports } };

function workload(kind: string, spec: JsonObject = {}, podSpec: JsonObject = {}): JsonObject {
  const template = { metadata: { labels: { app: 'web', tier: 'front' } }, spec: podSpec };
  return { apiVersion: 'apps/v1', kind, spec: { template, ...spec } };
}

const anywhere = workload('DaemonSet');
const somewhere = workload('DaemonSet', {}, { nodeSelector: { edge: 'true' } });

export const cases = casesFor(localEndpoints, {
  valid: [
    { name: 'a DaemonSet on every node', origin: 'file', service: nodePort, workloads: [anywhere] },
    {
      name: 'a DaemonSet on every node beside a Deployment',
      origin: 'file',
      service: nodePort,
      workloads: [workload('Deployment', { replicas: 1 }), anywhere],
    },
    { name: 'no workload is known', origin: 'file', service: nodePort },
    { name: 'a PodTemplate makes no pods', origin: 'file', service: nodePort, workloads: [podTemplate()] },
    {
      name: 'the workloads are of another namespace, or other pods',
      origin: 'file',
      service: nodePort,
      workloads: [
        { ...workload('Deployment', { replicas: 1 }), metadata: { namespace: 'other' } },
        { apiVersion: 'v1', kind: 'Pod', metadata: { labels: { app: 'db' } } },
      ],
    },
    {
      name: 'no selector: somebody else keeps the endpoints',
      origin: 'file',
      service: { spec: { type: 'NodePort', externalTrafficPolicy: 'Local', ports } },
      workloads: [workload('Deployment', { replicas: 1 })],
    },
    {
      name: 'with Cluster every node answers',
      origin: 'file',
      service: { spec: { type: 'NodePort', externalTrafficPolicy: 'Cluster', selector, ports } },
      workloads: [workload('Deployment', { replicas: 1 })],
    },
    {
      name: 'a load balancer asks for nodes with a pod',
      origin: 'file',
      service: loadBalancer,
      workloads: [workload('Deployment', { replicas: 2 })],
    },
    {
      name: 'a load balancer, and perhaps an autoscaler',
      origin: 'file',
      service: loadBalancer,
      workloads: [workload('Deployment')],
    },
    { name: 'a load balancer before chosen nodes', origin: 'file', service: loadBalancer, workloads: [somewhere] },
    {
      name: 'a ready pod on every node, whatever the workloads ask for',
      origin: 'cluster',
      service: nodePort,
      nodes: { a: 'pod', b: 'pod' },
      workloads: [workload('Deployment', { replicas: 2 })],
    },
    {
      name: 'a load balancer leaves out the nodes without a pod',
      origin: 'cluster',
      service: loadBalancer,
      nodes: { a: 'pod', b: 'pod', c: 'no pod' },
    },
    { name: 'a cluster of which no node is known', origin: 'cluster', service: nodePort, nodes: {} },
    { name: 'no webhook knows workloads', service: nodePort, workloads: [workload('Deployment', { replicas: 2 })] },
  ],
  invalid: [
    {
      name: 'two pods for any number of nodes',
      origin: 'file',
      service: nodePort,
      workloads: [workload('Deployment', { replicas: 2 })],
      findings: [
        {
          messageId: 'someNodes',
          path,
          text: 'Local drops what reaches a node without a pod, and Deployment web has 2 pods; make it a DaemonSet, send clients only to its nodes, or use Cluster',
          value: 'Local',
        },
      ],
    },
    {
      name: 'an autoscaler may say how many',
      origin: 'cluster',
      service: nodePort,
      workloads: [workload('Deployment')],
      findings: [
        {
          messageId: 'someNodes',
          path,
          text: 'Local drops what reaches a node without a pod, and Deployment web is not on every node; make it a DaemonSet, send clients only to its nodes, or use Cluster',
          value: 'Local',
        },
      ],
    },
    {
      name: 'a DaemonSet on chosen nodes, and a single Pod',
      origin: 'file',
      service: nodePort,
      workloads: [
        somewhere,
        { apiVersion: 'v1', kind: 'Pod', metadata: { name: '', generateName: 'web-', labels: { app: 'web' } } },
      ],
      findings: [
        {
          messageId: 'someNodes',
          path,
          text: 'Local drops what reaches a node without a pod, and DaemonSet web and 1 more are not on every node; let it run on every node, send clients only to its nodes, or use Cluster',
          value: 'Local',
        },
      ],
    },
    {
      name: 'a DaemonSet on chosen nodes, behind a Deployment',
      origin: 'file',
      service: nodePort,
      workloads: [workload('Deployment', { replicas: 2 }), { ...somewhere, metadata: { name: 'edge' } }],
      findings: [
        {
          messageId: 'someNodes',
          path,
          text: 'Local drops what reaches a node without a pod, and DaemonSet edge and 1 more are not on every node; let it run on every node, send clients only to its nodes, or use Cluster',
          value: 'Local',
        },
      ],
    },
    {
      name: 'a Pod without a name of its own',
      origin: 'file',
      service: nodePort,
      workloads: [
        { apiVersion: 'v1', kind: 'Pod', metadata: { name: '', generateName: 'web-', labels: { app: 'web' } } },
      ],
      findings: [
        {
          messageId: 'someNodes',
          path,
          text: 'Local drops what reaches a node without a pod, and Pod web- has 1 pod; make it a DaemonSet, send clients only to its nodes, or use Cluster',
          value: 'Local',
        },
      ],
    },
    {
      name: 'two of them that say how many',
      origin: 'file',
      service: nodePort,
      workloads: [workload('StatefulSet', { replicas: 3 }), workload('Deployment', { replicas: 1 })],
      findings: [
        {
          messageId: 'someNodes',
          path,
          text: 'Local drops what reaches a node without a pod, and StatefulSet web and 1 more have 4 pods; make it a DaemonSet, send clients only to its nodes, or use Cluster',
          value: 'Local',
        },
      ],
    },
    {
      name: 'a load balancer before one pod',
      origin: 'file',
      service: loadBalancer,
      workloads: [workload('Deployment', { replicas: 1 })],
      findings: [
        {
          messageId: 'onePod',
          path,
          text: 'Local lets one node answer, and none while the pod moves, as Deployment web has 1 pod; run 2 or more, or use Cluster',
          value: 'Local',
        },
      ],
    },
    {
      name: 'no pod at all',
      origin: 'file',
      service: loadBalancer,
      workloads: [workload('Deployment', { replicas: 0 })],
      findings: [
        {
          messageId: 'noPod',
          path,
          text: 'Local lets no node answer, as Deployment web has no pod; run some',
          value: 'Local',
        },
      ],
    },
    {
      name: 'some of the nodes that run have a ready pod',
      origin: 'cluster',
      service: nodePort,
      nodes: { a: 'pod', b: 'no pod', c: 'pod', d: 'no pod', e: 'no pod' },
      findings: [
        {
          messageId: 'silentNodes',
          path,
          text: 'Local drops what reaches 3 of 5 nodes, as ready pods run only on a, c; send clients only there, run one on every node, or use Cluster',
          value: 'Local',
        },
      ],
    },
    {
      name: 'more nodes than fit into a sentence',
      origin: 'cluster',
      service: nodePort,
      nodes: { a: 'pod', b: 'pod', c: 'pod', d: 'pod', e: 'pod', f: 'no pod' },
      findings: [
        {
          messageId: 'silentNodes',
          path,
          text: 'Local drops what reaches 1 of 6 nodes, as ready pods run only on a, b, c, and 2 more; send clients only there, run one on every node, or use Cluster',
          value: 'Local',
        },
      ],
    },
    {
      name: 'a load balancer with one node to go to',
      origin: 'cluster',
      service: loadBalancer,
      nodes: { a: 'pod', b: 'no pod' },
      findings: [
        {
          messageId: 'oneNode',
          path,
          text: 'Local lets only node a of 2 answer, and none while the pod moves; run pods on 2 or more, or use Cluster',
          value: 'Local',
        },
      ],
    },
    {
      name: 'no node has a ready pod',
      origin: 'cluster',
      service: loadBalancer,
      nodes: { a: 'no pod', b: 'no pod' },
      findings: [
        {
          messageId: 'noNode',
          path,
          text: 'Local lets none of 2 nodes answer, as none has a ready pod; run some',
          value: 'Local',
        },
      ],
    },
  ],
});

function podTemplate(): JsonObject {
  return { apiVersion: 'v1', kind: 'PodTemplate', template: { metadata: { labels: { app: 'web' } } } };
}
