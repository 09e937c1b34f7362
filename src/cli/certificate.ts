import { join, resolve } from 'node:path';
import type { Logger } from 'pino';
import type { ApiClient } from '../cluster/api/api-client.ts';
import { keepCaBundle } from '../cluster/certificate/ca-bundle.ts';
import { openCertSecret } from '../cluster/certificate/cert-secret.ts';
import type { OnRestart } from '../cluster/reflector.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import type { CertificateState } from '../server/gate.ts';
import { watchCertDirectory } from '../tls/cert-directory.ts';
import type { CertificateSource } from '../tls/certificate-source.ts';
import { day, type Material } from '../tls/judge.ts';
import { openStore, type StoredMaterial } from '../tls/store.ts';
import type { CertificatePlace } from './settings.ts';

/** The server certificate from wherever the settings say. */
export interface ServedCertificate extends CertificateState {
  /** Resolves when there is one for the first time; it may take until somebody acts. */
  readonly ready: Promise<CertificateSource>;
  /** One line for the operator: where it is, until when it is valid, whether it was just made. */
  describe(): string;
  close(): void;
}

export interface CertificateParts {
  now(): Date;
  readonly log: Logger;
  /** Other material is to be served from now on; not called for the first. */
  onChange(material: Material): void;
  /** Of the watches of a Secret and of the webhook configurations. */
  readonly onRestart: OnRestart;
}

/** Where the certificate comes from, ready to be followed. */
export type CertificateOrigin =
  | { readonly kind: 'directory'; readonly directory: string; readonly stored: StoredMaterial }
  | (Extract<CertificatePlace, { readonly kind: 'secret' }> & { readonly client: ApiClient });

/** What is in the directory, or made there; a Secret is read when it is followed. */
export async function findCertificate(
  place: CertificatePlace,
  client: ApiClient | undefined,
  { cwd, now }: { readonly cwd: string; readonly now: Date },
): Promise<Result<CertificateOrigin, string>> {
  if (place.kind === 'secret') {
    return client === undefined ? failed(['a Secret needs a cluster']) : ok({ ...place, client });
  }
  const stored = await openStore(resolve(cwd, place.directory), now);
  return stored.ok ? ok({ kind: 'directory', directory: place.directory, stored: stored.value }) : stored;
}

export function followCertificate(origin: CertificateOrigin, cwd: string, parts: CertificateParts): ServedCertificate {
  return origin.kind === 'directory' ? followDirectory(origin, cwd, parts) : followSecret(origin, parts);
}

function followDirectory(
  { directory, stored }: Extract<CertificateOrigin, { readonly kind: 'directory' }>,
  cwd: string,
  { now, log, onChange }: CertificateParts,
): ServedCertificate {
  const source = watchCertDirectory(resolve(cwd, directory), {
    start: stored,
    now,
    onChange: (material, expiresAt) => {
      onChange(material);
      log.info({ expiresAt }, 'certificate replaced');
    },
    onProblem: (problems) => log.warn({ problems }, 'certificate not replaced'),
  });
  const made = { found: '', made: ', made just now', renewed: ', renewed just now: callers need the new ca.crt' };
  const path = join(directory, 'tls.crt');
  return {
    ready: Promise.resolve(source),
    expiresAt: source.expiresAt,
    problems: source.problems,
    describe: () => `${path} until ${day(source.expiresAt())}${made[stored.origin]}`,
    close: source.close,
  };
}

/** The Secret and the webhook configurations that must trust it: neither changes before the other is ready for it. */
function followSecret(
  { namespace, name, service, webhookConfiguration, client }: Extract<CertificateOrigin, { readonly kind: 'secret' }>,
  { now, log, onChange, onRestart }: CertificateParts,
): ServedCertificate {
  let source: CertificateSource | undefined;
  const keeper = keepCaBundle(client, { name: webhookConfiguration, bundle: () => secret.bundle(), onRestart });
  const secret = openCertSecret(client, {
    namespace,
    name,
    serviceName: service,
    now,
    trustedForMs: keeper.trustedForMs,
    onRestart,
    onChange: (material) => {
      keeper.refresh();
      if (source === undefined) return;
      onChange(material);
      log.info({ expiresAt: source.expiresAt() }, 'certificate replaced');
    },
    onProblem: (problems) => log.warn({ problems }, 'certificate not replaced'),
  });
  const place = `Secret ${namespace}/${name}`;
  return {
    ready: secret.ready.then((first) => {
      source = first;
      return first;
    }),
    expiresAt: () => source?.expiresAt(),
    problems: () => [...secret.problems(), ...keeper.remarks()],
    describe: () => (source === undefined ? place : `${place} until ${day(source.expiresAt())}`),
    close: () => {
      secret.close();
      keeper.close();
    },
  };
}
