import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BASELINE } from './support/baseline.ts';
import { type ControlPlane, makeNamespace, startControlPlane } from './support/control-plane.ts';
import { type Installation, install } from './support/installation.ts';
import { type Kubectl, succeed } from './support/kubectl.ts';
import { asNodePort, create, http, manifest, patch, run, type ServiceSpec, type Step } from './support/steps.ts';

/** A Service keeps its number, whatever is done to it with which command; nothing is written that was there already. */
const POLICY = `${BASELINE}---
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPool
metadata: {name: shop}
spec: {ports: ["30100-32767"], namespaces: ["shop-*"], contact: shop@example.com}
`;

let cluster: ControlPlane;
let installed: Installation;

beforeAll(async () => {
  cluster = await startControlPlane();
  installed = await install(cluster, { replicas: 1, policy: POLICY, floor: true });
});

afterAll(async () => {
  await installed.stop();
  await cluster.stop();
});

interface Live {
  readonly metadata: { readonly resourceVersion: string };
  readonly spec: {
    readonly type: string;
    readonly ports: readonly { readonly nodePort?: number }[];
    readonly healthCheckNodePort?: number;
  };
}

async function live(namespace: string, kubectl: Kubectl): Promise<Live | undefined> {
  const args = ['get', 'service', 'web', '-o', 'json', '--ignore-not-found', '-n', namespace];
  const text = await succeed(kubectl, args);
  return text === '' ? undefined : (JSON.parse(text) as Live);
}

function describeNumbers({ spec }: Live): string {
  const numbers = spec.ports.map(({ nodePort: number }) => number ?? '-').join(' ');
  return spec.healthCheckNodePort === undefined ? numbers : `${numbers}, health check ${spec.healthCheckNodePort}`;
}

/**
 * Takes these steps with the Service `web` of a fresh namespace, one after the other. A line of the answer is the exit code
 * unless it is 0, what kubectl printed, then the node ports of the Service, and `(not written)` when its resourceVersion is
 * the former one.
 */
async function transcript(namespace: string, steps: readonly Step[]): Promise<readonly string[]> {
  const { kubectl } = cluster;
  await makeNamespace(kubectl, namespace);
  const lines: string[] = [];
  let former: Live | undefined;
  for (const step of steps) {
    const { status, stdout, stderr } = await run(kubectl, namespace, step);
    const now = await live(namespace, kubectl);
    const isSame = now !== undefined && now.metadata.resourceVersion === former?.metadata.resourceVersion;
    const said = `${status === 0 ? '' : `exit ${status} `}${stdout}${stderr}`.trimEnd();
    lines.push(`${said}: ${now === undefined ? 'none' : describeNumbers(now)}${isSame ? ' (not written)' : ''}`);
    former = now;
  }
  return lines;
}

const LABELS = { labels: { 'example.com/tier': 'web' } };
type Metadata = Readonly<Record<string, unknown>>;

const web = asNodePort();
/** With the protocol, which server-side apply needs. */
const explicitWeb: ServiceSpec = { type: 'NodePort', ports: [{ ...http(), protocol: 'TCP' }] };
const HTTPS = { name: 'https', port: 443 };
const twoPorts: ServiceSpec = { type: 'NodePort', ports: [http(), HTTPS] };
const dnsPort = (protocol: string): ReturnType<typeof http> => ({
  name: `dns-${protocol.toLowerCase()}`,
  port: 53,
  protocol,
});
const dns: ServiceSpec = { type: 'NodePort', ports: [dnsPort('TCP'), dnsPort('UDP')] };
const local: ServiceSpec = { type: 'LoadBalancer', externalTrafficPolicy: 'Local' };
const onPort = (port: number, name: string): ServiceSpec => ({ type: 'NodePort', ports: [{ name, port }] });

const withManifest = (args: readonly string[], spec: ServiceSpec, metadata?: Metadata): Step => ({
  args: [...args, '-f', '-'],
  stdin: manifest('web', spec, metadata),
});
const apply = (spec: ServiceSpec, metadata?: Metadata): Step => withManifest(['apply'], spec, metadata);
const applyServerSide = (spec: ServiceSpec, metadata?: Metadata): Step =>
  withManifest(['apply', '--server-side'], spec, metadata);
const replace = (spec: ServiceSpec, ...flags: readonly string[]): Step => withManifest(['replace', ...flags], spec);
const diff = (spec: ServiceSpec, ...flags: readonly string[]): Step => withManifest(['diff', ...flags], spec);
const dryRun = ({ args, stdin }: Step): Step => ({
  args: [...args, '--dry-run=server'],
  ...(stdin !== undefined && { stdin }),
});
const mergePatch = (change: Readonly<Record<string, unknown>>): Step => patch('web', change, '--type=merge');

describe('ordinary commands', () => {
  it('apply', async () => {
    const steps = [apply(web), apply(web), apply(web, LABELS), apply(web, LABELS), apply(web), apply(web)];
    expect(await transcript('shop-apply', steps)).toEqual([
      'service/web created: 30794',
      'service/web unchanged: 30794 (not written)',
      'service/web configured: 30794',
      'service/web unchanged: 30794 (not written)',
      'service/web configured: 30794',
      'service/web unchanged: 30794 (not written)',
    ]);
  });

  it('apply --server-side', async () => {
    const labelled = applyServerSide(explicitWeb, LABELS);
    const steps = [applyServerSide(explicitWeb), applyServerSide(explicitWeb), labelled, labelled, dryRun(labelled)];
    expect(await transcript('shop-ssa', steps)).toEqual([
      'service/web serverside-applied: 31793',
      'service/web serverside-applied: 31793 (not written)',
      'service/web serverside-applied: 31793',
      'service/web serverside-applied: 31793 (not written)',
      'service/web serverside-applied (server dry run): 31793 (not written)',
    ]);
  });

  it('apply and apply --server-side in turns', async () => {
    const steps = [apply(web), applyServerSide(web), applyServerSide(web), apply(web), apply(web)];
    expect(await transcript('shop-both', steps)).toEqual([
      'service/web created: 30134',
      'service/web serverside-applied: 30134',
      'service/web serverside-applied: 30134 (not written)',
      'service/web configured: 30134',
      'service/web unchanged: 30134 (not written)',
    ]);
  });

  it('apply after somebody else changed something', async () => {
    const steps = [
      apply(web),
      patch('web', { metadata: { annotations: { 'example.com/note': 'seen' } } }),
      apply(web),
      mergePatch({ spec: { sessionAffinity: 'ClientIP' } }),
      apply(web),
    ];
    expect(await transcript('shop-else', steps)).toEqual([
      'service/web created: 30608',
      'service/web patched: 30608',
      'service/web unchanged: 30608 (not written)',
      'service/web patched: 30608',
      'service/web unchanged: 30608 (not written)',
    ]);
  });

  it('replace', async () => {
    const steps = [create('web', web), replace(web), replace(twoPorts), replace(twoPorts), replace(web)];
    expect(await transcript('shop-replace', [...steps, replace(web, '--force')])).toEqual([
      'service/web created: 30937',
      'service/web replaced: 30937 (not written)',
      'service/web replaced: 30937 30894',
      'service/web replaced: 30937 30894 (not written)',
      'service/web replaced: 30937',
      'service "web" deleted\nservice/web replaced: 30937',
    ]);
  });

  it('patch', async () => {
    const removal = JSON.stringify([{ op: 'remove', path: '/spec/ports/0/nodePort' }]);
    const steps = [
      create('web', web),
      patch('web', { spec: { ports: [{ port: 80, targetPort: 8080 }] } }),
      mergePatch({ spec: { ports: [{ ...http(), targetPort: 9090 }] } }),
      mergePatch({ spec: { ports: [{ ...http(), targetPort: 9090 }] } }),
      { args: ['patch', 'service', 'web', '--type=json', '--patch', removal] },
    ];
    expect(await transcript('shop-patch', steps)).toEqual([
      'service/web created: 31657',
      'service/web patched: 31657',
      'service/web patched: 31657',
      'service/web patched (no change): 31657 (not written)',
      'service/web patched (no change): 31657 (not written)',
    ]);
  });

  it('the ones without a manifest', async () => {
    const steps = [
      { args: ['create', 'service', 'nodeport', 'web', '--tcp=80'] },
      { args: ['label', 'service', 'web', 'tier=web'] },
      { args: ['annotate', 'service', 'web', 'note=web'] },
      { args: ['set', 'selector', 'service', 'web', 'app=other'] },
    ];
    expect(await transcript('shop-commands', steps)).toEqual([
      'service/web created: 32474',
      'service/web labeled: 32474',
      'service/web annotated: 32474',
      'service/web selector updated: 32474',
    ]);
  });

  it('a dry run prints the numbers that the Service will get', async () => {
    const { args, stdin } = dryRun(create('web', twoPorts));
    const numbers: Step = { args: [...args, '-o', 'jsonpath={.spec.ports[*].nodePort}'], stdin: stdin ?? '' };
    const steps = [numbers, apply(twoPorts), dryRun(apply(twoPorts)), dryRun(apply(twoPorts, LABELS))];
    expect(await transcript('shop-dry', steps)).toEqual([
      '31445 31672: none',
      'service/web created: 31445 31672',
      'service/web unchanged (server dry run): 31445 31672 (not written)',
      'service/web configured (server dry run): 31445 31672 (not written)',
    ]);
  });

  it('create, when it is there already', async () => {
    const message = 'Error from server (AlreadyExists): error when creating "STDIN": services "web" already exists';
    expect(await transcript('shop-create', [create('web', web), create('web', web)])).toEqual([
      'service/web created: 31727',
      `exit 1 ${message}: 31727 (not written)`,
    ]);
  });

  it('diff prints nothing where nothing changed', async () => {
    const steps = [apply(web), diff(web), applyServerSide(web), diff(web, '--server-side')];
    expect(await transcript('shop-diff', steps)).toEqual([
      'service/web created: 32469',
      ': 32469 (not written)',
      'service/web serverside-applied: 32469',
      ': 32469 (not written)',
    ]);
  });

  it('diff of a Service that is not there shows the number that it will get', async () => {
    const [shown, made] = await transcript('shop-diff-new', [diff(web), apply(web)]);
    expect(shown).toMatch(/^exit 1 diff /);
    expect(shown?.split('\n').filter((line) => line.includes('nodePort:'))).toEqual(['+    nodePort: 32606']);
    expect(made).toBe('service/web created: 32606');
  });

  it('null and 0 are no numbers, although kubectl always sees a change in them', async () => {
    const none: ServiceSpec = { type: 'NodePort', ports: [http(null)] };
    const zero = asNodePort(0);
    const steps = [apply(none), apply(none), apply(zero), apply(zero), applyServerSide(zero), applyServerSide(zero)];
    expect(await transcript('shop-null', steps)).toEqual([
      'service/web created: 32140',
      'service/web configured: 32140 (not written)',
      'service/web configured: 32140',
      'service/web configured: 32140 (not written)',
      'service/web serverside-applied: 32140',
      'service/web serverside-applied: 32140 (not written)',
    ]);
  });

  it('a number that is no longer in the manifest stays', async () => {
    const pinned = asNodePort(30_299);
    const steps = [apply(pinned), apply(pinned), apply(web), apply(web), apply(asNodePort(30_298))];
    expect(await transcript('shop-pinned', steps)).toEqual([
      'service/web created: 30299',
      'service/web unchanged: 30299 (not written)',
      'service/web configured: 30299',
      'service/web unchanged: 30299 (not written)',
      'service/web configured: 30298',
    ]);
  });
});

describe('other ports', () => {
  it('under another name, or with another port number', async () => {
    const renamed = onPort(80, 'web');
    const steps = [apply(web), apply(renamed), apply(renamed), apply(onPort(8080, 'web')), apply(onPort(8080, 'web'))];
    expect(await transcript('shop-renamed', steps)).toEqual([
      'service/web created: 32320',
      'service/web configured: 32320',
      'service/web unchanged: 32320 (not written)',
      'service/web configured: 32320',
      'service/web unchanged: 32320 (not written)',
    ]);
  });

  it('replaced under another name, or with another port number', async () => {
    const steps = [create('web', web), replace(onPort(80, 'web')), replace(onPort(8080, 'web'))];
    expect(await transcript('shop-replaced', steps)).toEqual([
      'service/web created: 30863',
      'service/web replaced: 30863',
      'service/web replaced: 30863',
    ]);
  });

  it('added, in another order, removed, and added again', async () => {
    const reversed: ServiceSpec = { type: 'NodePort', ports: [HTTPS, http()] };
    const steps = [apply(web), apply(twoPorts), apply(twoPorts), apply(reversed), apply(web), apply(twoPorts)];
    expect(await transcript('shop-added', steps)).toEqual([
      'service/web created: 32112',
      'service/web configured: 32112 31671',
      'service/web unchanged: 32112 31671 (not written)',
      'service/web configured: 31671 32112',
      'service/web configured: 32112',
      'service/web configured: 32112 31671',
    ]);
  });

  const SHARED =
    'Warning: spec.ports[1].port: 53 is shared with TCP, which kubectl apply mixes up; apply with --server-side [shared-port-number]';

  it('TCP and UDP of one port share a number', async () => {
    const steps = [apply(dns), apply(dns), replace(dns), replace(dns), applyServerSide(dns), applyServerSide(dns)];
    expect(await transcript('shop-dns', steps)).toEqual([
      `service/web created\n${SHARED}: 31964 31964`,
      'service/web unchanged: 31964 31964 (not written)',
      `service/web replaced\n${SHARED}: 31964 31964`,
      'service/web replaced: 31964 31964 (not written)',
      'service/web serverside-applied: 31964 31964',
      'service/web serverside-applied: 31964 31964 (not written)',
    ]);
  });

  it('UDP added to TCP', async () => {
    const one = { type: 'NodePort', ports: [dnsPort('TCP')] };
    const steps = [applyServerSide(one), applyServerSide(dns), applyServerSide(dns)];
    expect(await transcript('shop-udp', steps)).toEqual([
      'service/web serverside-applied: 31191',
      `service/web serverside-applied\n${SHARED}: 31191 31191`,
      'service/web serverside-applied: 31191 31191 (not written)',
    ]);
  });

  it('a health check', async () => {
    const everywhere = { ...local, externalTrafficPolicy: 'Cluster' };
    const steps = [apply(local), apply(local), apply(everywhere), apply(local), replace(local), replace(local)];
    expect(await transcript('shop-lb', steps)).toEqual([
      'service/web created: 31394, health check 30244',
      'service/web unchanged: 31394, health check 30244 (not written)',
      'service/web configured: 31394',
      'service/web configured: 31394, health check 30244',
      'service/web replaced: 31394, health check 30244',
      'service/web replaced: 31394, health check 30244 (not written)',
    ]);
  });

  it('a health check, applied on the server', async () => {
    const spec = { ...local, ports: [{ ...http(), protocol: 'TCP' }] };
    const everywhere = { ...spec, externalTrafficPolicy: 'Cluster' };
    const steps = [applyServerSide(spec), applyServerSide(spec), applyServerSide(everywhere), applyServerSide(spec)];
    expect(await transcript('shop-lb-ssa', steps)).toEqual([
      'service/web serverside-applied: 31614, health check 30673',
      'service/web serverside-applied: 31614, health check 30673 (not written)',
      'service/web serverside-applied: 31614',
      'service/web serverside-applied: 31614, health check 30673',
    ]);
  });

  it('of another type, and back', async () => {
    const steps = [
      apply(web),
      apply({ ...web, type: 'ClusterIP' }),
      apply(web),
      apply({ ...web, type: 'LoadBalancer' }),
      apply(web),
    ];
    expect(await transcript('shop-type', steps)).toEqual([
      'service/web created: 31147',
      'service/web configured: -',
      'service/web configured: 31147',
      'service/web configured: 31147',
      'service/web configured: 31147',
    ]);
  });
});
