import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { describe, expect, it } from 'vitest';
import { pino } from 'pino';
import { inventoryOf } from '../../src/domain/inventory.ts';
import { type Gate, makeGate } from '../../src/server/gate.ts';
import { makeMetrics } from '../../src/server/metrics.ts';
import { type ListenPlan, startServer } from '../../src/server/server.ts';
import { makeAuthority } from '../../src/tls/authority.ts';
import { makeLeaf } from '../../src/tls/leaf.ts';
import { NOW } from '../support/now.ts';
import { policyDocument, policyOf } from '../support/policy.ts';

const authority = await makeAuthority(NOW);
const leaf = await makeLeaf(authority, NOW);
const tls = { material: { cert: leaf.cert, key: leaf.key, ca: authority.cert }, clientCa: undefined };
const plan: ListenPlan = { host: '127.0.0.1', port: 0, operationsPort: 0, doorsPort: 0, tls };
/** Every server that listens from now on reports here (diagnostics_channel, "net.server.listen"). */
const LISTENS = 'tracing:net.server.listen:asyncEnd';

function makeReadyGate(): Gate {
  return makeGate({
    policy: policyOf(policyDocument({ 'node-port-range': {} })),
    policyProblems: [],
    inventory: inventoryOf([]),
    namespaceLabels: new Map(),
    now: () => NOW,
    metrics: makeMetrics('test'),
    log: pino({ enabled: false }),
  });
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

describe('startServer', () => {
  it('opens the operations listener last: /readyz must not say ready before the webhook listens', async () => {
    const opened: number[] = [];
    const note = (message: unknown): void => void opened.push(portOf((message as { server: Server }).server));
    subscribe(LISTENS, note);
    const started = await startServer(makeReadyGate(), plan);
    unsubscribe(LISTENS, note);
    if (!started.ok) throw new Error(started.problems.join('\n'));
    const { webhook, doors, operations } = started.value.ports;
    await started.value.stop();
    expect([new Set(opened.slice(0, 2)), opened.slice(2)]).toEqual([new Set([webhook, doors]), [operations]]);
  });

  it('names every listener that cannot be opened, and is never ready without its webhook', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const port = portOf(other);
    const gate = makeReadyGate();
    const started = await startServer(gate, { ...plan, port, operationsPort: port });
    other.close();
    const inUse = `127.0.0.1:${port} is in use; stop the other program, or choose another port with`;
    expect([started, gate.notReady()]).toEqual([
      { ok: false, problems: [`${inUse} --port`, `${inUse} --operations-port`] },
      ['shutting down'],
    ]);
  });
});
