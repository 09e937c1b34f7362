import { isJsonObject, type Json, type JsonObject, own } from '../domain/json.ts';
import { type Path, textAt, valueAt } from '../domain/path.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import type { RunningPod } from '../domain/snapshot.ts';
import { complain, isUnset, objectField, type Reading, startReading } from './fields.ts';
import { annotationsRead, keptTexts, picked } from './kept-texts.ts';
import { found, type WireProblem } from './problem.ts';
import { CONTAINERS, readPod } from './workload.ts';

/** Their containers have ended for good, so they take nothing on their node any more. */
const ENDED: ReadonlySet<string> = new Set(['Succeeded', 'Failed']);

/** Undefined for a pod that has ended. What nobody asks for is left out: there may be tens of thousands. */
export function readRunningPod(value: JsonObject): Result<RunningPod | undefined, WireProblem> {
  if (ENDED.has(textAt(value, ['status', 'phase']))) return ok(undefined);
  const faults = shapeFaults(value);
  if (faults.length > 0) return failed(faults);
  const read = readPod(keptOf(value), { path: '', namespace: '' });
  if (!read.ok) return read;
  return ok({ ...read.value, owner: ownerOf(value) });
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
  if (kind === '' || kind === 'Node') return undefined;
  const hash = `-${textAt(pod, ['metadata', 'labels', 'pod-template-hash'])}`;
  const isOfDeployment = kind === 'ReplicaSet' && hash !== '-' && name.endsWith(hash) && name !== hash;
  return isOfDeployment
    ? { apiVersion, kind: 'Deployment', name: name.slice(0, -hash.length) }
    : { apiVersion, kind, name };
}
