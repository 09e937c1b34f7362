import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SNAPSHOT_RESOURCES } from '../../src/domain/snapshot.ts';
import type { JsonAudit } from '../../src/report/audit-json.ts';
import type { ComparedItem } from '../../src/report/comparison.ts';
import type { MappedHostPort, MappedPort } from '../../src/report/port-map.ts';
import type { ReportedFinding, ReportedObject } from '../../src/report/verdict-list.ts';
import { type Ran, runCommand } from '../support/command-line.ts';
import { connectApi } from './support/api-connection.ts';
import { CLEAN, CLEAN_PORTS, NODES, OTHER_POLICY, plant, POLICY } from './support/audit-cluster.ts';
import { waitFor } from './support/child.ts';
import { type ControlPlane, startControlPlane } from './support/control-plane.ts';
import { serviceAccountAccess } from './support/install.ts';
import { succeed } from './support/kubectl.ts';

/** What `audit` says of a real cluster: everything that was planted, and nothing else. */
let cluster: ControlPlane;
let clusterRole: string;
let kubeconfig: string;
let live: Ran;
let audit: JsonAudit;

const run = (...args: readonly string[]): Promise<Ran> =>
  runCommand(['audit', '-p', 'policy.yaml', '-o', 'json', ...args], { cwd: cluster.directory });

const write = (file: string, text: string): Promise<void> => writeFile(join(cluster.directory, file), text);

beforeAll(async () => {
  cluster = await startControlPlane();
  await write('policy.yaml', POLICY);
  await write('other.yaml', OTHER_POLICY);
  const api = await connectApi(cluster.apiServer, 16);
  await plant(api).finally(() => api.close());
  clusterRole = (await runCommand(['audit', '--print-rbac'], { cwd: cluster.directory })).out;
  await grant(clusterRole);
  // Nobody else gives it anything.
  await succeed(cluster.kubectl, ['create', 'serviceaccount', 'auditor', '-n', 'lost']);
  const binding = ['create', 'clusterrolebinding', 'nodeport-gate-audit', '--clusterrole=nodeport-gate-audit'];
  await succeed(cluster.kubectl, [...binding, '--serviceaccount=lost:auditor']);
  ({ kubeconfig } = await serviceAccountAccess(cluster.apiServer, 'lost', 'auditor'));
  live = await run('--kubeconfig', kubeconfig, '--compare', 'other.yaml');
  audit = JSON.parse(live.out) as JsonAudit;
});

afterAll(() => cluster.stop());

async function grant(role: string): Promise<void> {
  await succeed(cluster.kubectl, ['apply', '-f', '-'], { stdin: role });
}

const refOf = ({ namespace, name }: ReportedObject): string => `${namespace}/${name}`;

const lineOf = (object: ReportedObject, { enforcement, rule, field, exception }: ReportedFinding): string =>
  [enforcement, rule, object.kind, refOf(object), field, exception].filter((part) => part !== undefined).join(' ');

const portLine = ({ nodePort, protocol, namespace, name, port, pool, marks }: MappedPort): string =>
  `${nodePort}/${protocol} ${namespace}/${name} ${port} ${pool ?? '-'} ${marks.join()}`.trimEnd();

const isClean = ({ namespace }: { readonly namespace: string }): boolean => namespace.startsWith('team-');

const SOURCES = 'metadata.annotations[nodeport-gate.dev/source-cidrs]';

describe('a live cluster', () => {
  it('is read with the printed rights alone, and ends with findings', () => {
    const { objects, skipped = 0, ...summary } = audit.summary;
    expect([live.code, live.err]).toEqual([1, `reading ${cluster.apiServer.url} (${kubeconfig})\n`]);
    expect(summary).toEqual({
      allowed: objects - 26,
      denied: 26,
      findings: { deny: 33, warn: 5, audit: 1 },
      excused: 1,
      suppressed: 0,
      baselined: 0,
    });
    // What is in order, the Service of the API server, those that are planted, and pods that take ports of
    // their nodes; one item is of two.
    expect(objects + skipped).toBe(CLEAN + 1 + 32 + 5 - 1);
  });

  it('has exactly the planted findings', () => {
    const findings = audit.items.flatMap(({ object, findings: all }) => all.map((each) => lineOf(object, each)));
    const taken = [5, 16, 17, 18, 19].flatMap((row) => [
      `deny node-port-conflict Service odd/row-${row} spec.ports[0].nodePort`,
      `deny node-port-pool Service odd/row-${row} spec.ports[0].nodePort`,
      `deny node-port-conflict Service shop/victim-${row} ${row === 19 ? 'spec.healthCheckNodePort' : 'spec.ports[0].nodePort'}`,
    ]);
    expect(findings.toSorted()).toEqual(
      [
        ...taken,
        'deny node-port-range Service odd/row-4 spec.ports[0].nodePort',
        'deny node-port-reserved Service odd/row-4 spec.ports[0].nodePort',
        'deny node-port-range Service odd/row-4-ephemeral spec.ports[0].nodePort',
        'deny node-port-range Service odd/row-23-beyond spec.ports[0].nodePort',
        'deny node-port-range Service odd/row-23-negative spec.ports[0].nodePort',
        'deny external-name-node-port Service odd/squatter spec.ports[0].nodePort',
        'deny external-name-node-port Service odd/squatter-of-another spec.ports[0].nodePort',
        'deny node-port-pool Service lost/no-pool spec.ports[0].nodePort',
        'deny node-port-pool Service odd/outside-pools spec.ports[0].nodePort',
        'deny node-port-reserved Service odd/reserved spec.ports[0].nodePort',
        'warn load-balancer-node-ports Service odd/hidden spec.allocateLoadBalancerNodePorts',
        'deny external-traffic-policy Service odd/cluster-policy spec.externalTrafficPolicy',
        `deny source-cidrs Service odd/undeclared ${SOURCES}`,
        `deny source-cidrs Service odd/world ${SOURCES}`,
        `audit source-cidrs Service odd/excused ${SOURCES} legacy`,
        'warn local-endpoints Service odd/half spec.externalTrafficPolicy',
        'warn local-endpoints Service odd/not-ready spec.externalTrafficPolicy',
        'warn local-endpoints Service odd/nowhere spec.externalTrafficPolicy',
        'deny external-ips Service odd/external-ips spec.externalIPs[0]',
        'warn shared-port-number Service odd/dns spec.ports[1].port',
        'deny host-port Deployment odd/agent spec.template.spec.containers[0].ports[0].containerPort',
        'deny host-port Pod odd/free spec.containers[0].ports[0].hostPort',
        'deny host-port Pod odd/on-a-node-port spec.containers[0].ports[0].hostPort',
        'deny host-port Pod odd/on-a-node-port spec.containers[0].ports[1].hostPort',
      ].toSorted(),
    );
    expect(audit.items.flatMap(({ undetermined }) => undetermined)).toEqual([]);
  });

  it('maps every port, with exactly the planted marks', () => {
    const { ports, range, notKnown, nodes, pools } = audit.map;
    expect(ports.filter(isClean).length).toBe(CLEAN_PORTS);
    expect([...new Set(ports.filter(isClean).map(({ port, marks }) => `${port} ${marks.join()}`))]).toEqual([
      'p0 ',
      'healthCheck health-check',
    ]);
    expect(ports.filter((port) => !isClean(port)).map(portLine)).toEqual([
      '-5/TCP odd/row-23-negative p0 - outside-range,unowned',
      '22/TCP odd/row-4 p0 - outside-range,unowned',
      '32110/TCP odd/decoy-17 p0 odd',
      '32130/TCP odd/hidden p0 odd load-balancer',
      '32131/TCP odd/hidden healthCheck odd health-check',
      '32140/TCP odd/cluster-policy p0 odd',
      '32141/TCP odd/undeclared p0 odd open-to-world',
      '32142/TCP odd/world p0 odd open-to-world',
      '32160/TCP odd/half p0 odd',
      '32161/TCP odd/nowhere p0 odd',
      '32162/TCP odd/not-ready p0 odd',
      '32170/TCP odd/dns tcp odd',
      '32170/UDP odd/dns udp odd',
      '32185/TCP odd/excused p0 odd open-to-world',
      '32199/TCP odd/reserved p0 odd',
      '32300/TCP shop/web p0 shop',
      ...[1, 2, 3, 4].flatMap((last) => [
        `3230${last}/TCP odd/row-${[5, 16, 17, 18][last - 1]} p0 shop shared`,
        `3230${last}/TCP shop/victim-${[5, 16, 17, 18][last - 1]} p0 shop shared`,
      ]),
      '32305/TCP odd/row-19 p0 shop shared',
      '32305/TCP shop/victim-19 healthCheck shop shared,health-check',
      '32500/TCP lost/no-pool p0 - unowned',
      '32501/TCP odd/outside-pools p0 - unowned',
      '32600/TCP kube-system/exempt p0 - unowned,open-to-world',
      '40000/TCP odd/row-4-ephemeral p0 - outside-range,unowned',
      '99999/TCP odd/row-23-beyond p0 - outside-range,unowned',
    ]);
    expect({ range, notKnown, nodes }).toEqual({
      range: '30000-32767',
      notKnown: [],
      nodes: NODES.map((name, index) => ({ name, addresses: [`192.0.2.${index + 1}`] })),
    });
    expect(pools.map(({ name, ports: numbers, size, held }) => [name, numbers, size, held])).toEqual([
      ['odd', '32100-32199', 100, 12],
      ['shop', '32300-32309', 10, 6],
      ['teams', '30100-32099', 2000, CLEAN_PORTS],
    ]);
  });

  it('has exactly the planted squatters and ports of pods', () => {
    const squatter = { protocol: 'TCP', namespace: 'odd', port: 'p0', type: 'ExternalName' };
    expect(audit.map.squatters).toEqual([
      { ...squatter, nodePort: 32_120, name: 'squatter', pool: 'odd', victims: [] },
      { ...squatter, nodePort: 32_300, name: 'squatter-of-another', pool: 'shop', victims: ['shop/web'] },
    ]);
    const host = { protocol: 'TCP', because: 'hostPort', kind: 'Pod', namespace: 'odd', pods: 1, holders: [] };
    const agent = { ...host, because: 'hostNetwork', kind: 'Deployment', name: 'agent', pods: 2 };
    const places = ({ findings, ...port }: MappedHostPort): object => ({
      ...port,
      findings: findings.map(({ rule, message }) => `${rule} ${message.split(':')[0]}`),
    });
    const first = 'host-port spec.containers[0].ports[0].hostPort';
    const both = [first, 'host-port spec.containers[0].ports[1].hostPort'];
    expect(audit.map.hostPorts.map(places)).toEqual([
      { ...host, hostPort: 32_150, name: 'free', findings: [first] },
      { ...agent, hostPort: 32_151, findings: ['host-port spec.template.spec.containers[0].ports[0].containerPort'] },
      { ...host, hostPort: 32_300, name: 'on-a-node-port', holders: ['shop/web'], findings: both },
      { ...host, hostPort: 32_300, name: 'on-a-node-port', protocol: 'UDP', findings: both },
    ]);
  });

  it('knows of every Local Service which nodes answer', () => {
    const local = audit.map.services.filter(({ nodes }) => nodes !== undefined);
    const partial = local.filter(({ nodes }) => nodes?.silent.length !== 0);
    expect(partial.map(({ name, nodes }) => [name, nodes])).toEqual([
      ['half', { answering: ['node-1'], silent: ['node-2'] }],
      ['not-ready', { answering: ['node-2'], silent: ['node-1'] }],
      ['nowhere', { answering: [], silent: NODES }],
    ]);
    const without = audit.map.services.filter(({ nodes }) => nodes === undefined);
    expect(without.map(({ namespace, name }) => `${namespace}/${name}`)).toEqual([
      'kube-system/exempt',
      'odd/cluster-policy',
      'odd/external-ips',
      'odd/squatter',
      'odd/squatter-of-another',
    ]);
    expect(local.length + without.length).toBe(CLEAN_PORTS + 32);
  });

  it('tells what would change by another policy', () => {
    const { summary, items = [] } = audit.comparison ?? {};
    const shown = ({ object, allowed, updatable, appearing, disappearing }: ComparedItem): object => ({
      object: refOf(object),
      allowed,
      updatable,
      appearing: appearing.map((finding) => lineOf(object, finding)),
      disappearing: disappearing.map((finding) => lineOf(object, finding)),
    });
    expect({ summary, items: items.map(shown) }).toEqual({
      summary: { objects: audit.summary.objects, stranded: 1, freed: 1, changed: 3 },
      items: [
        {
          object: 'odd/reserved',
          allowed: { current: false, other: true },
          updatable: true,
          appearing: [],
          disappearing: ['deny node-port-reserved Service odd/reserved spec.ports[0].nodePort'],
        },
        {
          object: 'shop/victim-5',
          allowed: { current: false, other: false },
          updatable: true,
          appearing: ['deny node-port-pool Service shop/victim-5 spec.ports[0].nodePort'],
          disappearing: [],
        },
        {
          object: 'shop/web',
          allowed: { current: true, other: false },
          updatable: true,
          appearing: ['deny node-port-pool Service shop/web spec.ports[0].nodePort'],
          disappearing: [],
        },
      ],
    });
  });
});

describe('a dump', () => {
  it.each(['json', 'yaml'])('that kubectl makes as %s says the same', async (format) => {
    const dump = await succeed(cluster.kubectl, ['get', SNAPSHOT_RESOURCES.join(','), '-A', '-o', format]);
    await write(`dump.${format}`, dump);
    const dumped = await run(`dump.${format}`, '--compare', 'other.yaml');
    expect([dumped.code, dumped.err, dumped.out === live.out]).toEqual([1, '', true]);
  });

  it('may come as one file for each kind', async () => {
    const files = SNAPSHOT_RESOURCES.map((resource) => `${resource}.json`);
    for (const resource of SNAPSHOT_RESOURCES) {
      await write(`${resource}.json`, await succeed(cluster.kubectl, ['get', resource, '-A', '-o', 'json']));
    }
    const dumped = await run(...files, '--compare', 'other.yaml');
    expect([dumped.code, dumped.err, dumped.out === live.out]).toEqual([1, '', true]);
  });
});

describe('without the right to list', () => {
  const whole = /^ +resources: \[services, nodes, pods, namespaces\]\n/m;
  it.each(SNAPSHOT_RESOURCES)('%s, it says so', async (resource) => {
    const core = SNAPSHOT_RESOURCES.filter((each) => each !== 'endpointslices' && each !== resource);
    const less = clusterRole
      .replace(whole, `    resources: [${core.join(', ')}]\n`)
      .replace(/\[endpointslices\]/, resource === 'endpointslices' ? '[]' : '[endpointslices]');
    await grant(
      less.replace(/ {2}- apiGroups: \[discovery\.k8s\.io\]\n {4}resources: \[\]\n {4}verbs: \[list\]\n/, ''),
    );
    const group = resource === 'endpointslices' ? '.discovery.k8s.io' : '';
    let ran = live;
    // The API server hears of changed rights a little later.
    await waitFor('the audit without the right', async () => {
      ran = await run('--kubeconfig', kubeconfig);
      return ran.code === 2 && ran.err.includes('--print-rbac');
    });
    const told = `grant the verb list on ${resource}${group} by RBAC`;
    if (resource === 'services') {
      expect([ran.out, ran.err.includes(told)]).toEqual(['', true]);
    } else {
      const { problems = [], map } = JSON.parse(ran.out) as JsonAudit;
      expect(problems.map(({ file, message }) => [file, message.includes(told)])).toEqual([
        [cluster.apiServer.url, true],
      ]);
      expect(map.notKnown).toEqual([resource]);
    }
  });
});
