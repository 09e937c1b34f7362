import type { ApiClient } from '../cluster/api/api-client.ts';
import { failed, ok, problemsOf, type Result } from '../domain/result.ts';
import type { Snapshot } from '../domain/snapshot.ts';
import { type CertificateOrigin, findCertificate } from './certificate.ts';
import { readClientCa } from './client-ca.ts';
import type { Io } from './io.ts';
import { findApiServer } from './live-cluster.ts';
import { defaultPolicyPath, type PolicyFiles, readPolicyFiles } from './policy-files.ts';
import type { Settings } from './settings.ts';

/** What must be right before anything listens. */
export interface ServeInputs {
  /** undefined without a cluster. */
  readonly client: ApiClient | undefined;
  readonly certificate: CertificateOrigin;
  readonly clientCa: string | undefined;
  /** What `--inventory` tells; undefined without it. */
  readonly dump: Snapshot | undefined;
  readonly policyPaths: readonly string[];
  /** Read, but not compiled. */
  readonly policyFiles: PolicyFiles;
}

/** Reads everything that the settings name, or gives every problem with any of it. */
export async function readInputs(settings: Settings, io: Io): Promise<Result<ServeInputs, string>> {
  const { cwd, now } = io;
  const client = await findApiServer(settings.cluster, cwd);
  if (!client.ok) return failed([...client.problems, ...problemsOf(await readFiles(settings, io))]);
  const [certificate, files] = await Promise.all([
    findCertificate(settings.certificate, client.value, { cwd, now: now() }),
    readFiles(settings, io),
  ]);
  if (!certificate.ok || !files.ok) return failed([...problemsOf(certificate), ...problemsOf(files)]);
  return ok({ client: client.value, certificate: certificate.value, ...files.value });
}

async function readFiles(
  { clientCa, inventory, policy }: Settings,
  io: Io,
): Promise<Result<Omit<ServeInputs, 'client' | 'certificate'>, string>> {
  const { cwd } = io;
  const policyPaths = policy.length === 0 ? [defaultPolicyPath(cwd)] : policy;
  const [authority, dump, policyFiles] = await Promise.all([
    clientCa === undefined ? ok(undefined) : readClientCa(clientCa, cwd),
    inventory === undefined ? ok(undefined) : readDump(inventory, io),
    readPolicyFiles(policyPaths, cwd),
  ]);
  const unreadable = policyFiles.unreadable.map((problem) => `--policy ${problem}`);
  if (authority.ok && dump.ok && unreadable.length === 0) {
    return ok({ clientCa: authority.value, dump: dump.value, policyPaths, policyFiles });
  }
  return failed([...problemsOf(authority), ...problemsOf(dump), ...unreadable]);
}

/** Loaded only where there is one. */
async function readDump(path: string, io: Io): Promise<Result<Snapshot, string>> {
  const { readWholeDump } = await import('./dump-snapshot.ts');
  return readWholeDump(path, io);
}
