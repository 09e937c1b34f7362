import type { FastifyInstance } from 'fastify';
import { failed, ok, type Result } from '../domain/result.ts';
import type { TlsOptions } from './app.ts';
import { makeDoorsApp } from './doors.ts';
import type { Gate } from './gate.ts';
import { drain, listen, type ListenAddress } from './listen.ts';
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

/** Opens the three listeners, or none: every one that cannot be opened is a problem that names its flag. */
export async function startServer(gate: Gate, plan: ListenPlan): Promise<Result<RunningServer, string>> {
  const { host, tls } = plan;
  const webhookApp = makeWebhookApp(gate, host, tls);
  const operationsApp = makeOperationsApp(gate);
  const doorsApp = makeDoorsApp(gate, DOORS_HOST);
  const listeners: readonly (readonly [FastifyInstance, ListenAddress])[] = [
    [webhookApp, { host, port: plan.port, flag: '--port' }],
    [operationsApp, { host, port: plan.operationsPort, flag: '--operations-port' }],
    [doorsApp, { host: DOORS_HOST, port: plan.doorsPort, flag: '--doors-port' }],
  ];
  const apps = listeners.map(([app]) => app);
  const opened = await Promise.all(listeners.map(([app, address]) => listen(app, address)));
  const problems = opened.flatMap((result) => (result.ok ? [] : result.problems));
  if (problems.length > 0) {
    await drain(apps, 0);
    return failed(problems);
  }
  const [webhook = 0, operations = 0, doors = 0] = opened.map((result) => (result.ok ? result.value : 0));
  return ok({
    ports: { webhook, operations, doors },
    stop: async () => {
      gate.startDraining();
      // The probes last: until then they say why the gate is not ready.
      await drain([webhookApp, doorsApp], DRAIN_LIMIT_MS);
      await drain([operationsApp], PROBE_DRAIN_LIMIT_MS);
    },
  });
}
