import { isJsonObject, type Json, type JsonObject } from '../domain/json.ts';
import { textAt, valueAt } from '../domain/path.ts';
import { ok, type Result } from '../domain/result.ts';
import type { RunningPod } from '../domain/snapshot.ts';
import type { WireProblem } from './problem.ts';
import { CONTAINERS, readPod } from './workload.ts';

/** Their containers have ended for good, so they take nothing on their node any more. */
const ENDED: ReadonlySet<string> = new Set(['Succeeded', 'Failed']);

/** Of what the gate itself reads; others may be as long as they like. */
const OWN_ANNOTATION = 'nodeport-gate.dev/';

/** Undefined for a pod that has ended. What nobody asks for is left out: there may be tens of thousands. */
export function readRunningPod(value: JsonObject): Result<RunningPod | undefined, WireProblem> {
  if (ENDED.has(textAt(value, ['status', 'phase']))) return ok(undefined);
  const read = readPod(keptOf(value), { path: '', namespace: '' });
  if (!read.ok) return read;
  return ok({ ...read.value, nodeName: textAt(value, ['spec', 'nodeName']), owner: ownerOf(value) });
}

function keptOf(pod: JsonObject): JsonObject {
  const hostNetwork = valueAt(pod, ['spec', 'hostNetwork']) === true;
  const annotations = entriesAt(pod, 'metadata', 'annotations').filter(([key]) => key.includes(OWN_ANNOTATION));
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      namespace: textAt(pod, ['metadata', 'namespace']),
      name: textAt(pod, ['metadata', 'name']),
      labels: Object.fromEntries(entriesAt(pod, 'metadata', 'labels')),
      annotations: Object.fromEntries(annotations),
    },
    spec: {
      hostNetwork,
      ...Object.fromEntries(
        CONTAINERS.map((list) => [list, containersOf(valueAt(pod, ['spec', list]), hostNetwork)] as const),
      ),
    },
  };
}

function entriesAt(pod: JsonObject, parent: string, key: string): readonly [string, Json][] {
  const value = valueAt(pod, [parent, key]);
  return isJsonObject(value) ? Object.entries(value) : [];
}

/** Containers keep their places: findings name them. */
function containersOf(containers: unknown, hostNetwork: boolean): readonly Json[] {
  if (!Array.isArray(containers)) return [];
  return containers.map((container) => {
    const ports = valueAt(container, ['ports']);
    if (!Array.isArray(ports)) return {};
    return { ports: hostNetwork ? ports.map(withoutHostPort) : ports };
  });
}

/** Under hostNetwork the API server fills it in; what the author wrote, and can change, is the container's port. */
function withoutHostPort(port: Json): Json {
  return isJsonObject(port) ? Object.fromEntries(Object.entries(port).filter(([key]) => key !== 'hostPort')) : port;
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
  const [kind, name] = [textAt(controller, ['kind']), textAt(controller, ['name'])];
  if (kind === '' || kind === 'Node') return undefined;
  const hash = `-${textAt(pod, ['metadata', 'labels', 'pod-template-hash'])}`;
  const isOfDeployment = kind === 'ReplicaSet' && hash !== '-' && name.endsWith(hash) && name !== hash;
  return isOfDeployment ? { kind: 'Deployment', name: name.slice(0, -hash.length) } : { kind, name };
}
