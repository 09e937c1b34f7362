import type { Cluster } from './cluster.ts';

export const SERVICES = 5_000;
export const PODS = 5_000;
/** As many Services have a node port, so that nearly all of the range is held; not the one that the review asks for. */
const NODE_PORTS = 2_500;
const FIRST_NUMBER = 30_000;
const REVIEWED_NUMBER = 30_443;
const NAMESPACES = 50;
const NODES = 100;

type Asked = readonly (readonly [path: string, body: string])[];

/** Services, one pod and one EndpointSlice for each of them, and nodes: what an audit lists. */
export async function fillCluster({ askAll }: Cluster): Promise<void> {
  await askAll('POST', times(NAMESPACES, namespace));
  await askAll('POST', times(NODES, node));
  await askAll('POST', times(SERVICES, service));
  await askAll('POST', times(PODS, pod));
  await askAll('POST', times(SERVICES, endpointSlice));
}

function times(count: number, make: (index: number) => readonly [string, object]): Asked {
  return Array.from({ length: count }, (_, index) => {
    const [path, object] = make(index);
    return [path, JSON.stringify(object)];
  });
}

function namespaceOf(index: number): string {
  return `team-${index % NAMESPACES}`;
}

function namespace(index: number): readonly [string, object] {
  const name = namespaceOf(index);
  return ['/api/v1/namespaces', { metadata: { name, labels: { team: name } } }];
}

function node(index: number): readonly [string, object] {
  const addresses = [{ type: 'InternalIP', address: `10.1.0.${index}` }];
  return ['/api/v1/nodes', { metadata: { name: `node-${index}` }, status: { addresses } }];
}

function service(index: number): readonly [string, object] {
  const name = `service-${index}`;
  const number = FIRST_NUMBER + index;
  const hasNodePort = index < NODE_PORTS && number !== REVIEWED_NUMBER;
  const type = hasNodePort ? 'NodePort' : 'ClusterIP';
  const ports = [{ name: 'http', port: 80, targetPort: 8080, ...(hasNodePort && { nodePort: number }) }];
  const spec = { type, selector: { 'app.kubernetes.io/name': name }, ports };
  return [`/api/v1/namespaces/${namespaceOf(index)}/services`, { metadata: { name, labels: labelsOf(name) }, spec }];
}

/** With as much text in it as pods have. */
function pod(index: number): readonly [string, object] {
  const env = Array.from({ length: 40 }, (_, item) => ({
    name: `SETTING_${item}`,
    value: `value ${item} of ${index}`,
  }));
  const containers = ['main', 'proxy'].map((name) => ({
    name,
    image: `registry.example.com/shop/${name}:1.2.3`,
    ports: [{ name: `http-${name}`, containerPort: name === 'main' ? 8080 : 8081 }],
    env,
  }));
  const metadata = { name: `service-${index}-0`, labels: labelsOf(`service-${index}`) };
  const spec = { nodeName: `node-${index % NODES}`, containers };
  return [`/api/v1/namespaces/${namespaceOf(index)}/pods`, { metadata, spec }];
}

function endpointSlice(index: number): readonly [string, object] {
  const name = `service-${index}`;
  const slice = {
    metadata: { name: `${name}-0`, labels: { 'kubernetes.io/service-name': name } },
    addressType: 'IPv4',
    endpoints: [{ addresses: ['10.2.0.1'], nodeName: `node-${index % NODES}`, conditions: { ready: true } }],
    ports: [{ name: 'http', port: 8080 }],
  };
  return [`/apis/discovery.k8s.io/v1/namespaces/${namespaceOf(index)}/endpointslices`, slice];
}

function labelsOf(name: string): Readonly<Record<string, string>> {
  return { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': 'shop' };
}
