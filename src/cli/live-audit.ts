import type { ApiClient } from '../cluster/api/api-client.ts';
import { type AuditLoop, type AuditParts, type Looked, startAudits } from '../server/audit-loop.ts';

/** Where the audited Services are. */
export interface AuditSource {
  /** undefined without a cluster. */
  readonly client: ApiClient | undefined;
  /** What `--inventory` says; undefined without one. */
  readonly dump: Looked | undefined;
  /** 0: the cluster is not audited. */
  readonly intervalMs: number;
}

/** A dump does not change, but exceptions end. */
const DUMP_INTERVAL_MS = 3_600_000;

/** Replicas start within seconds of one another, and so do they get a new policy. A dump is there already. */
const SPREAD_MS = 10_000;

/** Audits the cluster as often as it is told to, a dump always: it costs nobody anything. undefined: there is nothing to audit. */
export function startAuditing(
  { client, dump, intervalMs }: AuditSource,
  parts: Omit<AuditParts, 'look' | 'intervalMs' | 'spreadMs'>,
): AuditLoop | undefined {
  if (dump !== undefined) {
    const look = (): Promise<Looked> => Promise.resolve(dump);
    return startAudits({ ...parts, look, intervalMs: intervalMs || DUMP_INTERVAL_MS, spreadMs: 0 });
  }
  if (client === undefined || intervalMs === 0) return undefined;
  return startAudits({
    ...parts,
    look: async (signal) => (await import('../cluster/snapshot.ts')).listSnapshot(client, signal),
    intervalMs,
    spreadMs: SPREAD_MS,
  });
}
