import {
  attack,
  create,
  asExternalName,
  http,
  asNodePort,
  patch,
  permit,
  remove,
  run,
  setStage,
  type Stage,
  type Step,
} from './steps.ts';
import type { Kubectl } from './kubectl.ts';

/**
 * A way in which Kubernetes lets whoever may write Services in one namespace open any port, or one that is another's. All
 * were seen on v1.35.4. Numbers lie in 30000-30085, which the API server itself takes last.
 */
export interface Hole {
  readonly id: string;
  readonly title: string;
  /** What somebody else has, rightly. */
  readonly victim?: Step;
  /** The attacker's own Service, which nothing objects to. */
  readonly own?: Step;
  /** What may have been done before anything guarded the cluster. */
  readonly before: readonly Step[];
  /** What opens the hole in the end. */
  readonly last: readonly Step[];
  /** What is open afterwards when nothing guards the cluster. */
  readonly open: readonly string[];
  /** What is open afterwards when something does: what victim and attacker have rightly. */
  readonly closed: readonly string[];
  /** Where it happens, when not in a fresh namespace. */
  readonly namespace?: string;
}

/** Without externalName, of which the API server would warn. */
const toNodePort = { spec: { type: 'NodePort', externalName: null } };
const OWN_NUMBER = 30_080;

export const HOLES: readonly Hole[] = [
  {
    id: '4',
    title: 'a port outside the range, through ExternalName',
    before: [create('web', asExternalName(80))],
    last: [patch('web', toNodePort)],
    open: ['web 80'],
    closed: [],
  },
  {
    id: '5',
    title: 'a port that another Service holds, through ExternalName',
    victim: create('shop', asNodePort(30_005)),
    before: [create('web', asExternalName(30_005))],
    last: [patch('web', toNodePort)],
    open: ['shop 30005', 'web 30005'],
    closed: ['shop 30005'],
  },
  {
    id: '16',
    title: "the victim's number, freed by deleting an ExternalName that carries it",
    victim: create('shop', asNodePort(30_016)),
    before: [create('decoy', asExternalName(30_016))],
    last: [remove('decoy'), create('web', asNodePort(30_016))],
    open: ['shop 30016', 'web 30016'],
    closed: ['shop 30016'],
  },
  {
    id: '17',
    title: "the victim's number, freed by changing type and number of an ExternalName in one patch",
    victim: create('shop', asNodePort(30_017)),
    before: [create('decoy', asExternalName(30_017))],
    last: [
      patch('decoy', { spec: { ...toNodePort.spec, ports: [http(OWN_NUMBER)] } }),
      create('web', asNodePort(30_017)),
    ],
    open: ['shop 30017', `decoy ${OWN_NUMBER}`, 'web 30017'],
    closed: ['shop 30017'],
  },
  {
    id: '18',
    title: "the victim's number, freed by deleting a duplicate of it",
    victim: create('shop', asNodePort(30_018)),
    before: [create('decoy', asExternalName(30_018)), patch('decoy', toNodePort), remove('decoy')],
    last: [create('web', asNodePort(30_018))],
    open: ['shop 30018', 'web 30018'],
    closed: ['shop 30018'],
  },
  {
    id: '19',
    title: "the number of the victim's health check, freed by deleting an ExternalName that carries it",
    victim: create('shop', {
      type: 'LoadBalancer',
      allocateLoadBalancerNodePorts: false,
      externalTrafficPolicy: 'Local',
      healthCheckNodePort: 30_019,
    }),
    before: [create('decoy', asExternalName(30_019))],
    last: [remove('decoy'), create('web', asNodePort(30_019))],
    open: ['shop health check 30019', 'web 30019'],
    closed: ['shop health check 30019'],
  },
  {
    id: '21',
    title: 'port 22, on a Service that is being deleted',
    own: create('web', asNodePort(30_081), { finalizers: ['example.com/keep'] }),
    before: [remove('web'), patch('web', { spec: asExternalName(22) })],
    last: [patch('web', toNodePort)],
    open: ['web 22 (deleting)'],
    closed: ['web 30081 (deleting)'],
  },
  {
    id: '22',
    title: 'the API server itself, by a plain patch',
    namespace: 'default',
    before: [],
    last: [patch('kubernetes', { spec: { type: 'NodePort', ports: [{ port: 443, nodePort: 30_022 }] } })],
    open: ['kubernetes 30022'],
    closed: [],
  },
  {
    id: '23-negative',
    title: 'a negative number, through ExternalName',
    before: [create('web', asExternalName(-5))],
    last: [patch('web', toNodePort)],
    open: ['web -5'],
    closed: [],
  },
  {
    id: '23-beyond',
    title: 'a number beyond all ports, through ExternalName',
    before: [create('web', asExternalName(99_999))],
    last: [patch('web', toNodePort)],
    open: ['web 99999'],
    closed: [],
  },
  {
    id: '24',
    title: 'the sources of a Service, by a patch of its status',
    own: create('web', asNodePort(30_084), { annotations: { 'nodeport-gate.dev/source-cidrs': '10.0.0.0/8' } }),
    before: [],
    last: [
      patch(
        'web',
        { metadata: { annotations: { 'nodeport-gate.dev/source-cidrs': '0.0.0.0/0' } } },
        '--subresource=status',
      ),
    ],
    open: ['web 30084 from 0.0.0.0/0'],
    closed: ['web 30084 from 10.0.0.0/8'],
  },
];

/** Those that are begun with steps of their own, which may have happened before anything guarded the cluster. */
export const BEGUN = HOLES.filter(({ before }) => before.length > 0);

/** Prepares a hole and takes its first steps, which have to succeed. */
export async function begin(kubectl: Kubectl, hole: Hole): Promise<Stage> {
  const stage = await prepare(kubectl, hole);
  const { refused } = await attack(stage, hole.before);
  if (refused !== undefined) throw new Error(`row ${hole.id}: ${refused}`);
  return stage;
}

/** Namespaces, what the victim has, and what the attacker has rightly. */
export async function prepare(kubectl: Kubectl, hole: Hole): Promise<Stage> {
  const stage = await stageOf(kubectl, hole);
  for (const [namespace, step] of [
    [stage.victim, hole.victim],
    [stage.namespace, hole.own],
  ] as const) {
    if (step === undefined) continue;
    const { status, stderr } = await run(kubectl, namespace, step);
    if (status !== 0) throw new Error(`row ${hole.id}: ${stderr}`);
  }
  return stage;
}

async function stageOf(kubectl: Kubectl, { id, namespace }: Hole): Promise<Stage> {
  const stage = await setStage(kubectl, id);
  if (namespace === undefined) return stage;
  await permit(kubectl, namespace);
  return { ...stage, namespace };
}
