import type { HeldPort } from './inventory.ts';
import type { Service } from './service.ts';

/**
 * What is asked. `proposed`: the object may still be changed, by the gate's patch and by the API server's allocator
 * (`/mutate`, a manifest). `final`: what would be stored if nobody objects (`/validate`); nothing in it may change any more.
 */
export type Stage = 'proposed' | 'final';

/**
 * Where the object comes from. `request`: somebody asks an API server for it, or wants to know what that would say. `file`: it
 * stands in a file that nobody has applied yet. `cluster`: it runs.
 */
export type Origin = 'request' | 'file' | 'cluster';

export interface ServiceRequest {
  readonly origin: Origin;
  /** A CREATE, although the API server has just said that a Service of this name is there: it will refuse it. */
  readonly nameTaken?: true;
  /** Empty for a bare manifest. */
  readonly uid: string;
  readonly operation: 'CREATE' | 'UPDATE';
  readonly stage: Stage;
  /** A PATCH of `services/status`: labels and annotations may change, the spec may not. */
  readonly statusOnly: boolean;
  readonly dryRun: boolean;
  /** undefined where nobody is known to ask (a file). */
  readonly user: User | undefined;
  readonly service: Service;
  readonly oldService: Service | undefined;
  /**
   * For a bare manifest of a Service that the inventory already holds: the ports it has there, to be kept.
   * Empty for a real request, where oldObject says it.
   */
  readonly heldAlready: readonly HeldPort[];
}

export interface User {
  readonly username: string;
  readonly groups: readonly string[];
}
