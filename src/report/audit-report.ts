import type { CheckReport } from './check-report.ts';
import type { Comparison } from './comparison.ts';
import type { PortMap } from './port-map.ts';

/** Everything that a run of `audit` has to say: what `check` says of manifests, and what only a whole cluster shows. */
export interface AuditReport extends CheckReport {
  readonly map: PortMap;
  /** Only where another policy was asked about. */
  readonly comparison: Comparison | undefined;
  /** The page without its map; only for html. */
  readonly page: string;
}
