import { type Kubectl, succeed } from './kubectl.ts';

/** What the certificate Secret holds, decoded, by key. */
export async function certificateSecret(kubectl: Kubectl): Promise<Readonly<Record<string, string>>> {
  const text = await succeed(kubectl, ['get', 'secret/nodeport-gate-certs', '-n', 'nodeport-gate', '-o', 'json']);
  const { data } = JSON.parse(text) as { readonly data: Readonly<Record<string, string>> };
  return Object.fromEntries(
    Object.entries(data).map(([key, base64]) => [key, Buffer.from(base64, 'base64').toString()]),
  );
}
