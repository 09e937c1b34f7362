import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Result } from '../../domain/result.ts';
import type { Access, AccessSource } from './credentials.ts';
import { ApiUnreachable } from './api-errors.ts';

/** Credentials with the connections that were opened with them. */
export interface Session {
  readonly access: Access;
  readonly agent: HttpAgent;
}

export interface Sessions {
  /** The current one. Rejects with ApiUnreachable while no credentials could ever be read. */
  open(): Promise<Session>;
  /** The next one reads the credentials again. */
  refresh(): void;
  /** The same, and a login that is kept in memory is not used again. */
  renewLogin(): void;
}

/** As client-go: a replaced token is used within a minute; the former one stays valid for longer. */
const FRESH_MS = 60_000;
/** Below the idle timeouts of API servers and load balancers, so that a kept connection is seldom a closed one. */
const IDLE_CONNECTION_MS = 50_000;

/**
 * One pool of connections for as long as the certificates stay the same: a pool per request, as the Kubernetes client makes
 * them, would cost a TLS handshake each time.
 */
export function makeSessions(source: AccessSource): Sessions {
  let current: { readonly session: Session; readonly key: string } | undefined;
  let readAt = 0;
  let reading: Promise<Session> | undefined;

  function take(read: Result<Access, string>): Session {
    if (!read.ok) {
      // A token that is being replaced may be missing for a moment.
      if (current !== undefined) return current.session;
      throw new ApiUnreachable(read.problems.join('; '));
    }
    const access = read.value;
    const key = JSON.stringify([access.server, access.tls]);
    const agent = access.agent ?? (current?.key === key ? current.session.agent : makeAgent(access));
    current = { session: { access, agent }, key };
    readAt = performance.now();
    return current.session;
  }

  return {
    open() {
      if (current !== undefined && readAt !== 0 && performance.now() - readAt < FRESH_MS) {
        return Promise.resolve(current.session);
      }
      // One at a time, however long a login takes.
      reading ??= source
        .read()
        .then(take)
        .finally(() => {
          reading = undefined;
        });
      return reading;
    },
    refresh() {
      readAt = 0;
    },
    renewLogin() {
      readAt = 0;
      source.forgetLogin();
    },
  };
}

function makeAgent({ server, tls }: Access): HttpAgent {
  const pool = { keepAlive: true, timeout: IDLE_CONNECTION_MS, scheduling: 'lifo' } as const;
  return server.startsWith('https:') ? new HttpsAgent({ ...pool, ...tls }) : new HttpAgent(pool);
}
