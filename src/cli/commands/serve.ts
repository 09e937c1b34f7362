import { fixedView } from '../../cluster/cluster-view.ts';
import { inventoryOf } from '../../domain/inventory.ts';
import type { Result } from '../../domain/result.ts';
import { NO_AUDITS } from '../../server/audit-state.ts';
import { makeLog, openLogStream } from '../../server/decision-log.ts';
import { type Gate, makeGate } from '../../server/gate.ts';
import { makeMetrics } from '../../server/metrics.ts';
import { makeReservations, RESERVATION_MS } from '../../server/reservations.ts';
import { type Operations, type RunningServer, startOperations, startServer } from '../../server/server.ts';
import { announcement } from '../announcement.ts';
import type { ExitCode, Io } from '../io.ts';
import { followTls, type ListenerTls } from '../listener-tls.ts';
import { startAuditing } from '../live-audit.ts';
import { followCluster, tellOfRestarts } from '../live-cluster.ts';
import { loadPage } from '../page-file.ts';
import { followPolicy } from '../policy-in-force.ts';
import type { PolicySource } from '../policy-source.ts';
import { readInputs, type ServeInputs } from '../serve-inputs.ts';
import { type ServeFlags, type Settings, settingsFrom } from '../settings.ts';
import { exceptionWarnings, sharedNumberWarnings } from '../start-warnings.ts';
import { VERSION } from '../version.ts';

/** A gate with what it follows until it is closed. */
interface OpenGate {
  readonly gate: Gate;
  readonly policy: PolicySource;
  readonly tls: ListenerTls;
  close(): void;
}

/**
 * Runs the gate until the operator stops it. Wrong flags, certificates, inventory, kubeconfig or policy paths end it with
 * 2; what may mend itself (policy documents that do not compile, an API server that does not answer) leaves it running, not
 * ready, and `/readyz` tells why.
 */
export async function serve(flags: ServeFlags, io: Io): Promise<ExitCode> {
  const settings = settingsFrom(flags, io.env);
  if (!settings.ok) return complain(io, settings.problems);
  const inputs = await readInputs(settings.value, io);
  if (!inputs.ok) return complain(io, inputs.problems);
  const open = openGate(settings.value, inputs.value, io);
  try {
    return await run(settings.value, inputs.value, open, io);
  } finally {
    open.close();
  }
}

function openGate(settings: Settings, { client, certificate, clientCa, ...inputs }: ServeInputs, io: Io): OpenGate {
  const metrics = makeMetrics(VERSION, { withProcess: true });
  const log = makeLog(settings.logLevel, openLogStream(metrics.countDroppedLogLine));
  const policy = followPolicy(inputs.policyPaths, io, {
    start: inputs.policyFiles,
    metrics,
    log,
    onTaken: () => audits?.again(),
  });
  const reservations = makeReservations(RESERVATION_MS);
  const cluster = client && followCluster(client, { metrics, log, reservations });
  const authority = clientCa === undefined ? undefined : { path: settings.clientCa ?? '', pem: clientCa };
  const tls = followTls({ certificate, clientCa: authority }, io, { log, onRestart: tellOfRestarts({ metrics, log }) });
  const { services = [], namespaceLabels = new Map() } = inputs.dump ?? {};
  const { auditIntervalMs: intervalMs } = settings;
  const audits = startAuditing(
    { client, dump: inputs.dump && { snapshot: inputs.dump, faults: [] }, intervalMs },
    { policy: policy.policy, now: io.now, metrics, log },
  );
  const gate = makeGate({
    policy,
    cluster: cluster ?? fixedView(inventoryOf(services), namespaceLabels),
    certificate: tls.certificate,
    reservations,
    audit: audits ?? NO_AUDITS,
    page: loadPage,
    now: io.now,
    metrics,
    log,
  });
  return {
    gate,
    policy,
    tls,
    close: () => {
      audits?.stop();
      tls.close();
      cluster?.close();
      policy.close();
    },
  };
}

async function run(settings: Settings, inputs: ServeInputs, open: OpenGate, io: Io): Promise<ExitCode> {
  // Before anybody can read the announcement and send a signal.
  const stopped = io.untilStopped();
  const operations = await startOperations(open.gate, settings);
  if (operations.ok) complain(io, [...open.policy.first.problems, ...open.policy.first.warnings]);
  const started = await startWebhook(settings, open, operations, stopped);
  if (started === undefined) return 0;
  if (!started.ok) return complain(io, started.problems);
  complain(io, startWarnings(open.gate, settings, io));
  io.err.write(announce(settings, inputs, open, started.value));
  await stopped;
  await started.value.stop();
  return 0;
}

/** Waits for a certificate first; undefined when the operator did not wait for it. */
async function startWebhook(
  settings: Settings,
  { gate, tls }: OpenGate,
  operations: Result<Operations, string>,
  stopped: Promise<void>,
): Promise<Result<RunningServer, string> | undefined> {
  // A Secret may take until the API server answers; whatever is wrong already should not wait for it.
  const source = await Promise.race([tls.certificate.ready, stopped, ...(operations.ok ? [] : [Promise.resolve()])]);
  if (source === undefined) {
    if (!operations.ok) return operations;
    await operations.value.close();
    return undefined;
  }
  const plan = { ...settings, tls: tls.optionsFor(source.material()) };
  const started = await startServer(gate, operations, plan);
  if (started.ok) tls.attach(started.value);
  return started;
}

function announce(
  settings: Settings,
  { policyPaths, client, dump }: ServeInputs,
  { gate, tls }: OpenGate,
  { ports }: RunningServer,
): string {
  return announcement({
    settings,
    ports,
    policyPaths,
    policyHash: gate.policy()?.hash,
    notReady: gate.notReady(),
    certificate: tls.certificate.describe(),
    server: client?.server,
    held: dump && gate.cluster.inventory().held,
  });
}

function startWarnings(gate: Gate, { inventory }: Settings, io: Io): readonly string[] {
  return [
    ...exceptionWarnings(gate.policy()?.exceptions ?? [], io.now()),
    ...(inventory === undefined ? [] : sharedNumberWarnings(gate.cluster.inventory().held, inventory)),
    ...gate.remarks(),
  ];
}

function complain(io: Io, lines: readonly string[]): ExitCode {
  for (const line of lines) io.err.write(`${line}\n`);
  return 2;
}
