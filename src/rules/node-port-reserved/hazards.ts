import type { PortRange } from '../../domain/port-set.ts';

/** Ports on which the nodes of a cluster themselves listen, or the network between them runs. */
export interface Hazard extends PortRange {
  /** What is behind it, as it reads after "reserved for". */
  readonly owner: string;
}

/**
 * The first entry that contains a number names its owner. Whatever the protocol: the API server's allocator does not tell
 * protocols apart either. Kubernetes' own numbers: kubernetes.io "Ports and Protocols", pkg/cluster/ports/ports.go and
 * k8s.io/cloud-provider/ports.go.
 */
const HAZARDS: readonly Hazard[] = [
  { from: 22, to: 22, owner: 'SSH' },
  { from: 53, to: 53, owner: 'DNS' },
  { from: 111, to: 111, owner: 'rpcbind' },
  { from: 179, to: 179, owner: 'BGP' },
  { from: 2379, to: 2380, owner: 'etcd' },
  { from: 4240, to: 4240, owner: 'the Cilium health check' },
  { from: 4244, to: 4244, owner: 'Cilium Hubble' },
  { from: 4789, to: 4789, owner: 'VXLAN' },
  { from: 5473, to: 5473, owner: 'Calico Typha' },
  { from: 6443, to: 6443, owner: 'kube-apiserver' },
  { from: 7946, to: 7946, owner: 'MetalLB speakers' },
  { from: 8472, to: 8472, owner: 'VXLAN (Flannel, Cilium)' },
  { from: 9099, to: 9099, owner: 'the Calico Felix health check' },
  { from: 10_248, to: 10_248, owner: 'the kubelet health check' },
  { from: 10_249, to: 10_249, owner: 'kube-proxy metrics' },
  { from: 10_250, to: 10_250, owner: 'the kubelet API' },
  { from: 10_255, to: 10_255, owner: 'the read-only kubelet API' },
  { from: 10_256, to: 10_256, owner: 'the kube-proxy health check' },
  { from: 10_257, to: 10_257, owner: 'kube-controller-manager' },
  { from: 10_258, to: 10_258, owner: 'cloud-controller-manager' },
  { from: 10_259, to: 10_259, owner: 'kube-scheduler' },
  { from: 10_260, to: 10_260, owner: 'cloud-controller-manager webhooks' },
  { from: 10_248, to: 10_260, owner: 'Kubernetes components' },
];

export function hazardAt(number: number): Hazard | undefined {
  return HAZARDS.find(({ from, to }) => from <= number && number <= to);
}
