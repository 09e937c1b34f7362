import { once } from 'node:events';
import type { X509Certificate } from 'node:crypto';
import { connect } from 'node:tls';

/** What a client that checks the certificate trusts, and the name that it asks for. */
export interface Expectation {
  readonly ca: string;
  readonly servername: string;
}

/**
 * The certificate that a new connection to this port of 127.0.0.1 is given. It is checked only against an expectation;
 * rejects when it does not meet that.
 */
export async function servedCertificate(port: number, expected?: Expectation): Promise<X509Certificate> {
  const how = expected ?? { servername: 'localhost', rejectUnauthorized: false };
  const socket = connect({ host: '127.0.0.1', port, ...how });
  await once(socket, 'secureConnect');
  const certificate = socket.getPeerX509Certificate();
  socket.destroy();
  if (certificate === undefined) throw new Error(`port ${port} has no certificate`);
  return certificate;
}
