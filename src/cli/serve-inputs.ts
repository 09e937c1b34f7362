import type { ApiClient } from '../cluster/api/api-client.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import { describeProblemAt } from '../report/problem-line.ts';
import type { Looked } from '../server/audit-loop.ts';
import { type CertificateOrigin, findCertificate } from './certificate.ts';
import { readClientCa } from './client-ca.ts';
import { type LoadedInventory, loadInventory } from './inventory-file.ts';
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
  /** undefined without `--inventory`. */
  readonly loaded: LoadedInventory | undefined;
  /** Everything that the same file tells, for audits. */
  readonly dump: Looked | undefined;
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
  const [authority, loaded, policyFiles] = await Promise.all([
    clientCa === undefined ? ok(undefined) : readClientCa(clientCa, cwd),
    inventory === undefined ? ok(undefined) : loadInventory(inventory, cwd),
    readPolicyFiles(policyPaths, cwd),
  ]);
  const unreadable = policyFiles.unreadable.map((problem) => `--policy ${problem}`);
  if (authority.ok && loaded.ok && unreadable.length === 0) {
    const dump = inventory === undefined ? undefined : await readDump(inventory, io);
    return ok({ clientCa: authority.value, loaded: loaded.value, dump, policyPaths, policyFiles });
  }
  return failed([...problemsOf(authority), ...problemsOf(loaded), ...unreadable]);
}

/** Nodes, pods and endpoints beside the Services; undefined where there is no Service. */
async function readDump(path: string, io: Io): Promise<Looked | undefined> {
  const { readDumps } = await import('./dump-snapshot.ts');
  const read = await readDumps([path], io);
  if (!read.ok) return undefined;
  const { snapshot, problems } = read.value;
  return { snapshot, faults: problems.map(describeProblemAt) };
}

function problemsOf(result: Result<unknown, string>): readonly string[] {
  return result.ok ? [] : result.problems;
}
