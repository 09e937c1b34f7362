import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A Service for a dump; what is not said is as the API server would have it. */
export interface DumpedService {
  readonly namespace: string;
  readonly name: string;
  readonly nodePort: number;
  readonly type?: string;
  readonly protocol?: string;
  readonly port?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly local?: boolean;
}

const SOURCES = { 'nodeport-gate.dev/source-cidrs': '10.0.0.0/8' };

/** Writes what `kubectl get services -A -o json` prints, and gives back the path. */
function writeDump(directory: string, services: readonly DumpedService[]): string {
  const path = join(directory, 'inventory.json');
  writeFileSync(path, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: services.map(dumped) }));
  return path;
}

function dumped({ namespace, name, nodePort, ...rest }: DumpedService): object {
  const { type = 'NodePort', protocol = 'TCP', port = 'http', annotations = SOURCES, local = true } = rest;
  const isExternalName = type === 'ExternalName';
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace, name, annotations, creationTimestamp: '2026-10-01T08:00:00Z', uid: `${namespace}-${name}` },
    spec: {
      type,
      ...(isExternalName
        ? { externalName: 'example.com' }
        : { externalTrafficPolicy: local ? 'Local' : 'Cluster', selector: { app: name } }),
      ports: [{ name: port, port: 80, protocol, nodePort }],
    },
  };
}

/** As many as a range of 2,768 numbers has room for with two protocols, in a few namespaces, some of them at fault. */
export function manyServices(count: number): readonly DumpedService[] {
  return Array.from({ length: count }, (_, index) => ({
    namespace: ['shop', 'team-a', 'team-b', 'payments', 'observability'][index % 5] ?? '',
    name: `${['web', 'api', 'queue', 'mail'][index % 4] ?? ''}-${index}`,
    nodePort: 30_000 + (index % 2768),
    protocol: index < 2768 ? 'TCP' : 'UDP',
    ...(index % 7 === 0 && { annotations: {} }),
    ...(index % 3 === 0 && { local: false }),
  }));
}

const POLICY = `apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPolicy
metadata: {name: default}
spec:
  preset: restricted
  rules:
    node-port-range: {ranges: ["30000-32767"]}
    source-cidrs: {enforcement: warn}
---
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPool
metadata: {name: shop}
spec: {ports: ["30000-30099"], reserved: ["30050-30059"], namespaces: [shop], contact: shop@example.com, priority: 10}
---
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPool
metadata: {name: team-a}
spec: {ports: ["30100-30249"], namespaces: ["team-*"], contact: team-a@example.com}
---
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPool
metadata: {name: rest}
spec: {ports: ["31000-31999"], namespaces: ["*"]}
`;

/** A gate's flags for a dump, both written below a directory. */
export function gateFlags(directory: string, services: readonly DumpedService[]): readonly string[] {
  const policy = join(directory, 'policy.yaml');
  writeFileSync(policy, POLICY);
  return ['--inventory', writeDump(directory, services), '--policy', policy];
}
