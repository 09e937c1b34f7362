import type { JsonObject } from '../../../src/domain/json.ts';
import type { Kubectl, KubectlAnswer, KubectlOptions } from './kubectl.ts';
import { succeed } from './kubectl.ts';
import { makeNamespace } from './control-plane.ts';

/** One kubectl command of a scenario, without its namespace. */
export interface Step {
  readonly args: readonly string[];
  readonly stdin?: string;
}

/** Two namespaces: one of the attacker, who may do everything with the Services in it, and one of somebody else. */
export interface Stage {
  readonly kubectl: Kubectl;
  /** Of the attacker. */
  readonly namespace: string;
  readonly victim: string;
}

/** What a scenario came to. */
export interface Outcome {
  /** What kubectl printed when it was refused, without the final line break; undefined when every step succeeded. */
  readonly refused: string | undefined;
  /** What is open in both namespaces afterwards: see `openIn`. */
  readonly open: readonly string[];
}

const ATTACKER: KubectlOptions = { as: 'mallory', asGroups: ['system:authenticated'] };

export interface ServiceSpec {
  readonly type?: string;
  readonly ports?: readonly JsonObject[];
  readonly [field: string]: unknown;
}

/** A Service manifest, as JSON; one port 80 named http unless the spec has `ports`. */
export function manifest(name: string, spec: ServiceSpec, metadata: Readonly<Record<string, unknown>> = {}): string {
  const object = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, ...metadata },
    spec: { selector: { app: name }, ports: [http()], ...spec },
  };
  return JSON.stringify(object);
}

/** Port 80 named http, with this node port. */
export function http(nodePort?: number | null): JsonObject {
  return { name: 'http', port: 80, ...(nodePort !== undefined && { nodePort }) };
}

/** An ExternalName Service that carries a number which nobody reserves. */
export function asExternalName(nodePort: number): ServiceSpec {
  return { type: 'ExternalName', externalName: 'example.com', ports: [http(nodePort)] };
}

export function asNodePort(number?: number): ServiceSpec {
  return { type: 'NodePort', ports: [http(number)] };
}

export function create(name: string, spec: ServiceSpec, metadata?: Readonly<Record<string, unknown>>): Step {
  return { args: ['create', '-f', '-'], stdin: manifest(name, spec, metadata) };
}

export function patch(name: string, change: Readonly<Record<string, unknown>>, ...flags: readonly string[]): Step {
  return { args: ['patch', 'service', name, '--patch', JSON.stringify(change), ...flags] };
}

export function remove(name: string): Step {
  return { args: ['delete', 'service', name, '--wait=false'] };
}

export function run(kubectl: Kubectl, namespace: string, step: Step, as?: KubectlOptions): Promise<KubectlAnswer> {
  const { args, stdin } = step;
  return kubectl([...args, '--namespace', namespace], { ...as, ...(stdin !== undefined && { stdin }) });
}

/** For preparations: the step has to succeed; the result is its standard output. */
export function take(kubectl: Kubectl, namespace: string, { args, stdin }: Step): Promise<string> {
  return succeed(kubectl, [...args, '--namespace', namespace], stdin === undefined ? {} : { stdin });
}

/** Namespaces `attacker-ID` and `victim-ID`. */
export async function setStage(kubectl: Kubectl, id: string): Promise<Stage> {
  const stage = { kubectl, namespace: `attacker-${id}`, victim: `victim-${id}` };
  await makeNamespace(kubectl, stage.namespace);
  await makeNamespace(kubectl, stage.victim);
  await permit(kubectl, stage.namespace);
  return stage;
}

/** Lets the attacker do with the Services of a namespace what it wants. */
export async function permit(kubectl: Kubectl, namespace: string): Promise<void> {
  const role = ['--verb=*', '--resource=services,services/status'];
  await succeed(kubectl, ['create', 'role', 'mallory', ...role, '--namespace', namespace]);
  await succeed(kubectl, ['create', 'rolebinding', 'mallory', '--role=mallory', '--user=mallory', '-n', namespace]);
}

/** The attacker takes the steps one after the other until one of them is refused. */
export async function attack(stage: Stage, steps: readonly Step[]): Promise<Outcome> {
  const { kubectl, namespace, victim } = stage;
  let refused: string | undefined;
  for (const step of steps) {
    const { status, stderr } = await run(kubectl, namespace, step, ATTACKER);
    if (status !== 0) {
      refused = stderr.trimEnd();
      break;
    }
  }
  return { refused, open: [...(await openIn(kubectl, victim)), ...(await openIn(kubectl, namespace))] };
}

interface LiveService {
  readonly metadata: {
    readonly name: string;
    readonly deletionTimestamp?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly type: string;
    readonly ports?: readonly { readonly nodePort?: number }[];
    readonly healthCheckNodePort?: number;
  };
}

/**
 * Every Service of a namespace that opens ports, by name: `web 30080`, with ` (deleting)` when it has a deletion timestamp
 * and its source-cidrs annotation when it has one.
 */
export async function openIn(kubectl: Kubectl, namespace: string): Promise<readonly string[]> {
  const { items } = JSON.parse(await succeed(kubectl, ['get', 'services', '-o', 'json', '-n', namespace])) as {
    readonly items: readonly LiveService[];
  };
  return items.filter(({ spec }) => spec.type === 'NodePort' || spec.type === 'LoadBalancer').map(describeOpen);
}

function describeOpen({ metadata, spec }: LiveService): string {
  const numbers = (spec.ports ?? []).flatMap(({ nodePort: number }) => (number === undefined ? [] : [String(number)]));
  const check = spec.healthCheckNodePort === undefined ? [] : [`health check ${spec.healthCheckNodePort}`];
  const sources = metadata.annotations?.['nodeport-gate.dev/source-cidrs'];
  return [
    `${metadata.name} ${[...numbers, ...check].join(', ')}`,
    metadata.deletionTimestamp === undefined ? '' : ' (deleting)',
    sources === undefined ? '' : ` from ${sources}`,
  ].join('');
}
