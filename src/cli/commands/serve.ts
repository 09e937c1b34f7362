import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { inventoryOf } from '../../domain/inventory.ts';
import { failed, ok, type Result } from '../../domain/result.ts';
import { makeLog, openLogStream } from '../../server/decision-log.ts';
import { type Gate, makeGate } from '../../server/gate.ts';
import { makeMetrics } from '../../server/metrics.ts';
import { startServer } from '../../server/server.ts';
import { openStore, type StoredMaterial } from '../../tls/store.ts';
import { announcement } from '../announcement.ts';
import { fileFault } from '../file-fault.ts';
import { type LoadedInventory, loadInventory } from '../inventory-file.ts';
import type { ExitCode, Io } from '../io.ts';
import {
  compileFiles,
  defaultPolicyPath,
  type LoadedPolicy,
  type PolicyFiles,
  readPolicyFiles,
} from '../policy-files.ts';
import { type LogLevel, type ServeFlags, type Settings, settingsFrom } from '../settings.ts';
import { exceptionWarnings, sharedNumberWarnings } from '../start-warnings.ts';
import { VERSION } from '../version.ts';

/** What must be right before anything listens. */
interface Inputs {
  readonly stored: StoredMaterial;
  readonly clientCa: string | undefined;
  /** undefined without `--inventory`. */
  readonly loaded: LoadedInventory | undefined;
  readonly policyPaths: readonly string[];
  /** Read, but not compiled. */
  readonly policyFiles: PolicyFiles;
}

/**
 * Runs the gate until the operator stops it. Wrong flags, certificates, inventory or policy paths end it with 2; policy
 * documents that can be read but do not compile leave it running, not ready, and `/readyz` tells why.
 */
export async function serve(flags: ServeFlags, io: Io): Promise<ExitCode> {
  const settings = settingsFrom(flags, io.env);
  if (!settings.ok) return complain(io, settings.problems);
  const inputs = await readInputs(settings.value, io);
  if (!inputs.ok) return complain(io, inputs.problems);
  return run(settings.value, inputs.value, io);
}

async function readInputs(settings: Settings, io: Io): Promise<Result<Inputs, string>> {
  const directory = resolve(io.cwd, settings.certDir);
  const { clientCa, inventory } = settings;
  const policyPaths = settings.policy.length === 0 ? [defaultPolicyPath(io.cwd)] : settings.policy;
  const [store, authority, loaded, policyFiles] = await Promise.all([
    openStore(directory, io.now()),
    clientCa === undefined ? ok(undefined) : readClientCa(clientCa, io.cwd),
    inventory === undefined ? ok(undefined) : loadInventory(inventory, io.cwd),
    readPolicyFiles(policyPaths, io.cwd),
  ]);
  const unreadable = policyFiles.unreadable.map((problem) => `--policy ${problem}`);
  if (store.ok && authority.ok && loaded.ok && unreadable.length === 0) {
    return ok({ stored: store.value, clientCa: authority.value, loaded: loaded.value, policyPaths, policyFiles });
  }
  const problems = [store, authority, loaded].flatMap((result) => (result.ok ? [] : result.problems));
  return failed([...problems, ...unreadable]);
}

async function readClientCa(path: string, cwd: string): Promise<Result<string, string>> {
  try {
    const text = await readFile(resolve(cwd, path), 'utf8');
    if (text.includes('-----BEGIN CERTIFICATE-----')) return ok(text);
    return failed([`${path}: this is not a PEM certificate; name the file with the CA of the callers`]);
  } catch (error) {
    return failed([`${path}: ${fileFault(error)}`]);
  }
}

async function run(settings: Settings, inputs: Inputs, io: Io): Promise<ExitCode> {
  const { stored, clientCa, loaded, policyPaths, policyFiles } = inputs;
  const policy = compileFiles(policyFiles);
  const gate = gateOf(policy, loaded, settings.logLevel, io);
  gate.metrics.setCertificateEnd(stored.expiresAt);
  const { host, port, operationsPort, doorsPort } = settings;
  const tls = { material: stored.material, clientCa };
  const server = await startServer(gate, { host, port, operationsPort, doorsPort, tls });
  if (!server.ok) return complain(io, server.problems);
  // Before anybody can read the announcement and send a signal.
  const stopped = io.untilStopped();

  complain(io, policy.ok ? policy.value.warnings : policy.problems);
  complain(io, exceptionWarnings(gate.policy()?.exceptions ?? [], io.now()));
  complain(io, sharedNumberWarnings(gate.inventory().held, settings.inventory ?? ''));
  complain(io, stored.warning === '' ? [] : [stored.warning]);
  const { ports } = server.value;
  const policyHash = gate.policy()?.hash;
  const certificate = certificateText(stored, settings.certDir);
  io.err.write(announcement({ settings, ports, policyPaths, policyHash, certificate, held: loaded?.inventory.held }));
  await stopped;
  await server.value.stop();
  return 0;
}

function gateOf(
  policy: Result<LoadedPolicy, string>,
  loaded: LoadedInventory | undefined,
  logLevel: LogLevel,
  io: Io,
): Gate {
  const metrics = makeMetrics(VERSION, { withProcess: true });
  return makeGate({
    policy: policy.ok ? policy.value.policy : undefined,
    policyProblems: policy.ok ? [] : policy.problems,
    inventory: loaded?.inventory ?? inventoryOf([]),
    namespaceLabels: loaded?.namespaceLabels ?? new Map(),
    now: io.now,
    metrics,
    log: makeLog(logLevel, openLogStream(metrics.countDroppedLogLine)),
  });
}

function certificateText({ origin, expiresAt }: StoredMaterial, certDir: string): string {
  const made = { found: '', made: ', made just now', renewed: ', renewed just now: callers need the new ca.crt' }[
    origin
  ];
  return `${join(certDir, 'tls.crt')} until ${expiresAt.toISOString().slice(0, 10)}${made}`;
}

function complain(io: Io, lines: readonly string[]): ExitCode {
  for (const line of lines) io.err.write(`${line}\n`);
  return 2;
}
