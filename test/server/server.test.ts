import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { connect } from 'node:tls';
import { describe, expect, it } from 'vitest';
import type { Result } from '../../src/domain/result.ts';
import { type Gate, makeGate } from '../../src/server/gate.ts';
import { type ListenPlan, type RunningServer, startOperations, startServer } from '../../src/server/server.ts';
import { makeAuthority } from '../../src/tls/authority.ts';
import { DEVELOPMENT_NAMES, makeLeaf } from '../../src/tls/leaf.ts';
import { gateParts } from '../support/open-gate.ts';
import { policyDocument, policyOf } from '../support/policy.ts';

/** Real handshakes look at the machine's clock. */
const today = new Date();
const authority = await makeAuthority(today);
const leaf = await makeLeaf(authority, DEVELOPMENT_NAMES, today);
const tls = { material: { cert: leaf.cert, key: leaf.key, ca: authority.cert }, clientCa: undefined };
const plan: ListenPlan = { host: '127.0.0.1', port: 0, operationsPort: 0, doorsPort: 0, tls, shutdownDelayMs: 0 };

const policy = policyOf(policyDocument({ 'node-port-range': {} }));

function makeStartingGate(): Gate {
  return makeGate(gateParts({ policy }));
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

async function start(gate: Gate, listenPlan: ListenPlan): Promise<Result<RunningServer, string>> {
  return startServer(gate, await startOperations(gate, listenPlan), listenPlan);
}

async function readiness(port: number): Promise<unknown> {
  const answer = await fetch(`http://127.0.0.1:${port}/readyz`);
  return [answer.status, await answer.json()];
}

describe('startServer', () => {
  it('tells why it is not ready until the webhook listens', async () => {
    const gate = makeStartingGate();
    const operations = await startOperations(gate, plan);
    if (!operations.ok) throw new Error(operations.problems.join('\n'));
    const before = await readiness(operations.value.port);
    const started = await startServer(gate, operations, plan);
    if (!started.ok) throw new Error(started.problems.join('\n'));
    const after = await readiness(operations.value.port);
    await started.value.stop();
    expect([before, after]).toEqual([
      [503, { ready: false, reasons: ['starting'] }],
      [200, { ready: true, policy: policy.hash }],
    ]);
  });

  it('names every listener that cannot be opened, and is never ready without its webhook', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const port = portOf(other);
    const gate = makeStartingGate();
    const started = await start(gate, { ...plan, port, operationsPort: port });
    other.close();
    const inUse = `127.0.0.1:${port} is in use; stop the other program, or choose another port with`;
    expect([started, gate.notReady()]).toEqual([
      { ok: false, problems: [`${inUse} --port`, `${inUse} --operations-port`] },
      ['starting'],
    ]);
  });

  it('goes on answering for the delay, each connection for the last time, and says that it is not ready', async () => {
    const started = await start(makeStartingGate(), { ...plan, shutdownDelayMs: 300 });
    if (!started.ok) throw new Error(started.problems.join('\n'));
    const { doors, operations } = started.value.ports;
    const stopped = started.value.stop();
    const ready = await readiness(operations);
    const answer = await fetch(`http://127.0.0.1:${doors}/policy`);
    expect([ready, answer.status, answer.headers.get('connection')]).toEqual([
      [503, { ready: false, reasons: ['shutting down'] }],
      200,
      'close',
    ]);
    await stopped;
    await expect(fetch(`http://127.0.0.1:${doors}/policy`)).rejects.toThrow('fetch failed');
  });

  it('serves new connections with a renewed certificate, and keeps the old one when the pair does not fit', async () => {
    const started = await start(makeStartingGate(), plan);
    if (!started.ok) throw new Error(started.problems.join('\n'));
    const { renew, ports, stop } = started.value;
    const fingerprint = async (): Promise<string> => {
      const socket = connect({ port: ports.webhook, host: '127.0.0.1', ca: authority.cert });
      await once(socket, 'secureConnect');
      const { fingerprint256 } = socket.getPeerCertificate();
      socket.destroy();
      return fingerprint256;
    };
    const next = await makeLeaf(authority, DEVELOPMENT_NAMES, today);
    const first = await fingerprint();
    renew({ material: { cert: next.cert, key: next.key, ca: authority.cert }, clientCa: undefined });
    const second = await fingerprint();
    const mismatch = { material: { cert: leaf.cert, key: next.key, ca: authority.cert }, clientCa: undefined };
    expect(() => renew(mismatch)).toThrow('key values mismatch');
    const third = await fingerprint();
    await stop();
    expect([first, second, third]).toEqual(
      [leaf, next, next].map(({ cert }) => new X509Certificate(cert).fingerprint256),
    );
  });
});
