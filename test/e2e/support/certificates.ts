import { generate, type SelfsignedOptions } from 'selfsigned';

export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

/** The certificates of one control plane. They are none of the gate's, so they are not made with its code. */
export interface ControlPlaneCertificates {
  readonly ca: string;
  readonly server: KeyPair;
  /** In group system:masters: may do and impersonate everything. */
  readonly admin: KeyPair;
}

const COMMON = { keyType: 'ec', curve: 'P-256', algorithm: 'sha256' } as const;

export async function makeCertificates(): Promise<ControlPlaneCertificates> {
  const authority = await issue([{ name: 'commonName', value: 'e2e' }], {
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const server = issue([{ name: 'commonName', value: 'kube-apiserver' }], {
    ca: authority,
    extensions: [
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  const subject = [
    { name: 'organizationName', value: 'system:masters' },
    { name: 'commonName', value: 'admin' },
  ];
  const admin = issue(subject, { ca: authority, extensions: [{ name: 'extKeyUsage', clientAuth: true }] });
  return { ca: authority.cert, server: await server, admin: await admin };
}

async function issue(subject: Parameters<typeof generate>[0], options: SelfsignedOptions): Promise<KeyPair> {
  const made = await generate(subject, { ...COMMON, ...options });
  return { cert: made.cert, key: made.private };
}
