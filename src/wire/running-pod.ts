import { isJsonObject, type Json, type JsonObject, own } from '../domain/json.ts';
import { type Path, textAt, valueAt } from '../domain/path.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import type { RunningPod } from '../domain/snapshot.ts';
import { complain, isUnset, objectField, type Reading, startReading } from './fields.ts';
import { annotationsRead, keptTexts, picked } from './kept-texts.ts';
import { found, type WireProblem } from './problem.ts';
import { CONTAINERS, isWorkloadKind, readPod } from './workload.ts';

/** Their containers have ended for good, so they take nothing on their node any more. */
const ENDED: ReadonlySet<string> = new Set(['Succeeded', 'Failed']);

/** No honest pod comes near; thousands of pods that do would be all that an audit has to say. */
const MOST_HOST_PORTS = 1_000;

/**
 * Undefined for a pod that is on no node, yet or any more: it takes nothing there. What nobody asks for is left out: there may
 * be tens of thousands.
 */
export function readRunningPod(value: JsonObject): Result<RunningPod | undefined, WireProblem> {
  if (ENDED.has(textAt(value, ['status', 'phase']))) return ok(undefined);
  const faults = shapeFaults(value);
  if (faults.length > 0) return failed(faults);
  const read = readPod(keptOf(value), { path: '', namespace: '' });
  if (!read.ok) return read;
  const nodeName = textAt(value, ['spec', 'nodeName']);
  if (nodeName === '') return ok(undefined);
  const { length } = read.value.hostPorts;
  if (length > MOST_HOST_PORTS) {
    const message = `${length} ports of its node are more than are read; take at most ${MOST_HOST_PORTS}`;
    return failed([{ path: 'spec.containers', message }]);
  }
  return ok({ ...read.value, nodeName, owner: ownerOf(value) });
}

/** Reading passes over what is no pod at all; but what such a one takes on its node is not known, and that must be told. */
function shapeFaults(pod: JsonObject): readonly WireProblem[] {
  const reading = startReading('');
  const spec = objectField(reading, pod, 'spec');
  if (isUnset(own(pod, 'spec'))) complain(reading, 'spec', 'this is missing; write what the pod runs');
  for (const list of CONTAINERS) {
    reading.parent = 'spec';
    const containers = objectsIn(reading, spec, list);
    for (const [index, container] of containers.entries()) {
      reading.parent = `spec.${list}[${index}]`;
      objectsIn(reading, container, 'ports');
    }
  }
  return reading.problems;
}

function objectsIn(reading: Reading, object: JsonObject, key: string): readonly JsonObject[] {
  const value = own(object, key);
  if (isUnset(value)) return [];
  if (!Array.isArray(value)) {
    complain(reading, key, `${found(value)}; write a list`);
    return [];
  }
  const items: readonly Json[] = value;
  items.forEach((item, index) => {
    if (!isJsonObject(item)) complain(reading, `${key}[${index}]`, `${found(item)}; write an object`);
  });
  return items.filter((item) => isJsonObject(item));
}

function keptOf(pod: JsonObject): JsonObject {
  const hostNetwork = valueAt(pod, ['spec', 'hostNetwork']) === true;
  const metadata = objectAt(pod, ['metadata']);
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      namespace: textAt(pod, ['metadata', 'namespace']),
      name: textAt(pod, ['metadata', 'name']),
      ...keptTexts(metadata, 'labels'),
      ...keptTexts(metadata, 'annotations', annotationsRead),
    },
    spec: {
      hostNetwork,
      ...Object.fromEntries(
        CONTAINERS.map((list) => [list, containersOf(valueAt(pod, ['spec', list]), hostNetwork)] as const),
      ),
    },
  };
}

function objectAt(root: JsonObject, path: Path): JsonObject {
  const value = valueAt(root, path);
  return isJsonObject(value) ? value : {};
}

/** Containers and ports keep their places: findings name them. */
function containersOf(containers: unknown, hostNetwork: boolean): readonly Json[] {
  if (!Array.isArray(containers)) return [];
  return containers.map((container) => {
    const ports = valueAt(container, ['ports']);
    if (!Array.isArray(ports)) return {};
    return { ports: ports.map((port: Json) => keptPort(port, hostNetwork)) };
  });
}

const NOT_ON_HOST: JsonObject = Object.freeze({});

/** Under hostNetwork the API server fills in `hostPort`; what the author wrote, and can change, is the container's port. */
function keptPort(port: Json, hostNetwork: boolean): Json {
  if (!isJsonObject(port)) return port;
  if (hostNetwork) return picked(port, ['containerPort', 'protocol']);
  return (own(port, 'hostPort') ?? 0) === 0 ? NOT_ON_HOST : picked(port, ['hostPort', 'containerPort', 'protocol']);
}

/** The API server does not check what a pod says of its owner: whoever may create pods could name anything, at any length. */
const OBJECT_NAME = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/;
const API_VERSION = /^(?=.{1,253}$)(?:[a-z0-9][a-z0-9.-]*\/)?v[0-9][a-z0-9]*$/;
const KIND = /^[A-Z][A-Za-z0-9]{0,62}$/;

/** Whether it is a kind that can make pods: one of Kubernetes itself that does, or a custom one. */
function isMaker(apiVersion: string, kind: string): boolean {
  if (!API_VERSION.test(apiVersion) || !KIND.test(kind)) return false;
  return isWorkloadKind(kind) || !/^(?:v|apps\/|batch\/)/.test(apiVersion);
}

/**
 * The Deployment behind a ReplicaSet is in no field of the pod, but its name is: ReplicaSets are called NAME-HASH. A static
 * pod is its own: the node that is called its owner did not make it.
 */
function ownerOf(pod: JsonObject): RunningPod['owner'] {
  const owners = valueAt(pod, ['metadata', 'ownerReferences']);
  const controller: unknown = Array.isArray(owners)
    ? owners.find((owner) => valueAt(owner, ['controller']) === true)
    : undefined;
  const apiVersion = textAt(controller, ['apiVersion']);
  const [kind, name] = [textAt(controller, ['kind']), textAt(controller, ['name'])];
  if (!isMaker(apiVersion, kind) || !OBJECT_NAME.test(name)) return undefined;
  const hash = `-${textAt(pod, ['metadata', 'labels', 'pod-template-hash'])}`;
  const isOfDeployment = kind === 'ReplicaSet' && hash !== '-' && name.endsWith(hash) && name !== hash;
  return isOfDeployment
    ? { apiVersion, kind: 'Deployment', name: name.slice(0, -hash.length) }
    : { apiVersion, kind, name };
}
