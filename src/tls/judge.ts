import { createPrivateKey, X509Certificate } from 'node:crypto';
import { DEVELOPMENT_CA_NAME } from './authority.ts';
import { KEY_MARKER, SERVER_ADDRESSES, SERVER_NAMES } from './leaf.ts';

/** What a TLS listener needs, PEM, named after the files of a kubernetes.io/tls Secret. */
export interface Material {
  /** `tls.crt`: the server certificate, followed by intermediate ones if there are any. */
  readonly cert: string;
  /** `tls.key` */
  readonly key: string;
  /** `ca.crt`: what callers must trust. */
  readonly ca: string;
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

const RENEWAL_TIME_MS = 30 * 24 * 3_600_000;

/** Whether the material can be served at the moment `at`. No clock inside: a date in the future can be asked about, too. */
export function judge(material: Material, at: Date): Judgement {
  const chain = readCertificates(material.cert);
  const authorities = readCertificates(material.ca);
  const [cert] = chain;
  const [ca] = authorities;
  const broken = (reason: string): Judgement => {
    return { state: 'broken', reason, ours: areOurs(material), expiresAt: undefined };
  };
  if (cert === undefined) return broken('tls.crt is not a PEM certificate');
  if (ca === undefined) return broken('ca.crt is not a PEM certificate');
  const keyFault = faultOfKey(material.key, cert);
  if (keyFault !== undefined) return broken(keyFault);
  // ca.crt may be the root or an intermediate authority, and may hold an old one beside the new one.
  if (!chain.some((link) => authorities.some((authority) => link.verify(authority.publicKey)))) {
    return broken('tls.crt is not signed by ca.crt');
  }
  const ours = isOurSet(cert, ca);
  const expiresAt = new Date(Math.min(Date.parse(cert.validTo), Date.parse(ca.validTo)));
  const judged = (state: Judgement['state'], reason: string): Judgement => ({ state, reason, ours, expiresAt });
  const left = expiresAt.getTime() - at.getTime();
  if (left <= 0) return judged('stale', `the certificate expired on ${day(expiresAt)}`);
  if (at.getTime() < Date.parse(cert.validFrom)) {
    return judged('stale', `the certificate is not valid before ${new Date(cert.validFrom).toISOString()}`);
  }
  if (left < RENEWAL_TIME_MS) return judged('renew', `the certificate expires on ${day(expiresAt)}`);
  const missing = ours ? missingName(cert) : undefined;
  if (missing !== undefined) return judged('renew', `the certificate is not for ${missing}`);
  return judged('good', '');
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

function faultOfKey(key: string, cert: X509Certificate): string | undefined {
  try {
    return cert.checkPrivateKey(createPrivateKey(key)) ? undefined : 'tls.key is not the key of tls.crt';
  } catch {
    return 'tls.key is not a PEM private key without passphrase';
  }
}

/** None when any of them is unreadable. */
function readCertificates(pem: string): readonly X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch {
    return [];
  }
}

function isOurSet(cert: X509Certificate, ca: X509Certificate): boolean {
  return isOurLeaf(cert) && isOurAuthority(ca);
}

const OUR_AUTHORITY = `CN=${DEVELOPMENT_CA_NAME}`;

function isOurLeaf({ issuer }: X509Certificate): boolean {
  return issuer === OUR_AUTHORITY;
}

function isOurAuthority({ subject, issuer }: X509Certificate): boolean {
  return subject === OUR_AUTHORITY && issuer === OUR_AUTHORITY;
}

function missingName(cert: X509Certificate): string | undefined {
  return (
    SERVER_NAMES.find((name) => cert.checkHost(name) === undefined) ??
    SERVER_ADDRESSES.find((address) => cert.checkIP(address) === undefined)
  );
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}
