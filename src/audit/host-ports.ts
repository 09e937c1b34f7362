import type { Inventory } from '../domain/inventory.ts';
import type { PortSet } from '../domain/port-set.ts';
import { formatRef } from '../domain/service.ts';
import type { RunningPod } from '../domain/snapshot.ts';
import { compareText, counted, printable } from '../domain/text.ts';
import type { Verdict } from '../domain/verdict.ts';
import type { HostPort, Workload } from '../domain/workload.ts';
import type { MappedHostPort } from '../report/port-map.ts';
import { mappedFindings } from './mapped-findings.ts';

/** Pods that one controller made alike: whatever is to be said about their ports is said once. */
export interface PodGroup {
  /** By name. */
  readonly pods: readonly [RunningPod, ...RunningPod[]];
  /**
   * What made them, with the paths that its manifest has, so that a finding is the same one as in `check`, and the same after
   * every rollout; a pod that nothing made is itself.
   */
  readonly workload: Workload;
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
  return [...groups.values()].map((group) => ({ pods: group, workload: makerOf(group[0]) }));
}

function makerOf(pod: RunningPod): Workload {
  const { owner, raw, hostPorts } = pod;
  if (owner === undefined) return pod;
  return {
    ...pod,
    ...owner,
    raw: { spec: { template: raw } },
    hostPorts: hostPorts.map((port) => ({ ...port, path: ['spec', 'template', ...port.path] })),
  };
}

/** Which pods they are, where that is not plain. */
export function podNotices({ pods }: PodGroup): readonly string[] {
  const [{ owner, name }] = pods;
  return owner === undefined ? [] : [`runs as ${counted(pods.length, 'pod')}, such as ${printable(name)}`];
}

/** Those inside the node port range, each with the Services whose node port it is, and with what the policy says of it. */
export function hostPortsOf(
  groups: readonly { readonly group: PodGroup; readonly verdict: Verdict }[],
  inventory: Inventory,
  clusterPorts: PortSet,
): readonly MappedHostPort[] {
  return groups
    .flatMap(({ group: { pods, workload }, verdict }) =>
      unique(workload.hostPorts)
        .filter(({ number }) => clusterPorts.has(number))
        .map((port) => mapped(port, workload, pods.length, { inventory, verdict })),
    )
    .sort((a, b) => a.hostPort - b.hostPort || compareText(formatRef(a), formatRef(b)));
}

function mapped(
  { number, protocol, because }: HostPort,
  { kind, namespace, name }: Workload,
  pods: number,
  { inventory, verdict }: { readonly inventory: Inventory; readonly verdict: Verdict },
): MappedHostPort {
  const holders = holdersOf(number, protocol, inventory);
  const findings = mappedFindings(verdict).filter(({ nodePort = number }) => nodePort === number);
  return { hostPort: number, protocol, because, kind, namespace, name, pods, holders, findings };
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
