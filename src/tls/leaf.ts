import { BACKDATE_MS, type KeyPair, yearsAfter } from './authority.ts';

/** The names under which callers reach the gate: on this machine, and as a Service in its own namespace. */
export const SERVER_NAMES: readonly string[] = [
  'localhost',
  'nodeport-gate.nodeport-gate.svc',
  'nodeport-gate.nodeport-gate.svc.cluster.local',
];
export const SERVER_ADDRESSES: readonly string[] = ['127.0.0.1', '::1'];

/**
 * Stands above the PEM block, where every reader skips it (RFC 7468 section 5.2): a key has no issuer by which the gate
 * could recognise what it made itself.
 */
export const KEY_MARKER = 'nodeport-gate development key\n';

/** A server certificate (EC P-256, one year) for the names above, signed by `authority`. */
export async function makeLeaf(authority: KeyPair, now: Date): Promise<KeyPair> {
  const { generate } = await import('selfsigned');
  const made = await generate([{ name: 'commonName', value: 'nodeport-gate' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: new Date(now.getTime() - BACKDATE_MS),
    notAfterDate: yearsAfter(now, 1),
    ca: authority,
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          ...SERVER_NAMES.map((value) => ({ type: 2 as const, value })),
          ...SERVER_ADDRESSES.map((ip) => ({ type: 7 as const, ip })),
        ],
      },
    ],
  });
  return { cert: made.cert, key: `${KEY_MARKER}${made.private}` };
}
