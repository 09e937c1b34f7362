import type { Finding, Undetermined } from './finding.ts';
import type { Change } from './patch.ts';
import type { Path } from './path.ts';
import type { Service } from './service.ts';

/**
 * Why a port has its number: it had it before, the manifest says so, the hash of its key chose it, its owner was given it
 * seconds ago, or the API server picked it.
 */
export type Because = 'kept' | 'explicit' | 'hash' | 'hash, inventory incomplete' | 'reservation' | 'api-server';

/** A node port of the Service as it will be, with the reason for its number. */
export interface Assignment {
  /** Port name, port number, or `healthCheck`. */
  readonly port: string;
  readonly protocol: string;
  readonly nodePort: number;
  /** The pool the number lies in; undefined outside every pool. */
  readonly pool: string | undefined;
  readonly because: Because;
  readonly path: Path;
  /** The rendezvous key, under which a reservation is remembered. */
  readonly key: string;
}

/** What the policy says of one Service in one request. Immutable; the same input gives the same verdict through every door. */
export interface Verdict {
  /** False when no rule was asked: another resource, a delete, an exempt user, a Service that no policy matches. */
  readonly judged: boolean;
  /** Why it was left alone; only when not judged. */
  readonly untouchedBecause?: string;
  readonly findings: readonly Finding[];
  readonly undetermined: readonly Undetermined[];
  readonly assigned: readonly Assignment[];
  readonly changes: readonly Change[];
  /** Things to know that are no finding: an exception that ends soon. */
  readonly notices: readonly string[];
  /** The Service as it stands after the changes and the API server's own defaulting; undefined when not judged. */
  readonly service: Service | undefined;
}
