/** Certificate and private key, PEM. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

/** The subject by which the gate recognises what it made itself: nothing else is ever replaced. */
export const DEVELOPMENT_CA_NAME = 'nodeport-gate development CA';

/** Clocks of callers that are behind still accept a certificate made this moment. */
export const BACKDATE_MS = 5 * 60_000;

const VALID_YEARS = 10;

/**
 * A new self-signed authority (EC P-256), valid for ten years from `now`. Its key signs one leaf and is then forgotten.
 * The random serial number comes from the library; the hash and the dates do not, because its defaults are SHA-1 and a
 * year.
 */
export async function makeAuthority(now: Date): Promise<KeyPair> {
  const { generate } = await import('selfsigned');
  const made = await generate([{ name: 'commonName', value: DEVELOPMENT_CA_NAME }], {
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

/** The same day of a later year, UTC. */
export function yearsAfter(date: Date, years: number): Date {
  const later = new Date(date);
  later.setUTCFullYear(later.getUTCFullYear() + years);
  return later;
}
