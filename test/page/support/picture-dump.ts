/** A cluster for pictures: small enough to take in, with one of everything that the page tells about. */
export const PICTURE_POLICY = `apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPolicy
metadata: {name: default}
spec:
  preset: restricted
  rules:
    node-port-range: {ranges: ["30000-32767"]}
    source-cidrs: {within: ["10.0.0.0/8", "203.0.113.0/24"]}
    external-traffic-policy: {require: Local, enforcement: warn}
---
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPool
metadata: {name: edge}
spec: {ports: ["30000-30099"], reserved: ["30000-30009"], namespaces: [ingress], contact: network@example.com, priority: 10}
---
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPool
metadata: {name: shop}
spec: {ports: ["30100-30349"], reserved: ["30150"], namespaces: [shop, payments], contact: shop-team@example.com, priority: 100}
---
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPool
metadata: {name: games}
spec: {ports: ["30350-30499"], namespaces: [games], contact: games@example.com, priority: 100}
---
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPool
metadata: {name: common}
spec: {ports: ["31000-31999"], namespaces: ["*"], contact: platform@example.com}
`;

const NODES = ['control-1', 'worker-1', 'worker-2', 'worker-3'];
const NAMES = ['web', 'api', 'gateway', 'ingest', 'billing', 'search', 'mail', 'auth', 'queue', 'reports'];
/** Of each namespace: the first number, how many numbers, how many Services. */
const NAMESPACES: readonly (readonly [string, number, number, number])[] = [
  ['ingress', 30_010, 90, 12],
  ['shop', 30_100, 130, 44],
  ['payments', 30_230, 110, 21],
  ['games', 30_350, 150, 58],
  ['erp', 31_000, 400, 40],
  ['observability', 31_400, 600, 33],
];

/** `kubectl get services,endpointslices,nodes,pods,namespaces -A -o json`, of that cluster. */
export function pictureDump(): string {
  const services = NAMESPACES.flatMap(([namespace, from, size, count]) =>
    Array.from({ length: count }, (_, index) => {
      const seed = index * 37 + from;
      const nodePort = from + ((index * 61 + 7) % size);
      return serviceOf({ namespace, name: nameOf(index), nodePort, seed });
    }),
  );
  const faults = [
    serviceOf({ namespace: 'games', name: 'lobby', nodePort: 22, seed: 5 }),
    serviceOf({ namespace: 'erp', name: 'legacy', nodePort: 32_101, seed: 6 }),
    serviceOf({ namespace: 'shop', name: 'checkout', nodePort: 30_107, seed: 3 }),
    {
      ...serviceOf({ namespace: 'games', name: 'mirror', nodePort: 30_117, seed: 0 }),
      spec: {
        type: 'ExternalName',
        externalName: 'mirror.example.com',
        ports: [{ name: 'http', port: 80, protocol: 'TCP', nodePort: 30_017 }],
      },
    },
  ];
  const items = [...services, ...faults, ...NODES.map(nodeOf), ...[...services, ...faults].map(sliceOf), AGENT];
  const namespaces = NAMESPACES.map(([name]) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [...items, ...namespaces] });
}

function nameOf(index: number): string {
  const name = NAMES[index % NAMES.length] ?? '';
  return index < NAMES.length ? name : `${name}-${Math.floor(index / NAMES.length) + 1}`;
}

interface Named {
  readonly namespace: string;
  readonly name: string;
  readonly nodePort: number;
  /** Anything; what is at fault follows from it. */
  readonly seed: number;
}

function serviceOf({ namespace, name, nodePort, seed }: Named) {
  const isOpen = seed % 6 === 5;
  const metadata = {
    namespace,
    name,
    uid: `${namespace}-${name}`,
    creationTimestamp: new Date(Date.UTC(2026, seed % 10, 1 + (seed % 27), seed % 24, seed % 60)).toISOString(),
    annotations: isOpen ? {} : { 'nodeport-gate.dev/source-cidrs': '10.0.0.0/8, 203.0.113.0/24' },
  };
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: {
      type: 'NodePort',
      externalTrafficPolicy: seed % 11 === 0 ? 'Cluster' : 'Local',
      selector: { app: name },
      ports: [{ name: 'http', port: 80, protocol: 'TCP', nodePort }],
    },
  };
}

function nodeOf(name: string, index: number): object {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name },
    status: { addresses: [{ type: 'InternalIP', address: `192.0.2.${index + 10}` }] },
  };
}

function sliceOf({ metadata: { namespace, name } }: Pick<ReturnType<typeof serviceOf>, 'metadata'>): object {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { namespace, name: `${name}-x`, labels: { 'kubernetes.io/service-name': name } },
    addressType: 'IPv4',
    endpoints: NODES.slice(1, 3).map((nodeName) => ({
      nodeName,
      addresses: ['10.0.0.1'],
      conditions: { ready: true },
    })),
    ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
  };
}

const AGENT = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    namespace: 'observability',
    name: 'agent-x7k2p',
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'agent', uid: '1', controller: true }],
  },
  spec: {
    nodeName: 'worker-1',
    containers: [
      { name: 'agent', image: 'agent', ports: [{ containerPort: 9100, hostPort: 31_100, protocol: 'TCP' }] },
    ],
  },
  status: { phase: 'Running' },
};
