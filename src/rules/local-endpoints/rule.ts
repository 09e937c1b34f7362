import { z } from 'zod';
import { valueAt } from '../../domain/path.ts';
import { type Answering, answeringNodes } from '../../domain/reach.ts';
import { counted, firstOf, printable } from '../../domain/text.ts';
import type { Workload } from '../../domain/workload.ts';
import { defineRule, type Message, type Report } from '../define.ts';
import type { Scene } from '../scene.ts';

const PATH = ['spec', 'externalTrafficPolicy'];

/** Of a name list: enough to begin with, and the audit's own list of answering nodes has all. */
const MOST_NODES = 3;

const messages = {
  someNodes: {
    text: 'Local drops what reaches a node without a pod, and {pods}; {advice}, send clients only to its nodes, or use Cluster',
  },
  onePod: {
    text: 'Local lets one node answer, and none while the pod moves, as {pods}; run 2 or more, or use Cluster',
  },
  noPod: { text: 'Local lets no node answer, as {pods}; run some' },
  silentNodes: {
    text: 'Local drops what reaches {silent} of {nodes} nodes, as ready pods run only on {answering}; send clients only there, run one on every node, or use Cluster',
  },
  oneNode: {
    text: 'Local lets only node {answering} of {nodes} answer, and none while the pod moves; run pods on 2 or more, or use Cluster',
  },
  noNode: { text: 'Local lets none of {nodes} nodes answer, as none has a ready pod; run some' },
} as const satisfies Record<string, Message>;

export const localEndpoints = defineRule({
  name: 'local-endpoints',
  summary: 'Services with externalTrafficPolicy Local have a pod wherever clients may ask.',
  why: 'With Local a node without a ready pod of its own drops the connection, and clients that use its address get no answer at all.',
  subject: 'open-service',
  readsWorkloads: true,
  origins: ['file', 'cluster'],
  options: z.strictObject({}),
  messages,
  presets: { restricted: { enforcement: 'warn' } },
  check(scene, _, report) {
    const { service } = scene;
    if (service.externalTrafficPolicy !== 'Local') return;
    const running = answeringNodes(scene.reach, service);
    if (running !== undefined) reportSilent(scene, running, report);
    else reportWorkloads(scene, report);
  },
});

/** What runs, by the endpoints that kube-proxy goes by: better than what the workloads ask for. */
function reportSilent({ service }: Scene, { answering, silent }: Answering, report: Report<typeof messages>): void {
  const nodes = answering.length + silent.length;
  if (silent.length === 0) return;
  const [first] = answering;
  if (first === undefined) report('noNode', PATH, { nodes });
  else if (service.type !== 'LoadBalancer') {
    const names = firstOf(answering.map(printable), MOST_NODES).join(', ');
    report('silentNodes', PATH, { silent: silent.length, nodes, answering: names });
  } else if (answering.length === 1) report('oneNode', PATH, { answering: printable(first), nodes });
}

function reportWorkloads(scene: Scene, report: Report<typeof messages>): void {
  const { service } = scene;
  const known = behind(scene);
  const daemonSet = known.find(({ kind }) => kind === 'DaemonSet');
  const first = daemonSet ?? known[0];
  if (first === undefined || known.some(({ isOnEveryNode }) => isOnEveryNode)) return;
  const total = totalOf(known);
  const pods = describe(first, known.length - 1, total);
  if (total === 0) report('noPod', PATH, { pods });
  // The load balancer asks every node at the healthCheckNodePort, and leaves out those without a pod.
  else if (service.type !== 'LoadBalancer') {
    const advice = daemonSet === undefined ? 'make it a DaemonSet' : 'let it run on every node';
    report('someNodes', PATH, { pods, advice });
  } else if (total === 1) report('onePod', PATH, { pods });
}

/** A PodTemplate makes no pods by itself. */
function behind({ service, workloads }: Scene): readonly Workload[] {
  return workloads.selectedBy(service.namespace, service.selector).filter(({ kind }) => kind !== 'PodTemplate');
}

/** undefined where one of them does not say how many pods it makes. */
function totalOf(workloads: readonly Workload[]): number | undefined {
  let total = 0;
  for (const { kind, replicas, raw } of workloads) {
    // Where a manifest leaves the number out, an autoscaler may set it.
    const isSaid = kind === 'Pod' || typeof valueAt(raw, ['spec', 'replicas']) === 'number';
    if (replicas === undefined || !isSaid) return undefined;
    total += replicas;
  }
  return total;
}

/** `Deployment web has 2 pods`, `DaemonSet web and 1 more are not on every node`. */
function describe({ kind, name, generateName }: Workload, more: number, total: number | undefined): string {
  const first = `${kind} ${printable(name === '' ? generateName : name)}`;
  const subject = more > 0 ? `${first} and ${more} more` : first;
  if (total === undefined) return `${subject} ${more > 0 ? 'are' : 'is'} not on every node`;
  return `${subject} ${more > 0 ? 'have' : 'has'} ${total === 0 ? 'no pod' : counted(total, 'pod')}`;
}
