import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rotateCerts } from '../../src/cli/commands/certs.ts';
import type { ApiServer } from './support/api-server.ts';
import { waitFor } from './support/child.ts';
import { writeAsConfigMap } from './support/config-map-directory.ts';
import { type ControlPlane, makeNamespace, startControlPlane } from './support/control-plane.ts';
import type { GateProcess } from './support/gate-process.ts';
import { whenCalled } from './support/install.ts';
import { type Installation, install } from './support/installation.ts';
import { succeed } from './support/kubectl.ts';
import { servedCertificate } from './support/served-certificate.ts';
import { asNodePort, create } from './support/steps.ts';
import { makeTrustReader, type Trust } from './support/trust.ts';
import { startWriter, type Writer } from './support/writer.ts';

/**
 * Whatever happens to the gates, nobody's write fails: two replicas behind a balancer, 20 writes per second. The writes go
 * through another API server than the one that the gates follow, so that one can be taken from them.
 */
const policyWith = (ports: string): string => `
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPolicy
metadata: {name: default}
spec:
  match: {excludeNamespaces: [kube-system, nodeport-gate]}
  preset: baseline
---
apiVersion: nodeport-gate.dev/v1alpha1
kind: NodePortPool
metadata: {name: busy}
spec:
  ports: ["${ports}"]
  namespaces: ["*"]
`;

const CERT_SECRET = 'nodeport-gate/nodeport-gate-certs';

let cluster: ControlPlane;
let writtenTo: ApiServer;
let installed: Installation;
let gates: readonly GateProcess[];

beforeAll(async () => {
  cluster = await startControlPlane();
  writtenTo = await cluster.addApiServer();
  // On loopback nobody waits by default, because there is no balancer that has to hear of the end.
  const flags = ['--shutdown-delay=2'];
  installed = await install(cluster, { replicas: 2, policy: policyWith('30100-30299'), flags });
  ({ gates } = installed);
  await whenCalled(writtenTo.kubectl);
  await makeNamespace(writtenTo.kubectl, 'busy');
});

afterAll(async () => {
  await installed.stop();
  await cluster.stop();
});

/** Writes from a second before it happens to a second after, and asserts that each write was carried out. */
async function during(what: string, happening: (writer: Writer) => Promise<void>): Promise<void> {
  const writer = await startWriter(writtenTo, { namespace: 'busy' });
  const more = async (count: number): Promise<void> => {
    const from = writer.count();
    await waitFor(`${count} writes`, () => writer.count() >= from + count);
  };
  await more(20);
  await happening(writer);
  await more(20);
  await writer.stop();
  const slowest = writer.slowest();
  const at = `${Math.round(slowest?.tookMs ?? 0)} ms, ${slowest?.what}`;
  process.stdout.write(`${what}: ${writer.count()} writes, ${writer.failures().length} failed; slowest: ${at}\n`);
  await succeed(writtenTo.kubectl, ['delete', 'services', '--all', '-n', 'busy']);
  expect({ failures: writer.failures(), denials: writer.denials() }).toEqual({ failures: [], denials: [] });
}

function inRotation(...names: readonly string[]): Promise<void> {
  return waitFor(`${names.join()} in rotation`, () => installed.balancer.inRotation().join() === names.join());
}

function gateAt(index: number): GateProcess {
  const gate = gates[index];
  if (gate === undefined) throw new Error(`there is no gate ${index}`);
  return gate;
}

async function rotate(flags: { readonly ca?: boolean; readonly overlap?: string } = {}): Promise<string> {
  const out: string[] = [];
  const sink = { write: (text: string) => out.push(text) };
  const io = { out: sink, err: sink, env: {}, cwd: '/', now: () => new Date(), untilStopped: () => sleep(0) };
  const { kubeconfig } = cluster.apiServer;
  const code = await rotateCerts({ certSecret: CERT_SECRET, kubeconfig, ...flags }, io);
  return `${code}: ${out[0]?.split('\n')[0]}`;
}

describe('replicas', () => {
  it('kill -9 of one, and its return', () =>
    during('kill -9', async (writer) => {
      const [killed, other] = [gateAt(0), gateAt(1)];
      // A review that is on the replica dies with it, and the API server never sends one twice: nobody can save that
      // write. So the kill, and the moment in which the closed connections become known, fall between two writes.
      await writer.between(async () => {
        killed.kill('SIGKILL');
        await killed.child().ended;
        await sleep(50);
      });
      await inRotation(other.name);
      await killed.start();
      await inRotation(killed.name, other.name);
    }));

  it('rolling restart', () =>
    during('rolling restart', async () => {
      for (const gate of gates) {
        gate.kill('SIGTERM');
        const isLeaving = async (): Promise<boolean> => (await gate.readyz())?.status === 503;
        await waitFor(`${gate.name} not ready`, isLeaving, { child: gate.child() });
        expect((await gate.readyz())?.body).toEqual({ ready: false, reasons: ['shutting down'] });
        // Whoever has not heard of it yet is still served.
        await servedCertificate(gate.webhookPort);
        expect(await gate.child().ended).toBe(0);
        await gate.start();
        await inRotation('gate-1', 'gate-2');
      }
    }));
});

describe('certificates', () => {
  const served = (): Promise<readonly string[]> =>
    Promise.all(gates.map(async ({ webhookPort }) => (await servedCertificate(webhookPort)).fingerprint256));

  it('a new certificate', () =>
    during('leaf rotation', async () => {
      const [before, same] = await served();
      expect(same).toBe(before);
      expect(await rotate()).toBe(
        `0: a new certificate is in ${CERT_SECRET}; the running replicas serve it within seconds`,
      );
      await waitFor('both serve another certificate', async () => (await served()).every((print) => print !== before));
      expect(new Set(await served()).size).toBe(1);
    }));

  it('a new authority', () =>
    during('CA rotation', async () => {
      const readTrust = makeTrustReader(cluster.kubectl);
      const seen: Trust[] = [];
      const look = async (): Promise<boolean> => {
        const trust = await readTrust();
        if (JSON.stringify(trust) !== JSON.stringify(seen.at(-1))) seen.push(trust);
        return trust.bundle === 'B' && trust.hooks === 'B';
      };
      await look();
      expect(await rotate({ ca: true, overlap: '10s' })).toBe(
        `0: the next authority is published in ${CERT_SECRET}; the running replicas do the rest, 10s apart`,
      );
      await waitFor('the former authority dropped', look, { limitMs: 60_000 });
      expect(seen.filter(({ bundle, hooks }) => bundle === hooks)).toEqual([
        { bundle: 'A', next: '', signer: 'A', hooks: 'A' },
        { bundle: 'AB', next: 'B', signer: 'A', hooks: 'AB' },
        { bundle: 'BA', next: '', signer: 'B', hooks: 'BA' },
        { bundle: 'B', next: '', signer: 'B', hooks: 'B' },
      ]);
    }));
});

describe('API servers', () => {
  it('restart of the one that the gates follow', () =>
    during('API server restart', async () => {
      await cluster.apiServer.kill('SIGTERM');
      await cluster.apiServer.start();
    }));

  it('one that hangs', () =>
    during('API server hang', async () => {
      cluster.apiServer.child().kill('SIGSTOP');
      await sleep(5000);
      cluster.apiServer.child().kill('SIGCONT');
    }));

  afterAll(() => writtenTo.kubectl(['delete', 'services', '--all', '-n', 'default']));
});

describe('policy', () => {
  const probe = create('probe', asNodePort());
  const hashes = (): Promise<readonly unknown[]> => Promise.all(gates.map(async (gate) => (await gate.readyz())?.body));

  it('another policy', () =>
    during('policy change', async () => {
      const before = await hashes();
      await writeAsConfigMap(installed.policyDirectory, { 'policy.yaml': policyWith('30400-30599') });
      await waitFor('another policy in force', async () => {
        const now = await hashes();
        return now.every((body, index) => JSON.stringify(body) !== JSON.stringify(before[index]));
      });
      const number = await succeed(
        writtenTo.kubectl,
        [...probe.args, '--dry-run=server', '-n', 'busy', '-o', 'jsonpath={.spec.ports[0].nodePort}'],
        { stdin: probe.stdin ?? '' },
      );
      expect(Number(number)).toBeGreaterThanOrEqual(30_400);
    }));
});
