import { ApiRefused, ApiTooLong, ApiUnreachable, ApiUnreadable } from './api/api-errors.ts';

/** Why a list or a watch did not go on; a closed set, for it becomes the label of a metric. */
export type RestartReason =
  | 'unreachable'
  | 'silent'
  | 'gone'
  | 'backwards'
  | 'throttled'
  | 'refused'
  | 'server'
  | 'error-event'
  | 'unreadable'
  | 'short'
  | 'unexpected';

/** A watch that must end although the API server did not say so. */
export class WatchFault extends Error {
  override readonly name = 'WatchFault';
  readonly reason: RestartReason;

  constructor(reason: RestartReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

export interface Judged {
  readonly reason: RestartReason;
  readonly message: string;
  /**
   * Whether what is known may no longer fit together with what the API server has: then only a list helps. After a broken
   * connection the next one may lead to a server with another history (etcd restored), where a watch from a
   * resourceVersion of the future would stay silent without an error.
   */
  readonly needsList: boolean;
  readonly retryAfterMs: number;
}

const NEEDS_LIST: ReadonlySet<RestartReason> = new Set(['unreachable', 'silent', 'gone', 'backwards', 'unexpected']);

export function judgeFault(error: unknown): Judged {
  const reason = reasonOf(error);
  return {
    reason,
    message: error instanceof Error ? error.message : String(error),
    needsList: NEEDS_LIST.has(reason),
    retryAfterMs: error instanceof ApiRefused ? (error.retryAfterMs ?? 0) : 0,
  };
}

function reasonOf(error: unknown): RestartReason {
  if (error instanceof WatchFault) return error.reason;
  if (error instanceof ApiUnreachable) return 'unreachable';
  if (error instanceof ApiUnreadable || error instanceof ApiTooLong) return 'unreadable';
  return error instanceof ApiRefused ? reasonOfStatus(error.status) : 'unexpected';
}

function reasonOfStatus(status: number): RestartReason {
  if (status === 410) return 'gone';
  if (status === 429) return 'throttled';
  return status >= 500 ? 'server' : 'refused';
}
