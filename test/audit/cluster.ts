import type { JsonObject } from '../../src/domain/json.ts';
import type { AnsweringEndpoints, ClusterNode } from '../../src/domain/reach.ts';
import type { ServiceRef } from '../../src/domain/service.ts';
import type { RunningPod, Snapshot } from '../../src/domain/snapshot.ts';
import { compareText } from '../../src/domain/text.ts';
import { serviceOf, workloadOf } from '../support/manifest.ts';

/** A cluster of these Services (manifests); the rest is as little as possible, but known. */
export function snapshotOf(services: readonly JsonObject[], rest: Partial<Snapshot> = {}): Snapshot {
  return {
    services: services.map((each) => serviceOf(each)).sort(byName),
    namespaceLabels: new Map(),
    nodes: [],
    endpoints: [],
    pods: [],
    notKnown: [],
    ...rest,
  };
}

/** A Service with one port; `numbers` are its node ports, one port each. */
export function service(
  ref: string,
  spec: JsonObject & { readonly numbers?: readonly number[] },
  annotations: JsonObject = {},
): JsonObject {
  const [namespace = '', name = ''] = ref.split('/');
  const { numbers = [], ...more } = spec;
  const ports = numbers.map((nodePort, index) => ({ name: `p${index}`, port: 80 + index, nodePort }));
  return { metadata: { namespace, name, annotations }, spec: { type: 'NodePort', ports, ...more } };
}

/** A pod of a DaemonSet, or of its own, that takes these ports of its node. */
export function pod(ref: string, ports: readonly JsonObject[], owner?: string): RunningPod {
  const [namespace = '', name = ''] = ref.split('/');
  const workload = workloadOf({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace, name },
    spec: { containers: [{ name: 'main', ports }] },
  });
  return {
    ...workload,
    nodeName: 'a',
    owner: owner === undefined ? undefined : { apiVersion: 'apps/v1', kind: 'DaemonSet', name: owner },
  };
}

export function nodes(...names: readonly string[]): readonly ClusterNode[] {
  return names.map((name, index) => ({ name, addresses: [`192.0.2.${index + 1}`] }));
}

export function readyOn(ref: string, ...names: readonly string[]): AnsweringEndpoints {
  const [namespace = '', name = ''] = ref.split('/');
  return { service: { namespace, name }, nodes: names };
}

function byName(a: ServiceRef, b: ServiceRef): number {
  return compareText(a.namespace, b.namespace) || compareText(a.name, b.name);
}
