import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { isSubjectOf } from './authority.ts';
import { DEVELOPMENT_NAMES, KEY_MARKER, missingName } from './leaf.ts';

/** What a TLS listener needs, PEM, named after the files of a kubernetes.io/tls Secret. */
export interface Material {
  /** `tls.crt`: the server certificate, followed by intermediate ones if there are any. */
  readonly cert: string;
  /** `tls.key` */
  readonly key: string;
  /** `ca.crt`: what callers must trust; undefined where the files have none (`kubectl create secret tls` makes none). */
  readonly ca: string | undefined;
}

export interface Judgement {
  /**
   * `renew`: works now, but not for much longer. `stale`: consistent, but outside its time. `broken`: cannot be served,
   * whatever the time.
   */
  readonly state: 'good' | 'renew' | 'stale' | 'broken';
  /** What is wrong, for a message; empty when good. */
  readonly reason: string;
  /** Made by the gate itself, so it may replace it. */
  readonly ours: boolean;
  /** The end of the server certificate or of its authority, whichever is first; undefined when broken. */
  readonly expiresAt: Date | undefined;
}

/** With less than this left, a new certificate is due. */
export const RENEWAL_TIME_MS = 30 * 24 * 3_600_000;

/** Material that fits together. */
interface Chain {
  readonly cert: X509Certificate;
  /** The authorities of ca.crt that the chain hangs on; none without ca.crt. */
  readonly signers: readonly X509Certificate[];
}

/** Whether the material can be served at the moment `at`. No clock inside: a date in the future can be asked about, too. */
export function judge(material: Material, at: Date): Judgement {
  const chain = chainOf(material);
  if (typeof chain === 'string') {
    return { state: 'broken', reason: chain, ours: areOurs(material), expiresAt: undefined };
  }
  const { cert, signers } = chain;
  const ours = isOurLeaf(cert) && signers.some(isOurAuthority);
  const expiresAt = endOf(cert, signers);
  const judged = (state: Judgement['state'], reason: string): Judgement => ({ state, reason, ours, expiresAt });
  const fault = faultOfTime(cert, expiresAt, at);
  if (fault !== undefined) return judged('stale', fault);
  if (expiresAt.getTime() - at.getTime() < RENEWAL_TIME_MS) {
    return judged('renew', `the certificate expires on ${day(expiresAt)}`);
  }
  const missing = ours ? missingName(cert, DEVELOPMENT_NAMES) : undefined;
  return missing === undefined ? judged('good', '') : judged('renew', `the certificate is not for ${missing}`);
}

/** Or why the material does not fit together. */
function chainOf(material: Material): Chain | string {
  const links = readCertificates(material.cert);
  const [cert] = links;
  if (cert === undefined) return 'tls.crt is not a PEM certificate';
  const authorities = material.ca === undefined ? undefined : readCertificates(material.ca);
  if (authorities?.length === 0) return 'ca.crt is not a PEM certificate';
  const keyFault = faultOfKey(material.key, cert);
  const fault = keyFault ?? faultOfListener(material);
  if (fault !== undefined) return fault;
  if (authorities === undefined) return { cert, signers: [] };
  const signers = authorities.filter(({ publicKey }) => links.some((link) => link.verify(publicKey)));
  return signers.length === 0 ? 'tls.crt is not signed by ca.crt' : { cert, signers };
}

/**
 * The end of the certificate, or of the authority that it hangs on. ca.crt may be the root or an intermediate authority,
 * and may hold one that goes beside one that comes: of several, the one that lasts counts.
 */
function endOf(cert: X509Certificate, signers: readonly X509Certificate[]): Date {
  const ends = signers.map(({ validTo }) => Date.parse(validTo));
  return new Date(Math.min(Date.parse(cert.validTo), ends.length === 0 ? Infinity : Math.max(...ends)));
}

function faultOfTime({ validFrom }: X509Certificate, expiresAt: Date, at: Date): string | undefined {
  if (at >= expiresAt) return `the certificate expired on ${day(expiresAt)}`;
  const from = new Date(validFrom);
  return at < from ? `the certificate is not valid before ${from.toISOString()}` : undefined;
}

/**
 * Whether the gate made every one of the files that are there (all of none), although they may not fit together: what it
 * leaves when it is killed while it writes.
 */
export function areOurs({ cert, key, ca }: { readonly [Name in keyof Material]: string | undefined }): boolean {
  const isOurs = (pem: string, isMade: (certificate: X509Certificate) => boolean): boolean => {
    const [first, ...others] = readCertificates(pem);
    return first !== undefined && others.length === 0 && isMade(first);
  };
  return (
    (key === undefined || key.startsWith(KEY_MARKER)) &&
    (cert === undefined || isOurs(cert, isOurLeaf)) &&
    (ca === undefined || isOurs(ca, isOurAuthority))
  );
}

/** Why `key` is not what the owner of `cert` has; undefined when it is. */
export function faultOfKey(key: string, cert: X509Certificate): string | undefined {
  try {
    return cert.checkPrivateKey(createPrivateKey(key)) ? undefined : 'tls.key is not the key of tls.crt';
  } catch {
    return 'tls.key is not a PEM private key without passphrase';
  }
}

/** Why no listener takes the pair although it fits: a key that is too small, say, or a signature that is too weak. */
function faultOfListener({ cert, key }: Material): string | undefined {
  try {
    createSecureContext({ cert, key });
    return undefined;
  } catch (error) {
    const { reason = String(error) } = error instanceof Error && 'reason' in error ? error : {};
    return `tls.crt cannot be served (${String(reason)})`;
  }
}

export function isSameMaterial(a: Material | undefined, b: Material): boolean {
  return a?.cert === b.cert && a.key === b.key && a.ca === b.ca;
}

/** The certificates of a PEM text, in order; none when any of them is unreadable. */
export function readCertificates(pem: string): readonly X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch {
    return [];
  }
}

function isOurLeaf({ issuer }: X509Certificate): boolean {
  return isSubjectOf('development', issuer);
}

function isOurAuthority({ subject, issuer }: X509Certificate): boolean {
  return subject === issuer && isSubjectOf('development', subject);
}

/** The day, UTC, as in `2026-11-21`. */
export function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}
