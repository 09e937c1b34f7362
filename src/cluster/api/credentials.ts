import { readFile } from 'node:fs/promises';
import type { Agent } from 'node:http';
import { isIPv6 } from 'node:net';
import { join } from 'node:path';
import { failed, ok, type Result } from '../../domain/result.ts';

/** Where the API server is and how to be let in, as of one moment: tokens and certificates are replaced while we run. */
export interface Access {
  /** `https://host:port`, perhaps with a path; without a slash at the end. */
  readonly server: string;
  /** PEM texts and what `node:tls` calls them. */
  readonly tls: TlsMaterial;
  readonly headers: Readonly<Record<string, string>>;
  /** Leads through a proxy; otherwise connections are made directly. */
  readonly agent?: Agent;
}

export interface TlsMaterial {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly servername?: string;
  readonly rejectUnauthorized?: boolean;
}

export interface AccessSource {
  /** Reads everything again. Problems are sentences for an operator. */
  read(): Promise<Result<Access, string>>;
  /** The credentials were refused: a login that is kept in memory is not to be used again. */
  forgetLogin(): void;
}

/** What the kubelet gives a container. */
export interface Pod {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Holds `token` and `ca.crt`. */
  readonly folder: string;
}

const ACCOUNT_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';

export function thisPod(): Pod {
  return { env: process.env, folder: ACCOUNT_FOLDER };
}

/** The ServiceAccount of the pod. The kubelet replaces the token before it ends, so the files are read at each call. */
export function accessFromPod({ env, folder }: Pod): AccessSource {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = env;
  return {
    async read() {
      if (host === undefined || port === undefined || host === '' || port === '') {
        return failed([
          'KUBERNETES_SERVICE_HOST or KUBERNETES_SERVICE_PORT is missing; run this in a pod, or give --kubeconfig FILE',
        ]);
      }
      const token = await readCredential(join(folder, 'token'));
      const ca = await readCredential(join(folder, 'ca.crt'));
      if (!token.ok || !ca.ok) return failed([token, ca].flatMap((file) => (file.ok ? [] : file.problems)));
      return ok({
        server: `https://${isIPv6(host) ? `[${host}]` : host}:${port}`,
        tls: { ca: ca.value },
        headers: bearer(token.value),
      });
    },
    forgetLogin: () => undefined,
  };
}

export function bearer(token: string): Readonly<Record<string, string>> {
  return { authorization: `Bearer ${token.trim()}` };
}

/** The text of a file that credentials name. */
export async function readCredential(file: string): Promise<Result<string, string>> {
  try {
    return ok(await readFile(file, 'utf8'));
  } catch (error) {
    return failed([unreadableFile(file, error)]);
  }
}

/** `FILE does not exist; …` and the like. */
function unreadableFile(file: string, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  return code === 'ENOENT'
    ? `${file} does not exist; check the path`
    : `${file} cannot be read (${code}); check the path and the permissions`;
}
