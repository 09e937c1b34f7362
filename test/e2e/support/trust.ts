import type { X509Certificate } from 'node:crypto';
import { readCertificates } from '../../../src/tls/judge.ts';
import { type Kubectl, succeed } from './kubectl.ts';
import { servedCertificate } from './served-certificate.ts';

/** Who signs and who is trusted, each authority by a letter in the order in which it was first seen: A, B, … */
export interface Trust {
  /** Authorities in the Secret's ca.crt. */
  readonly bundle: string;
  /** The authority that is to sign next, or none. */
  readonly next: string;
  /** Who signed the certificate in the Secret. */
  readonly signer: string;
  /** Who signed what the replicas serve; several letters while they do not agree. */
  readonly served: string;
  /** Authorities in the caBundle of every hook; `differ` while the hooks do not agree. */
  readonly hooks: string;
}

interface Read {
  readonly items: readonly {
    readonly data?: Readonly<Record<string, string>>;
    readonly webhooks?: readonly { readonly clientConfig: { readonly caBundle?: string } }[];
  }[];
}

/** Reads the Secret, both webhook configurations and what is served on these ports; remembers which authority is which letter. */
export function makeTrustReader(kubectl: Kubectl, ports: readonly number[]): () => Promise<Trust> {
  const seen: string[] = [];
  const letter = ({ fingerprint256 }: X509Certificate): string => {
    if (!seen.includes(fingerprint256)) seen.push(fingerprint256);
    return String.fromCharCode('A'.charCodeAt(0) + seen.indexOf(fingerprint256));
  };
  const authorities = (base64 = ''): readonly X509Certificate[] =>
    readCertificates(Buffer.from(base64, 'base64').toString());
  const letters = (base64?: string): string => authorities(base64).map(letter).join('');
  return async () => {
    const hookKinds = 'mutatingwebhookconfigurations/zz-nodeport-gate,validatingwebhookconfigurations/zz-nodeport-gate';
    // One after the other: what the hooks trust may be behind the Secret, but never the other way round.
    const secret = await succeed(kubectl, ['get', 'secret/nodeport-gate-certs', '-n', 'nodeport-gate', '-o', 'json']);
    const configurations = await succeed(kubectl, ['get', ...hookKinds.split(','), '-o', 'json']);
    const { data = {} } = JSON.parse(secret) as Read['items'][number];
    const bundles = (JSON.parse(configurations) as Read).items.flatMap(({ webhooks = [] }) =>
      webhooks.map(({ clientConfig }) => letters(clientConfig.caBundle)),
    );
    const bundle = letters(data['ca.crt']);
    const [leaf] = authorities(data['tls.crt']);
    const served = await Promise.all(ports.map((port) => servedCertificate(port)));
    const signerOf = (certificate: X509Certificate | undefined): string => {
      const signer = authorities(data['ca.crt']).find((one) => certificate?.verify(one.publicKey) === true);
      return signer === undefined ? 'nobody' : letter(signer);
    };
    return {
      bundle,
      next: letters(data['next-ca.crt']),
      signer: signerOf(leaf),
      served: [...new Set(served.map(signerOf))].join(''),
      hooks: new Set(bundles).size === 1 ? (bundles[0] ?? '') : 'differ',
    };
  };
}
