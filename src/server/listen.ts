import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { own } from '../domain/json.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import { urlHost } from './host.ts';

export interface ListenAddress {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** The flag that changes the port, for messages. */
  readonly flag: string;
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is in use; stop the other program, or choose another port with',
  EACCES: 'may not be opened by this user; choose a port above 1023 with',
};

/** Opens the socket and gives back the real port. */
export async function listen(app: FastifyInstance, address: ListenAddress): Promise<Result<number, string>> {
  const { host, port, flag } = address;
  try {
    await app.listen({ host, port });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const reason = own(REASONS, code);
    const place = `${urlHost(host)}:${port}`;
    if (reason !== undefined) return failed([`${place} ${reason} ${flag}`]);
    const why = error instanceof Error ? error.message : String(error);
    return failed([`${place} cannot be listened on (${why}); choose an address of this machine with --host`]);
  }
  return ok(portOf(app));
}

function portOf(app: FastifyInstance): number {
  const address: AddressInfo | string | null = app.server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/**
 * Stops accepting, answers what has begun, with `Connection: close`, and closes idle connections. What is not done after
 * `limitMs` milliseconds is cut off: a client that sends one byte a second must not keep the process.
 */
export async function drain(apps: readonly FastifyInstance[], limitMs: number): Promise<void> {
  const cutOff = setTimeout(() => {
    for (const app of apps) app.server.closeAllConnections();
  }, limitMs);
  cutOff.unref();
  await Promise.all(apps.map((app) => app.close()));
  clearTimeout(cutOff);
}
