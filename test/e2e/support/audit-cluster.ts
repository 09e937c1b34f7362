import type { ApiConnection } from './api-connection.ts';

/**
 * A cluster of two nodes in which everything is in order, but for what is planted here: each fault once, in a Service or Pod that
 * is called by it. `audit.test.ts` has what an audit must say of each.
 */
export const POLICY = `apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPolicy
metadata: {name: default}
spec:
  match: {excludeNamespaces: [kube-system]}
  preset: restricted
---
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPool
metadata: {name: teams}
spec: {ports: ["30100-32099"], namespaces: ["team-*"], contact: teams@example.com}
---
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPool
metadata: {name: odd}
spec: {ports: ["32100-32199"], reserved: ["32199"], namespaces: [odd], contact: odd@example.com}
---
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPool
metadata: {name: shop}
spec: {ports: ["32300-32309"], namespaces: [shop]}
---
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortException
metadata: {name: legacy}
spec:
  rules: [source-cidrs]
  namespaces: [odd]
  services: [excused]
  ports: ["32185"]
  reason: vendor appliance
  ticket: OPS-1
  expires: 2099-12-31
`;

/** The shop has to leave two of its numbers, and nobody reserves one any more. */
export const OTHER_POLICY = POLICY.replace('reserved: ["32199"], ', '').replace('"32300-32309"', '"32302-32309"');

export const NODES = ['node-1', 'node-2'] as const;
const TEAMS = 10;
/** Of each team, by what they are. */
const NODE_PORTS = 110;
const OTHERS = 90;
/** Services in order, and the one that every cluster has. */
export const CLEAN = TEAMS * (NODE_PORTS + OTHERS);
/** Node ports of the Services in order: one for each NodePort, and one for each health check. */
export const CLEAN_PORTS = TEAMS * (NODE_PORTS + OTHERS / 9);

interface Manifest {
  readonly metadata: { readonly name: string; readonly [field: string]: unknown };
  readonly [field: string]: unknown;
}

const CLOSED = { 'nodeport-gate.dev/source-cidrs': '10.0.0.0/8' };

function service(name: string, spec: object, annotations: object = CLOSED): Manifest {
  const ports = [{ name: 'http', port: 80 }];
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, annotations }, spec: { ports, ...spec } };
}

function numbered(...numbers: readonly number[]): object {
  return { ports: numbers.map((nodePort, index) => ({ name: `p${index}`, port: 80 + index, nodePort })) };
}

const LOCAL = { externalTrafficPolicy: 'Local' };

/** Nothing is wrong with it, as long as the number is one of its namespace. */
function open(name: string, number: number, spec: object = {}, annotations?: object): Manifest {
  return service(name, { type: 'NodePort', ...LOCAL, ...numbered(number), ...spec }, annotations);
}

function carrying(name: string, number: number, annotations?: object): Manifest {
  return service(name, { type: 'ExternalName', externalName: 'example.com', ...numbered(number) }, annotations);
}

/** Only its health check has a number. */
function balancer(name: string, healthCheckNodePort: number): Manifest {
  return service(name, { type: 'LoadBalancer', ...LOCAL, allocateLoadBalancerNodePorts: false, healthCheckNodePort });
}

function endpoints(name: string, nodes: readonly string[], isReady = true): Manifest {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: `${name}-x`, labels: { 'kubernetes.io/service-name': name } },
    addressType: 'IPv4',
    endpoints: nodes.map((nodeName, index) => ({
      addresses: [`10.244.0.${index + 1}`],
      nodeName,
      conditions: { ready: isReady },
    })),
    ports: [{ name: 'http', port: 80 }],
  };
}

function pod(name: string, nodeName: string, spec: object, owner?: object): Manifest {
  const controller = { apiVersion: 'apps/v1', uid: '0', controller: true, ...owner };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      labels: { 'pod-template-hash': '5d9c' },
      ...(owner !== undefined && { ownerReferences: [controller] }),
    },
    spec: { nodeName, ...spec },
  };
}

function container(...containerPorts: readonly object[]): object {
  return { containers: [{ name: 'main', image: 'example.com/none', ports: containerPorts }] };
}

type Send = (method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown) => Promise<void>;

/** Puts all of it into an API server that has nothing but itself, and that nothing guards. */
export async function plant(api: ApiConnection): Promise<void> {
  const send: Send = async (method, path, body) => {
    const answer = await api.request(method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  };
  const teams = Array.from({ length: TEAMS }, (_, team) => `team-${team}`);
  for (const name of [...teams, 'odd', 'shop', 'lost']) {
    await send('POST', '/api/v1/namespaces', { metadata: { name } });
  }
  for (const [index, name] of NODES.entries()) await send('POST', '/api/v1/nodes', nodeOf(name, index));
  await Promise.all(teams.map((name, team) => plantTeam(send, name, 30_100 + team * 200)));
  await plantFaults(send);
  await plantHoles(send);
  await plantPods(send);
}

function nodeOf(name: string, index: number): Manifest {
  const address = `192.0.2.${index + 1}`;
  return {
    metadata: { name },
    status: {
      addresses: [
        { type: 'InternalIP', address },
        { type: 'Hostname', address: name },
      ],
    },
  };
}

const servicesOf = (namespace: string): string => `/api/v1/namespaces/${namespace}/services`;
const slicesOf = (namespace: string): string => `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`;

/** With a ready pod on each of these nodes. */
async function run(send: Send, namespace: string, manifest: Manifest, nodes: readonly string[] = NODES): Promise<void> {
  await send('POST', servicesOf(namespace), manifest);
  await send('POST', slicesOf(namespace), endpoints(manifest.metadata.name, nodes));
}

/** One after the other, while the other teams are at it, too. */
async function plantTeam(send: Send, namespace: string, first: number): Promise<void> {
  for (let index = 0; index < NODE_PORTS; index += 1) await run(send, namespace, open(`open-${index}`, first + index));
  for (let index = 0; index < OTHERS / 9; index += 1) {
    await run(send, namespace, balancer(`balancer-${index}`, first + NODE_PORTS + index));
    for (let more = 0; more < 4; more += 1) {
      const name = `${index}-${more}`;
      await send('POST', servicesOf(namespace), service(`inner-${name}`, { type: 'ClusterIP' }, {}));
      const other = more < 2 ? { clusterIP: 'None' } : { type: 'ExternalName', externalName: 'example.com' };
      await send('POST', servicesOf(namespace), service(`other-${name}`, other, {}));
    }
  }
}

async function plantFaults(send: Send): Promise<void> {
  const odd = (manifest: Manifest, nodes?: readonly string[]): Promise<void> => run(send, 'odd', manifest, nodes);
  await run(send, 'shop', open('web', 32_300));
  await run(send, 'lost', open('no-pool', 32_500));
  await run(send, 'kube-system', open('exempt', 32_600, { externalTrafficPolicy: 'Cluster' }, {}));
  await odd(open('outside-pools', 32_501));
  await odd(carrying('squatter', 32_120), []);
  await odd(carrying('squatter-of-another', 32_300), []);
  const hidden = { type: 'LoadBalancer', healthCheckNodePort: 32_131 };
  await odd(open('hidden', 32_130, hidden));
  await odd(open('cluster-policy', 32_140, { externalTrafficPolicy: 'Cluster' }));
  await odd(open('undeclared', 32_141, {}, {}));
  await odd(open('world', 32_142, {}, { 'nodeport-gate.dev/source-cidrs': '0.0.0.0/1, 128.0.0.0/1' }));
  await odd(open('half', 32_160), ['node-1']);
  await odd(open('nowhere', 32_161), []);
  await odd(open('not-ready', 32_162), ['node-2']);
  await send('POST', slicesOf('odd'), { ...endpoints('not-ready', ['node-1'], false), metadata: notReadySlice });
  await odd(service('external-ips', { externalIPs: ['192.0.2.7'] }, {}));
  const dns = ['TCP', 'UDP'].map((protocol) => ({
    name: protocol.toLowerCase(),
    port: 53,
    protocol,
    nodePort: 32_170,
  }));
  await odd(open('dns', 32_170, { ports: dns }));
  await odd(open('reserved', 32_199));
  await odd(open('excused', 32_185, {}, {}));
}

const notReadySlice = { name: 'not-ready-y', labels: { 'kubernetes.io/service-name': 'not-ready' } };

const TO_NODE_PORT = { spec: { type: 'NodePort', externalName: null, ...LOCAL } };

/** Rows of `holes.ts`, after which two Services are open on one number, or one is where no Service may be. */
async function plantHoles(send: Send): Promise<void> {
  const become = (name: string, ...numbers: readonly number[]): Promise<void> =>
    send('PATCH', `${servicesOf('odd')}/${name}`, {
      spec: { ...TO_NODE_PORT.spec, ...(numbers.length > 0 && numbered(...numbers)) },
    });
  const odd = (manifest: Manifest): Promise<void> => run(send, 'odd', manifest);
  const shop = (manifest: Manifest): Promise<void> => run(send, 'shop', manifest);
  const remove = (name: string): Promise<void> => send('DELETE', `${servicesOf('odd')}/${name}`);

  for (const [name, number] of [
    ['row-4', 22],
    ['row-4-ephemeral', 40_000],
    ['row-23-beyond', 99_999],
    ['row-23-negative', -5],
  ] as const) {
    await odd(carrying(name, number));
    await become(name);
  }
  await shop(open('victim-5', 32_301));
  await odd(carrying('row-5', 32_301));
  await become('row-5');

  await shop(open('victim-16', 32_302));
  await odd(carrying('decoy-16', 32_302));
  await remove('decoy-16');
  await odd(open('row-16', 32_302));

  await shop(open('victim-17', 32_303));
  await odd(carrying('decoy-17', 32_303));
  await become('decoy-17', 32_110);
  await odd(open('row-17', 32_303));

  await shop(open('victim-18', 32_304));
  await odd(carrying('decoy-18', 32_304));
  await become('decoy-18');
  await remove('decoy-18');
  await odd(open('row-18', 32_304));

  await shop(balancer('victim-19', 32_305));
  await odd(carrying('decoy-19', 32_305));
  await remove('decoy-19');
  await odd(open('row-19', 32_305));
}

async function plantPods(send: Send): Promise<void> {
  const pods = '/api/v1/namespaces/odd/pods';
  const agent = { hostNetwork: true, ...container({ containerPort: 32_151 }) };
  const owner = { kind: 'ReplicaSet', name: 'agent-5d9c' };
  await send('POST', pods, pod('agent-5d9c-a', 'node-1', agent, owner));
  await send('POST', pods, pod('agent-5d9c-b', 'node-2', agent, owner));
  await send('POST', pods, pod('free', 'node-1', container({ containerPort: 80, hostPort: 32_150 })));
  const taken = container(
    { containerPort: 80, hostPort: 32_300 },
    { containerPort: 81, hostPort: 32_300, protocol: 'UDP' },
  );
  await send('POST', pods, pod('on-a-node-port', 'node-1', taken));
  await send('POST', pods, pod('outside-the-range', 'node-1', container({ containerPort: 80, hostPort: 8080 })));
  await send('POST', pods, pod('no-host-port', 'node-2', container({ containerPort: 32_152 })));
  await send('POST', pods, pod('ended', 'node-2', container({ containerPort: 80, hostPort: 32_153 })));
  await send('PATCH', `${pods}/ended/status`, { status: { phase: 'Succeeded' } });
}
