import { isJsonObject, type JsonObject, own } from '../domain/json.ts';
import { formatPath, type Path, textAt, valueAt } from '../domain/path.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import type { HostPort, Workload } from '../domain/workload.ts';
import { int32Field, type Reading, startReading } from './fields.ts';
import type { WireProblem } from './problem.ts';

export interface WorkloadReadOptions {
  /** Goes before every path in a problem; empty for a document of its own. */
  readonly path: string;
  /** Where `metadata.namespace` is empty. */
  readonly namespace: string;
}

/** What sets one kind apart from the others. */
interface Kind {
  /** Where the pod, or the template of one, stands: what has `metadata` and `spec`. */
  readonly pod: Path;
  /** How many pods it asks for where `spec.replicas` is not set; undefined for kinds without that field. */
  readonly replicas?: number | 'unknown';
  /** It has no field for the number: there is one. */
  readonly isOne?: true;
}

const TEMPLATE: Path = ['spec', 'template'];

const POD: Kind = { pod: [], isOne: true };

/** By `apiVersion kind`. */
const KINDS: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ['v1 Pod', POD],
  ['v1 PodTemplate', { pod: ['template'] }],
  ['v1 ReplicationController', { pod: TEMPLATE, replicas: 1 }],
  ['apps/v1 DaemonSet', { pod: TEMPLATE }],
  ['apps/v1 Deployment', { pod: TEMPLATE, replicas: 1 }],
  ['apps/v1 ReplicaSet', { pod: TEMPLATE, replicas: 1 }],
  ['apps/v1 StatefulSet', { pod: TEMPLATE, replicas: 1 }],
  ['batch/v1 CronJob', { pod: ['spec', 'jobTemplate', 'spec', 'template'] }],
  ['batch/v1 Job', { pod: TEMPLATE }],
]);

const KIND_NAMES: ReadonlySet<string> = new Set(Array.from(KINDS.keys(), (key) => key.slice(key.indexOf(' ') + 1)));

/** Of Kubernetes itself, whatever its apiVersion is. */
export function isWorkloadKind(kind: string): boolean {
  return KIND_NAMES.has(kind);
}

/** Their kinds are all known. */
const KNOWN_GROUPS: ReadonlySet<string> = new Set(['', 'apps', 'batch']);

/** Of custom resources (`Rollout`, `CloneSet`): what looks like a pod template in the usual place is one. */
const CUSTOM: Kind = { pod: TEMPLATE, replicas: 'unknown' };

/** The fields of a pod that list containers. */
export const CONTAINERS = ['initContainers', 'containers', 'ephemeralContainers'];

/**
 * Reads a Pod, or an object with a pod template, custom resources among them; undefined for anything else. Only its ports on the nodes are judged, so a
 * wrong type is a problem there and means "not set" everywhere else: the API server finds it without our help.
 */
export function readWorkload(
  value: JsonObject,
  { path, namespace }: WorkloadReadOptions,
): Result<Workload, WireProblem> | undefined {
  const apiVersion = textAt(value, ['apiVersion']);
  const kind = textAt(value, ['kind']);
  const facts = KINDS.get(`${apiVersion} ${kind}`) ?? customKind(apiVersion, value);
  return facts === undefined ? undefined : readAs(facts, value, { path, namespace });
}

/** The same of what is known to be a Pod. */
export function readPod(value: JsonObject, options: WorkloadReadOptions): Result<Workload, WireProblem> {
  return readAs(POD, value, options);
}

function readAs(
  facts: Kind,
  value: JsonObject,
  { path, namespace }: WorkloadReadOptions,
): Result<Workload, WireProblem> {
  const kind = textAt(value, ['kind']);
  const reading = startReading(path);
  const workload = {
    apiVersion: textAt(value, ['apiVersion']),
    kind,
    namespace: textAt(value, ['metadata', 'namespace']) || namespace,
    name: textAt(value, ['metadata', 'name']),
    generateName: textAt(value, ['metadata', 'generateName']),
    annotations: textsAt(value, ['metadata', 'annotations']),
    podLabels: textsAt(value, [...facts.pod, 'metadata', 'labels']),
    replicas: replicasOf(value, facts),
    isOnEveryNode: kind === 'DaemonSet' && !isKeptFromNodes(valueAt(value, [...facts.pod, 'spec'])),
    hostPorts: hostPortsOf(reading, value, [...facts.pod, 'spec']),
    raw: value,
  };
  return reading.problems.length === 0 ? ok(workload) : failed(reading.problems);
}

function customKind(apiVersion: string, value: JsonObject): Kind | undefined {
  const [group = ''] = apiVersion.includes('/') ? apiVersion.split('/') : [];
  if (KNOWN_GROUPS.has(group)) return undefined;
  return Array.isArray(valueAt(value, [...CUSTOM.pod, 'spec', 'containers'])) ? CUSTOM : undefined;
}

function replicasOf(value: JsonObject, { replicas, isOne }: Kind): number | undefined {
  if (isOne === true) return 1;
  if (replicas === undefined) return undefined;
  const written = valueAt(value, ['spec', 'replicas']);
  if (typeof written === 'number') return written;
  return replicas === 'unknown' ? undefined : replicas;
}

/** Taints are not looked at: whether they keep the pods away depends on the nodes. */
function isKeptFromNodes(podSpec: unknown): boolean {
  const selector = valueAt(podSpec, ['nodeSelector']);
  const affinity = valueAt(podSpec, ['affinity', 'nodeAffinity', 'requiredDuringSchedulingIgnoredDuringExecution']);
  return (
    textAt(podSpec, ['nodeName']) !== '' ||
    (isJsonObject(selector) && Object.keys(selector).length > 0) ||
    isJsonObject(affinity)
  );
}

function hostPortsOf(reading: Reading, value: JsonObject, podSpec: Path): readonly HostPort[] {
  const onHostNetwork = valueAt(value, [...podSpec, 'hostNetwork']) === true;
  return CONTAINERS.flatMap((list) =>
    listAt(value, [...podSpec, list]).flatMap((container, index) => {
      const path = [...podSpec, list, index, 'ports'];
      reading.parent = formatPath(path);
      return listAt(container, ['ports']).flatMap((port, position) => {
        reading.index = position;
        return isJsonObject(port) ? readPort(reading, port, [...path, position], onHostNetwork) : [];
      });
    }),
  );
}

/** One, or none. */
function readPort(reading: Reading, port: JsonObject, path: Path, onHostNetwork: boolean): readonly HostPort[] {
  const protocol = textAt(port, ['protocol']) || 'TCP';
  const hostPort = int32Field(reading, port, 'hostPort');
  if (hostPort !== 0) return [{ number: hostPort, protocol, path: [...path, 'hostPort'], because: 'hostPort' }];
  const number = own(port, 'containerPort');
  if (!onHostNetwork || !isPositiveInteger(number)) return [];
  return [{ number, protocol, path: [...path, 'containerPort'], because: 'hostNetwork' }];
}

function isPositiveInteger(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0;
}

/** What is no string is left out. */
function textsAt(value: unknown, path: Path): Readonly<Record<string, string>> {
  const found = valueAt(value, path);
  if (!isJsonObject(found)) return {};
  return Object.fromEntries(
    Object.entries(found).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function listAt(value: unknown, path: Path): readonly unknown[] {
  const found = valueAt(value, path);
  return Array.isArray(found) ? found : [];
}
