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

/** Audits the cluster as often as it is told to, a dump always: it costs nobody anything. undefined: there is nothing to audit. */
export function startAuditing(
  { client, dump, intervalMs }: AuditSource,
  parts: Omit<AuditParts, 'look' | 'intervalMs'>,
): AuditLoop | undefined {
  if (dump !== undefined) {
    return startAudits({ ...parts, look: () => Promise.resolve(dump), intervalMs: intervalMs || DUMP_INTERVAL_MS });
  }
  if (client === undefined || intervalMs === 0) return undefined;
  return startAudits({
    ...parts,
    look: async (signal) => (await import('../cluster/snapshot.ts')).listSnapshot(client, signal),
    intervalMs,
  });
}
