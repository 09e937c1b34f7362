import { ApiRefused, ApiTooLong, ApiUnreachable, ApiUnreadable } from '../cluster/api/api-errors.ts';
import type { KubeconfigChoice } from '../cluster/api/kubeconfig.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import { allOf } from '../domain/text.ts';
import type { SnapshotReading } from '../wire/snapshot.ts';
import { emptyPath } from './flag-faults.ts';
import { findKubeconfig } from './find-kubeconfig.ts';
import { problemWith } from './inputs/input-fault.ts';
import { type Io, programOf } from './io.ts';

/** Which cluster is asked, as the flags say. */
export interface ClusterFlags {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly inCluster?: boolean;
}

/** Whether they name one; else it is the one that kubectl would ask. */
export function namesCluster({ kubeconfig, context, inCluster }: ClusterFlags): boolean {
  return kubeconfig !== undefined || context !== undefined || inCluster === true;
}

/** What is wrong with the flags, also beside a dump, of which is said how it was given. */
export function clusterFaults(
  { kubeconfig, context, inCluster }: ClusterFlags,
  dump: '--inventory' | 'dump' | undefined,
): readonly string[] {
  const faults = [...emptyPath('--kubeconfig', kubeconfig === undefined ? [] : [kubeconfig])];
  if (context === '') faults.push('--context: the name is empty; name a context, or leave the flag out');
  const fromFile = [
    ...(kubeconfig === undefined ? [] : ['--kubeconfig']),
    ...(context === undefined ? [] : ['--context']),
  ];
  const asked = inCluster === true ? [...fromFile, '--in-cluster'] : fromFile;
  if (dump !== undefined && asked.length > 0) {
    faults.push(`${allOf([dump, ...asked])}: no cluster is asked where there is a dump; leave out either`);
  } else if (inCluster === true && fromFile.length > 0) {
    faults.push(`--in-cluster: only one cluster is asked; leave out either this or ${allOf(fromFile)}`);
  }
  return faults;
}

export interface LiveSnapshot extends SnapshotReading {
  /** For standard error. */
  readonly remarks: readonly string[];
}

/** Lists what the API server has; or why that could not be done. The client is loaded only here. */
export async function listCluster(flags: ClusterFlags, io: Io): Promise<Result<LiveSnapshot, string>> {
  const access = await accessFrom(flags, io);
  if (!access.ok) return access;
  const { choice, remarks } = access.value;
  const { connect } = await import('../cluster/api/api-client.ts');
  const client = await connect(choice);
  if (!client.ok) return client;
  const { server } = client.value;
  const whose = choice === 'in-cluster' ? '' : ` (${choice.kubeconfig})`;
  try {
    const { listSnapshot } = await import('../cluster/snapshot.ts');
    const { snapshot, faults } = await listSnapshot(client.value, new AbortController().signal);
    return ok({
      snapshot,
      problems: faults.map((fault) => problemWith(server, fault)),
      remarks: [...remarks, `reading ${server}${whose}`, ...rightsHint(snapshot.notKnown.length > 0, io)],
    });
  } catch (error) {
    if (!isOfApi(error)) throw error;
    return failed([error.message, ...rightsHint(error instanceof ApiRefused && error.status === 403, io)]);
  }
}

interface FoundAccess {
  readonly choice: KubeconfigChoice | 'in-cluster';
  readonly remarks: readonly string[];
}

async function accessFrom(
  { kubeconfig, context, inCluster }: ClusterFlags,
  io: Io,
): Promise<Result<FoundAccess, string>> {
  if (inCluster === true) return ok({ choice: 'in-cluster', remarks: [] });
  const found = await findKubeconfig(kubeconfig, io);
  if (!found.ok) return found;
  const { path, remarks } = found.value;
  return ok({ choice: { kubeconfig: path, ...(context !== undefined && { context }) }, remarks });
}

function rightsHint(isNeeded: boolean, io: Io): readonly string[] {
  return isNeeded
    ? [`${programOf(io)} audit --print-rbac prints the rights that it needs, for kubectl apply -f -`]
    : [];
}

function isOfApi(error: unknown): error is Error {
  return [ApiRefused, ApiTooLong, ApiUnreachable, ApiUnreadable].some((kind) => error instanceof kind);
}
