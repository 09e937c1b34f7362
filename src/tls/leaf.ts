import { X509Certificate } from 'node:crypto';
import { BACKDATE_MS, isSubjectOf, type KeyPair, yearsAfter } from './authority.ts';

/** The names under which callers reach the gate. */
export interface LeafNames {
  readonly dns: readonly string[];
  readonly ip: readonly string[];
}

const LOOPBACK: LeafNames = { dns: ['localhost'], ip: ['127.0.0.1', '::1'] };

/** On this machine, and as the Service `service` in `namespace`. */
export function serviceNames(service: string, namespace: string): LeafNames {
  const name = `${service}.${namespace}.svc`;
  return { dns: [...LOOPBACK.dns, name, `${name}.cluster.local`], ip: LOOPBACK.ip };
}

/** Where nothing says how the gate is called: on this machine, and as the Service of the shipped manifests. */
export const DEVELOPMENT_NAMES: LeafNames = serviceNames('nodeport-gate', 'nodeport-gate');

/** The names that a certificate is for: what is to replace it must be for the same. */
export function namesOf({ subjectAltName = '' }: X509Certificate): LeafNames {
  const entries = subjectAltName.split(', ');
  const named = (kind: string): readonly string[] =>
    entries.flatMap((entry) => (entry.startsWith(kind) ? [entry.slice(kind.length)] : []));
  return { dns: named('DNS:'), ip: named('IP Address:') };
}

/** The first of the names that the certificate is not for; undefined when it is for all of them. */
export function missingName(cert: X509Certificate, { dns, ip }: LeafNames): string | undefined {
  return (
    dns.find((name) => cert.checkHost(name) === undefined) ?? ip.find((address) => cert.checkIP(address) === undefined)
  );
}

/**
 * Stands above the PEM block of a development key, where every reader skips it (RFC 7468 section 5.2): a key has no issuer
 * by which the gate could recognise what it made itself.
 */
export const KEY_MARKER = 'nodeport-gate development key\n';

/**
 * A server certificate (EC P-256) for these names, signed by `authority`: for one year, but not for longer than the
 * authority itself.
 */
export async function makeLeaf(authority: KeyPair, names: LeafNames, now: Date): Promise<KeyPair> {
  const { generate } = await import('selfsigned');
  const issuer = new X509Certificate(authority.cert);
  const ends = [yearsAfter(now, 1).getTime(), Date.parse(issuer.validTo)];
  const made = await generate([{ name: 'commonName', value: 'nodeport-gate' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: new Date(now.getTime() - BACKDATE_MS),
    notAfterDate: new Date(Math.min(...ends)),
    ca: authority,
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          ...names.dns.map((value) => ({ type: 2 as const, value })),
          ...names.ip.map((ip) => ({ type: 7 as const, ip })),
        ],
      },
    ],
  });
  const marker = isSubjectOf('development', issuer.subject) ? KEY_MARKER : '';
  return { cert: made.cert, key: `${marker}${made.private}` };
}
