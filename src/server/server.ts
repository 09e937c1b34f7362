import { setTimeout as sleep } from 'node:timers/promises';
import { failed, ok, type Result } from '../domain/result.ts';
import { renewTls, type TlsOptions } from './app.ts';
import { makeDoorsApp } from './doors.ts';
import type { Gate } from './gate.ts';
import { drain, listen } from './listen.ts';
import { makeOperationsApp } from './operations.ts';
import { makeWebhookApp } from './webhook.ts';

/** Where the three listeners go; port 0 stands for any free one. */
export interface ListenPlan {
  /** Of the webhook and operations listeners; the doors' one stays on loopback. */
  readonly host: string;
  readonly port: number;
  readonly operationsPort: number;
  readonly doorsPort: number;
  readonly tls: TlsOptions;
  /** How long it goes on accepting after it has said that it is not ready any more. */
  readonly shutdownDelayMs: number;
}

/** The ports that were really opened. */
export interface OpenPorts {
  readonly webhook: number;
  readonly operations: number;
  readonly doors: number;
}

export interface RunningServer {
  readonly ports: OpenPorts;
  /** Serves new connections with another certificate, and other callers where `clientCa` differs. */
  renew(tls: TlsOptions): void;
  /**
   * Not ready from the first moment on; goes on answering for `shutdownDelayMs` milliseconds, because whoever sends
   * requests needs a while to hear of it; then answers what has begun and closes everything.
   */
  stop(): Promise<void>;
}

/** The port map helps attackers: only this machine gets it, in a cluster through `kubectl port-forward`. */
export const DOORS_HOST = '127.0.0.1';

/** Kubernetes kills a pod 30 s after SIGTERM. */
const DRAIN_LIMIT_MS = 10_000;
const PROBE_DRAIN_LIMIT_MS = 1_000;

/** The listener for probes and metrics, open from the first moment: until the rest is, `/readyz` says why. */
export interface Operations {
  readonly port: number;
  close(): Promise<void>;
}

/** Opens the operations listener alone. */
export async function startOperations(
  gate: Gate,
  { host, operationsPort }: Pick<ListenPlan, 'host' | 'operationsPort'>,
): Promise<Result<Operations, string>> {
  const app = makeOperationsApp(gate, host);
  const opened = await listen(app, { host, port: operationsPort, flag: '--operations-port' });
  const close = (): Promise<void> => drain([app], PROBE_DRAIN_LIMIT_MS);
  if (opened.ok) return ok({ port: opened.value, close });
  await close();
  return opened;
}

/**
 * Opens the webhook and doors listeners, and from then on the gate may be ready. All listeners or none: each that cannot be
 * opened, `operations` included, is a problem that names its flag.
 */
export async function startServer(
  gate: Gate,
  operations: Result<Operations, string>,
  plan: Omit<ListenPlan, 'operationsPort'>,
): Promise<Result<RunningServer, string>> {
  const webhookApp = makeWebhookApp(gate, plan.host, plan.tls);
  const doorsApp = makeDoorsApp(gate, DOORS_HOST);
  const [webhook, doors] = await Promise.all([
    listen(webhookApp, { host: plan.host, port: plan.port, flag: '--port' }),
    listen(doorsApp, { host: DOORS_HOST, port: plan.doorsPort, flag: '--doors-port' }),
  ]);
  if (!webhook.ok || !doors.ok || !operations.ok) {
    await drain([webhookApp, doorsApp], 0);
    if (operations.ok) await operations.value.close();
    return failed([webhook, doors, operations].flatMap((result) => (result.ok ? [] : result.problems)));
  }
  const { port: operationsPort, close: closeOperations } = operations.value;
  gate.finishStarting();
  return ok({
    ports: { webhook: webhook.value, operations: operationsPort, doors: doors.value },
    renew: (tls) => renewTls(webhookApp, tls),
    stop: async () => {
      gate.startDraining();
      await sleep(plan.shutdownDelayMs);
      await drain([webhookApp, doorsApp], DRAIN_LIMIT_MS);
      // The probes last: until then they say why the gate is not ready.
      await closeOperations();
    },
  });
}
