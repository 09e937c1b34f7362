import { failed, ok, type Result } from '../domain/result.ts';
import type { TlsOptions } from './app.ts';
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
}

/** The ports that were really opened. */
export interface OpenPorts {
  readonly webhook: number;
  readonly operations: number;
  readonly doors: number;
}

export interface RunningServer {
  readonly ports: OpenPorts;
  /** Answers what has begun and closes everything; not ready from the first moment on. */
  stop(): Promise<void>;
}

/** The port map helps attackers: only this machine gets it, in a cluster through `kubectl port-forward`. */
export const DOORS_HOST = '127.0.0.1';

/** Kubernetes kills a pod 30 s after SIGTERM. */
const DRAIN_LIMIT_MS = 10_000;
const PROBE_DRAIN_LIMIT_MS = 1_000;

/**
 * Opens the three listeners, or none: every one that cannot be opened is a problem that names its flag. The operations
 * listener is the last, so that `/readyz` never sends requests to a webhook that does not listen yet.
 */
export async function startServer(gate: Gate, plan: ListenPlan): Promise<Result<RunningServer, string>> {
  const { host, tls } = plan;
  const webhookApp = makeWebhookApp(gate, host, tls);
  const doorsApp = makeDoorsApp(gate, DOORS_HOST);
  const operationsApp = makeOperationsApp(gate);
  const [webhook, doors] = await Promise.all([
    listen(webhookApp, { host, port: plan.port, flag: '--port' }),
    listen(doorsApp, { host: DOORS_HOST, port: plan.doorsPort, flag: '--doors-port' }),
  ]);
  // It is opened all the same, to find out whether it can be, but must not say ready.
  if (!webhook.ok || !doors.ok) gate.startDraining();
  const operations = await listen(operationsApp, { host, port: plan.operationsPort, flag: '--operations-port' });
  if (!webhook.ok || !doors.ok || !operations.ok) {
    await drain([webhookApp, doorsApp, operationsApp], 0);
    return failed([webhook, doors, operations].flatMap((result) => (result.ok ? [] : result.problems)));
  }
  return ok({
    ports: { webhook: webhook.value, operations: operations.value, doors: doors.value },
    stop: async () => {
      gate.startDraining();
      // The probes last: until then they say why the gate is not ready.
      await drain([webhookApp, doorsApp], DRAIN_LIMIT_MS);
      await drain([operationsApp], PROBE_DRAIN_LIMIT_MS);
    },
  });
}
