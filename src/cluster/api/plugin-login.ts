import type { RequestOptions } from 'node:https';
import { failed, ok, type Result } from '../../domain/result.ts';
import type { Access } from './credentials.ts';

/** A login that a program, a provider or a proxy takes part in, kept as long as the kubeconfig says the same. */
export interface PluginLogin {
  /** The kubeconfig it was made from. */
  readonly text: string;
  /** The current credentials; a plugin runs again only when they have ended. */
  read(): Promise<Result<Access, string>>;
}

/** Exec plugins, OIDC and proxies as `@kubernetes/client-node` knows them. Only its public parts are used. */
export async function startPluginLogin(
  file: string,
  text: string,
  context?: string,
): Promise<Result<PluginLogin, string>> {
  const { KubeConfig } = await import('@kubernetes/client-node/dist/config.js');
  const kubeConfig = new KubeConfig();
  try {
    kubeConfig.loadFromFile(file);
    if (context !== undefined) kubeConfig.setCurrentContext(context);
  } catch (error) {
    return failed([`${file} is no kubeconfig (${reasonOf(error)}); correct it`]);
  }
  const cluster = kubeConfig.getCurrentCluster();
  if (cluster === null) return failed([`${file} has no cluster in its current-context; add it`]);
  const read = async (): Promise<Result<Access, string>> => {
    const options: RequestOptions = {};
    try {
      await kubeConfig.applyToHTTPSOptions(options);
    } catch (error) {
      return failed([
        `${file}: the login of user ${kubeConfig.getCurrentUser()?.name} failed (${reasonOf(error)}); try it with kubectl`,
      ]);
    }
    const { agent } = options;
    return ok({
      server: cluster.server,
      tls: tlsOf(options),
      headers: headersOf(options),
      // The agent that the client makes for direct connections keeps its first certificate for ever, so it is not used.
      ...(cluster.proxyUrl !== undefined && typeof agent === 'object' && { agent }),
    });
  };
  return ok({ text, read });
}

function tlsOf({ ca, cert, key, servername, rejectUnauthorized }: RequestOptions): Access['tls'] {
  return {
    ...pem('ca', ca),
    ...pem('cert', cert),
    ...pem('key', key),
    ...(servername !== undefined && { servername }),
    ...(rejectUnauthorized !== undefined && { rejectUnauthorized }),
  };
}

/** The client gives text or the bytes of a file. */
function pem(name: 'ca' | 'cert' | 'key', value: RequestOptions['ca' | 'cert' | 'key']): Access['tls'] {
  return typeof value === 'string' || Buffer.isBuffer(value) ? { [name]: value.toString() } : {};
}

function headersOf({ auth, headers = {} }: RequestOptions): Readonly<Record<string, string>> {
  const all: Record<string, string> = {};
  if (typeof auth === 'string') all['authorization'] = `Basic ${Buffer.from(auth).toString('base64')}`;
  for (const [name, value] of Object.entries(headers)) all[name.toLowerCase()] = String(value).trim();
  return all;
}

function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.trim().slice(0, 300);
}
