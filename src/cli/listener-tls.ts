import type { Logger } from 'pino';
import type { OnRestart } from '../cluster/reflector.ts';
import type { TlsOptions } from '../server/app.ts';
import type { RunningServer } from '../server/server.ts';
import type { Material } from '../tls/judge.ts';
import { type CertificateOrigin, followCertificate, type ServedCertificate } from './certificate.ts';
import { watchClientCa } from './client-ca.ts';
import type { Io } from './io.ts';

/** What the webhook listener serves and whom it lets in, each of which may change while it runs. */
export interface ListenerTls {
  readonly certificate: ServedCertificate;
  /** As of now, with this certificate. */
  optionsFor(material: Material): TlsOptions;
  /** From now on the listener is renewed whenever either changes. */
  attach(server: RunningServer): void;
  close(): void;
}

export interface TlsOrigins {
  readonly certificate: CertificateOrigin;
  /** File and content; undefined: everybody may call. */
  readonly clientCa: { readonly path: string; readonly pem: string } | undefined;
}

export function followTls(
  { certificate: origin, clientCa: authority }: TlsOrigins,
  { cwd, now }: Pick<Io, 'cwd' | 'now'>,
  { log, onRestart }: { readonly log: Logger; readonly onRestart: OnRestart },
): ListenerTls {
  let server: RunningServer | undefined;
  let served: Material | undefined;
  let clientCa = authority?.pem;
  // Kept only when the listener has taken it, so that a later change of the other one begins with what works.
  const renew = (material: Material | undefined, pem: string | undefined): void => {
    if (material !== undefined) server?.renew({ material, clientCa: pem });
    [served, clientCa] = [material, pem];
  };
  const certificate = followCertificate(origin, cwd, {
    now,
    log,
    onChange: (material) => renew(material, clientCa),
    onRestart,
  });
  const watched =
    authority &&
    watchClientCa(authority.path, cwd, {
      start: authority.pem,
      log,
      onChange: (pem) => renew(served, pem),
    });
  return {
    certificate: {
      ...certificate,
      problems: () => [...certificate.problems(), ...(watched === undefined ? [] : watched.problems())],
    },
    optionsFor: (material) => {
      served = material;
      return { material, clientCa };
    },
    attach: (running) => {
      server = running;
      // What changed while it was being opened.
      renew(served, clientCa);
    },
    close: () => {
      watched?.close();
      certificate.close();
    },
  };
}
