import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publish } from '../support/mounted.ts';
import type { ApiServer } from './support/api-server.ts';
import { certificateSecret } from './support/certificate-secret.ts';
import { waitFor } from './support/child.ts';
import { type ControlPlane, makeNamespace, startControlPlane } from './support/control-plane.ts';
import type { GateProcess } from './support/gate-process.ts';
import { whenCalled } from './support/install.ts';
import { type Installation, install } from './support/installation.ts';
import { succeed } from './support/kubectl.ts';
import { CERT_SECRET, rotate } from './support/rotate.ts';
import { servedCertificate } from './support/served-certificate.ts';
import { asNodePort, create, take } from './support/steps.ts';
import { makeTrustReader, type Trust } from './support/trust.ts';
import { startWriter, type Write, type Writer } from './support/writer.ts';

/**
 * Whatever happens to the gates, nobody's write fails: two replicas behind a balancer, 20 writes per second. Only a kill -9
 * in the middle of writes costs some of them. The writes go through another API server than the one that the gates follow,
 * so that one can be taken from them.
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

async function more(writer: Writer, count: number): Promise<void> {
  const from = writer.count();
  await waitFor(`${count} writes`, () => writer.count() >= from + count);
}

/** Writes from a second before it happens to a second after, and asserts that each write was carried out. */
async function expectNoFailure(what: string, happening: (writer: Writer) => Promise<void>): Promise<void> {
  const writer = await startWriter(writtenTo, { namespace: 'busy' });
  try {
    await more(writer, 20);
    await happening(writer);
    await more(writer, 20);
  } finally {
    await writer.stop();
  }
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

describe('replicas', () => {
  it('kill -9 of one between two writes, and its return', () =>
    expectNoFailure('kill -9', async (writer) => {
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

  /**
   * What a kill -9 costs. A review that is on the replica dies with it. When it was the one of /validate, the write fails.
   * When it was the one of /mutate, the API server goes on without it and picks the number itself, which is outside the
   * pool more often than not, and then /validate of the other replica refuses that. Sent again, both succeed.
   */
  const COSTS = [
    /^Internal error occurred: failed calling webhook "validate\.nodeport-gate\.dev": failed to call webhook: Post "/,
    /^admission webhook "validate\.nodeport-gate\.dev" denied the request: .* was picked by the API server, outside pool busy, while the gate could not assign; retry and it will be \d+/,
  ];
  /** On this writer's clock: before the signal is sent, and when the process has ended. */
  interface Kill {
    readonly fromMs: number;
    readonly toMs: number;
  }
  /** Until the API server and the balancer have heard of it; a tenth of this was seen. */
  const KNOWN_AFTER_MS = 500;
  /** Whether a kill fell into a write, or came so shortly before it that nobody had heard of it. */
  const strikes =
    ({ startedMs, tookMs }: Write) =>
    ({ fromMs, toMs }: Kill): boolean =>
      startedMs <= toMs + KNOWN_AFTER_MS && startedMs + tookMs >= fromMs;
  const isCost = ({ message }: Write): boolean => COSTS.some((pattern) => pattern.test(message));

  it('kill -9 at any moment', async () => {
    const writer = await startWriter(writtenTo, { namespace: 'busy', rate: 80, retryAfterMs: 500 });
    const isFirst = ({ what }: Write): boolean => !what.endsWith(', again');
    const unmade = (): readonly Write[] => [...writer.failures(), ...writer.denials()];
    const kills: Kill[] = [];
    try {
      for (const killed of [...gates, ...gates, ...gates]) {
        await more(writer, 80);
        const fromMs = writer.nowMs();
        killed.kill('SIGKILL');
        await killed.child().ended;
        kills.push({ fromMs, toMs: writer.nowMs() });
        await killed.start();
        await inRotation('gate-1', 'gate-2');
        await waitFor('the second attempts', () => writer.retries().length === unmade().filter(isFirst).length);
      }
      await more(writer, 80);
    } finally {
      await writer.stop();
    }
    const delays = unmade().flatMap((one) => kills.filter(strikes(one)).map(({ fromMs }) => one.startedMs - fromMs));
    const latest = Math.max(0, ...delays);
    process.stdout.write(
      `${kills.length} times kill -9 at any moment: ${writer.count()} writes, ${writer.failures().length} failed, ` +
        `${writer.denials().length} denied, begun at most ${Math.round(latest)} ms after a kill\n`,
    );
    await succeed(writtenTo.kubectl, ['delete', 'services', '--all', '-n', 'busy']);
    const isAsKnown = (one: Write): boolean => isCost(one) && isFirst(one) && kills.some(strikes(one));
    expect(unmade().filter((one) => !isAsKnown(one))).toEqual([]);
  });

  it('rolling restart', () =>
    expectNoFailure('rolling restart', async () => {
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

  const CUTS = 4;

  it('a new certificate', () =>
    expectNoFailure('leaf rotation', async (writer) => {
      const [before, same] = await served();
      expect(same).toBe(before);
      expect(await rotate(cluster)).toBe(
        `a new certificate is in ${CERT_SECRET}; the running replicas serve it within seconds`,
      );
      await waitFor('both serve another certificate', async () => (await served()).every((print) => print !== before));
      expect(new Set(await served()).size).toBe(1);
      const ca = (await certificateSecret(cluster.kubectl))['ca.crt'] ?? '';
      for (const { webhookPort } of gates) {
        await servedCertificate(webhookPort, { ca, servername: 'nodeport-gate.nodeport-gate.svc' });
      }
      // The API server keeps its connections, and a kept connection never sees the new certificate.
      const given = (): readonly number[] => Object.values(installed.balancer.connections());
      const sum = (counts: readonly number[]): number => counts.reduce((all, count) => all + count, 0);
      const kept = given();
      const totals = [sum(kept)];
      for (let round = 1; round <= CUTS; round += 1) {
        await writer.between(async () => {
          installed.balancer.closeConnections();
          await sleep(50);
        });
        // Four may be deletes, about which nobody is asked.
        await more(writer, 8);
        totals.push(sum(given()));
      }
      expect(new Set(totals).size).toBe(CUTS + 1);
      expect(given().map((count, index) => count > (kept[index] ?? 0))).toEqual([true, true]);
    }));

  it('a new authority', () =>
    expectNoFailure('CA rotation', async () => {
      const ports = gates.map(({ webhookPort }) => webhookPort);
      const readTrust = makeTrustReader(cluster.kubectl, ports);
      // In between, those who serve and those who trust are a moment behind the Secret.
      const isSettled = ({ bundle, hooks, signer, served: by }: Trust): boolean => bundle === hooks && signer === by;
      const seen: Trust[] = [];
      const look = async (): Promise<boolean> => {
        const trust = await readTrust();
        if (JSON.stringify(trust) !== JSON.stringify(seen.at(-1))) seen.push(trust);
        return trust.bundle === 'B' && isSettled(trust);
      };
      await look();
      expect(await rotate(cluster, '--ca', '--overlap=10s')).toBe(
        `the next authority is published in ${CERT_SECRET}; the running replicas do the rest, 10s apart`,
      );
      await waitFor('the former authority dropped', look, { limitMs: 60_000 });
      expect(seen.filter(isSettled)).toEqual([
        { bundle: 'A', next: '', signer: 'A', served: 'A', hooks: 'A' },
        { bundle: 'AB', next: 'B', signer: 'A', served: 'A', hooks: 'AB' },
        { bundle: 'BA', next: '', signer: 'B', served: 'B', hooks: 'BA' },
        { bundle: 'B', next: '', signer: 'B', served: 'B', hooks: 'B' },
      ]);
    }));
});

describe('API servers', () => {
  /** That both gates follow the cluster again: a Service that is made now keeps its number from others. */
  async function followed(name: string, number: number): Promise<void> {
    await take(writtenTo.kubectl, 'watched', create(name, asNodePort(number)));
    const holders = async (gate: GateProcess): Promise<string> => {
      const answer = await fetch(`http://127.0.0.1:${gate.doorsPort}/ports`);
      const { ports } = (await answer.json()) as { readonly ports: readonly { nodePort: number; name: string }[] };
      return ports.flatMap((port) => (port.nodePort === number ? [port.name] : [])).join();
    };
    const isKnown = async (): Promise<boolean> =>
      (await Promise.all(gates.map(holders))).every((holder) => holder === name);
    await waitFor(`${name} known`, isKnown);
  }

  beforeAll(() => makeNamespace(writtenTo.kubectl, 'watched'));

  it('restart of the one that the gates follow', () =>
    expectNoFailure('API server restart', async () => {
      await followed('before', 30_290);
      // It waits for open watches at its shutdown; like the kubelet, nobody waits for it for ever.
      await cluster.apiServer.child().stop();
      expect(installed.balancer.inRotation()).toEqual(['gate-1', 'gate-2']);
      await cluster.apiServer.start();
      await followed('after', 30_291);
      expect(installed.balancer.inRotation()).toEqual(['gate-1', 'gate-2']);
    }));

  it('one that hangs', () =>
    expectNoFailure('API server hang', async () => {
      cluster.apiServer.child().kill('SIGSTOP');
      await sleep(5000);
      expect(installed.balancer.inRotation()).toEqual(['gate-1', 'gate-2']);
      cluster.apiServer.child().kill('SIGCONT');
      await followed('unfrozen', 30_292);
    }));
});

describe('policy', () => {
  interface Readiness {
    readonly policy?: string;
    readonly remarks?: readonly string[];
  }
  const readiness = async (gate: GateProcess): Promise<Readiness> => (await gate.readyz())?.body ?? {};
  const inForce = (): Promise<readonly unknown[]> =>
    Promise.all(gates.map(async (gate) => (await readiness(gate)).policy));
  const mount = (text: string): Promise<void> => publish(installed.policyDirectory, { 'policy.yaml': text });

  it('another one', () =>
    expectNoFailure('policy change', async () => {
      const before = await inForce();
      await mount(policyWith('30400-30599'));
      const isOther = async (): Promise<boolean> =>
        (await inForce()).every((hash, index) => hash !== undefined && hash !== before[index]);
      await waitFor('another policy in force', isOther);
      const { args, ...probe } = create('probe', asNodePort());
      const flags = ['--dry-run=server', '-o', 'jsonpath={.spec.ports[0].nodePort}'];
      const number = await take(writtenTo.kubectl, 'busy', { ...probe, args: [...args, ...flags] });
      expect(Number(number)).toBeGreaterThanOrEqual(30_400);
    }));

  /** What the log says of the last documents that were not taken. */
  function refusalIn(log: string): unknown {
    const lines = log.split('\n').filter((line) => line.includes('"policy documents not taken'));
    const { level, policy, problems } = JSON.parse(lines.at(-1) ?? '{}') as Readonly<Record<string, unknown>>;
    return { level, policy, problems };
  }

  const POLL = { timeout: 10_000 };

  // An API server that has just started refuses what it does not know to be allowed yet; a watch counts as good again once
  // it has lasted.
  beforeAll(async () => {
    for (const gate of gates) {
      const isContent = async (): Promise<boolean> => (await readiness(gate)).remarks === undefined;
      await waitFor(`nothing to remark for ${gate.name}`, isContent, { limitMs: 90_000 });
    }
  });

  const WRONG =
    'spec.ports[0]: "30700-30600" is not allowed; ' +
    'write a port, as in 30080, or a range from low to high, as in "30000-32767" (1 to 65535)';

  it('a wrong one, and its correction', () =>
    expectNoFailure('invalid policy', async () => {
      const before = await inForce();
      await mount(policyWith('30700-30600'));
      const problem = `${installed.policyDirectory}/policy.yaml:13:11: ${WRONG}`;
      for (const gate of gates) {
        await expect.poll(async () => (await readiness(gate)).remarks, POLL).toEqual([problem]);
        const logged = (): unknown => refusalIn(gate.log());
        await expect.poll(logged, POLL).toEqual({ level: 'error', policy: before[0], problems: [problem] });
        expect(await gate.metrics()).toContain('nodeport_gate_policy_reload_total{result="failed"} 1\n');
      }
      expect(await inForce()).toEqual(before);
      await mount(policyWith('30400-30599'));
      for (const gate of gates) {
        await expect.poll(async () => (await readiness(gate)).remarks, POLL).toBe(undefined);
      }
      expect(await inForce()).toEqual(before);
    }));
});
