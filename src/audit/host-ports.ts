import type { Inventory } from '../domain/inventory.ts';
import type { PortSet } from '../domain/port-set.ts';
import { formatRef } from '../domain/service.ts';
import type { RunningPod } from '../domain/snapshot.ts';
import { compareText, counted, printable } from '../domain/text.ts';
import type { HostPort } from '../domain/workload.ts';
import type { MappedHostPort } from '../report/port-map.ts';

/** Pods that one controller made alike: whatever is to be said about their ports is said once. */
export interface PodGroup {
  /** By name. */
  readonly pods: readonly [RunningPod, ...RunningPod[]];
}

/** The pods that take ports of their nodes, in their order, which is by namespace and name. */
export function likePods(pods: readonly RunningPod[]): readonly PodGroup[] {
  const withPorts = pods.filter(({ hostPorts }) => hostPorts.length > 0);
  const groups = new Map<string, [RunningPod, ...RunningPod[]]>();
  for (const pod of withPorts) {
    const key = JSON.stringify([pod.namespace, pod.owner ?? pod.name, pod.hostPorts]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [pod]);
    else group.push(pod);
  }
  return [...groups.values()].map((group) => ({ pods: group }));
}

/** How many more there are of the pod that stands for all of them. */
export function podNotices({ pods }: PodGroup): readonly string[] {
  const [{ owner }] = pods;
  if (owner === undefined || pods.length === 1) return [];
  return [`the same in ${counted(pods.length - 1, 'more pod')} of ${owner.kind} ${printable(owner.name)}`];
}

/** Those inside the node port range, each with the Services whose node port it is: kube-proxy takes their traffic. */
export function hostPortsOf(
  groups: readonly PodGroup[],
  inventory: Inventory,
  clusterPorts: PortSet,
): readonly MappedHostPort[] {
  return groups
    .flatMap(({ pods }) => {
      const [pod] = pods;
      return unique(pod.hostPorts)
        .filter(({ number }) => clusterPorts.has(number))
        .map((port) => mapped(port, pod, pods.length, holdersOf(port.number, port.protocol, inventory)));
    })
    .sort((a, b) => a.hostPort - b.hostPort || compareText(formatRef(a), formatRef(b)));
}

function mapped(
  { number, protocol, because }: HostPort,
  { kind, namespace, name, owner }: RunningPod,
  pods: number,
  holders: readonly string[],
): MappedHostPort {
  const maker = owner ?? { kind, name };
  return { hostPort: number, protocol, because, kind: maker.kind, namespace, name: maker.name, pods, holders };
}

/** The Services whose node port it is: kube-proxy looks at the protocol, too. */
export function holdersOf(number: number, protocol: string, inventory: Inventory): readonly string[] {
  const holders = inventory.holdersOf(number).filter((held) => held.protocol === protocol);
  return [...new Set(holders.map(formatRef))].sort(compareText);
}

/** Two containers of a pod may name the same port. */
function unique(ports: readonly HostPort[]): readonly HostPort[] {
  return [...new Map(ports.map((port) => [`${port.number}/${port.protocol}`, port])).values()];
}
