import type { Kubectl } from './kubectl.ts';
import { succeed } from './kubectl.ts';
import { create, http, manifest, asNodePort, run, type ServiceSpec, type Step } from './steps.ts';

/**
 * The plain behaviour of Kubernetes that the gate builds on: what becomes of node ports in ordinary commands. Each function
 * does one thing in a namespace of its own and tells what came out, so that the same can be asked with the gate up.
 */
export interface Place {
  readonly kubectl: Kubectl;
  readonly namespace: string;
}

export interface Port {
  readonly name?: string;
  readonly port: number;
  readonly protocol: string;
  readonly nodePort?: number;
}

export interface Live {
  readonly metadata: {
    readonly name: string;
    readonly managedFields?: readonly {
      readonly fieldsV1?: { readonly 'f:spec'?: Readonly<Record<string, unknown>> };
    }[];
  };
  readonly spec: {
    readonly type: string;
    readonly ports: readonly Port[];
    readonly healthCheckNodePort?: number;
    readonly externalTrafficPolicy?: string;
  };
}

/** Of a step that has to succeed and prints JSON. */
async function printed(place: Place, step: Step): Promise<Live> {
  const { status, stdout, stderr } = await run(place.kubectl, place.namespace, step);
  if (status !== 0) throw new Error(`kubectl ${step.args.join(' ')}: ${stderr}`);
  return JSON.parse(stdout) as Live;
}

function asJson(step: Step, ...flags: readonly string[]): Step {
  return { ...step, args: [...step.args, '-o', 'json', ...flags] };
}

/** The node ports of a Service, in the order of its ports; 0 where there is none. */
export function numbersOf({ spec }: Live): readonly number[] {
  return spec.ports.map(({ nodePort: number }) => number ?? 0);
}

/** Rows 1, 6, 9, 10, 13: what a Service looks like once it is created. */
export function created(place: Place, spec: ServiceSpec, metadata?: Readonly<Record<string, unknown>>): Promise<Live> {
  return printed(place, asJson(create('web', spec, metadata)));
}

/** Rows 3, 3b, 20. */
export function dryRunOfCreate(place: Place, spec: ServiceSpec): Promise<Live> {
  return printed(place, asJson(create('web', spec), '--dry-run=server'));
}

/** Rows 3b, 8, 14: kubectl's words when a create is refused. */
export async function refusalOfCreate(place: Place, spec: ServiceSpec, ...flags: readonly string[]): Promise<string> {
  const { args, stdin = '' } = create('web', spec);
  const { status, stderr } = await run(place.kubectl, place.namespace, { args: [...args, ...flags], stdin });
  return status === 0 ? 'not refused' : stderr.trimEnd();
}

/** Row 2: numbers before and after a PUT of the manifest that leaves the number out. */
export async function replacedWithoutNumber(place: Place): Promise<readonly (readonly number[])[]> {
  const before = await created(place, asNodePort());
  const replace = { args: ['replace', '-f', '-'], stdin: manifest('web', asNodePort()) };
  return [numbersOf(before), numbersOf(await printed(place, asJson(replace)))];
}

/** Rows 11, 12: numbers of the first server-side apply, of the same again, and of one that renames the port. */
export async function appliedServerSide(place: Place): Promise<readonly (readonly number[])[]> {
  const apply = async (portName: string): Promise<readonly number[]> => {
    const spec = { type: 'NodePort', ports: [{ ...http(), name: portName, protocol: 'TCP' }] };
    const step = { args: ['apply', '--server-side', '-f', '-'], stdin: manifest('web', spec) };
    return numbersOf(await printed(place, asJson(step)));
  };
  return [await apply('http'), await apply('http'), await apply('renamed')];
}

/** Row 7: a NodePort Service with externalTrafficPolicy Local, after its type was patched. */
export async function changedToClusterIp(place: Place): Promise<Live> {
  await created(place, { ...asNodePort(), externalTrafficPolicy: 'Local' });
  const change = JSON.stringify({ spec: { type: 'ClusterIP' } });
  return printed(place, asJson({ args: ['patch', 'service', 'web', '--patch', change] }));
}

/** Row 15: what is left after a DELETE. */
export async function deleted(place: Place): Promise<string> {
  await created(place, asNodePort());
  await succeed(place.kubectl, ['delete', 'service', 'web', '-n', place.namespace]);
  return succeed(place.kubectl, ['get', 'services', '-o', 'name', '-n', place.namespace]);
}

/** Row 26: whether managedFields of the Service say who wrote the number of its first port. */
export async function hasOwnedNumber(place: Place, name: string): Promise<boolean> {
  const args = ['get', 'service', name, '-o', 'json', '--show-managed-fields', '-n', place.namespace];
  const text = await succeed(place.kubectl, args);
  return JSON.stringify((JSON.parse(text) as Live).metadata.managedFields).includes('"f:nodePort"');
}
