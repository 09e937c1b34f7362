import { randomBytes } from 'node:crypto';

/** Certificate and private key, PEM. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

/**
 * What an authority is for, and the beginning of its subject, by which the gate recognises what it made itself: nothing
 * else is ever replaced. `development`: made where `serve` finds no files. `cluster`: kept in a Secret. `issued`: made for
 * an operator, who then owns it.
 */
const SUBJECTS = {
  development: 'nodeport-gate development CA',
  cluster: 'nodeport-gate CA',
  issued: 'nodeport-gate issued CA',
} as const;

type Purpose = keyof typeof SUBJECTS;

/** Clocks of callers that are behind still accept a certificate made this moment. */
export const BACKDATE_MS = 5 * 60_000;

const VALID_YEARS = 10;

/**
 * A new self-signed authority (EC P-256), valid for ten years from `now`. Two of them never have the same subject: during a
 * rotation callers trust both, and without key identifiers only the subject says which of them signed.
 * The random serial number comes from the library; the hash and the dates do not, because its defaults are SHA-1 and a
 * year.
 */
export async function makeAuthority(now: Date, purpose: Purpose = 'development'): Promise<KeyPair> {
  const { generate } = await import('selfsigned');
  const value = `${SUBJECTS[purpose]} ${randomBytes(4).toString('hex')}`;
  const made = await generate([{ name: 'commonName', value }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: new Date(now.getTime() - BACKDATE_MS),
    notAfterDate: yearsAfter(now, VALID_YEARS),
    extensions: [
      { name: 'basicConstraints', cA: true, pathLenConstraint: 0, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  return { cert: made.cert, key: made.private };
}

/** Whether this is the subject of an authority that the gate made for that purpose; the first ones had no suffix. */
export function isSubjectOf(purpose: Purpose, subject: string): boolean {
  const [name, suffix = ''] = [`CN=${SUBJECTS[purpose]}`, /(?: [0-9a-f]{8})?$/.exec(subject)?.[0]];
  return subject === `${name}${suffix}`;
}

/** The same day of a later year, UTC. */
export function yearsAfter(date: Date, years: number): Date {
  const later = new Date(date);
  later.setUTCFullYear(later.getUTCFullYear() + years);
  return later;
}
