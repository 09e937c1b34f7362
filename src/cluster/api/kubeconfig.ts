import { dirname, resolve } from 'node:path';
import { isJsonObject, type JsonObject, own } from '../../domain/json.ts';
import { failed, ok, type Result } from '../../domain/result.ts';
import { escaped } from '../../domain/text.ts';
import { readYamlDocuments } from '../../wire/yaml-documents.ts';
import { MANIFEST_YAML } from '../../wire/yaml-dialects.ts';
import { type Access, type AccessSource, bearer, readCredential, type TlsMaterial } from './credentials.ts';
import { type PluginLogin, startPluginLogin } from './plugin-login.ts';

/** What the current context names. */
interface Selected {
  readonly server: string;
  readonly cluster: JsonObject;
  readonly user: JsonObject;
}

/** Where it is, and which of its contexts counts: its current-context, unless another one is named. */
export interface KubeconfigChoice {
  readonly kubeconfig: string;
  readonly context?: string;
}

/**
 * A kubeconfig file, read again at each call. Certificates and tokens are read here: loading the Kubernetes client costs
 * half a second and 85 MB, so it is loaded only for what needs it, login plugins and proxies.
 */
export function accessFromKubeconfig({ kubeconfig: file, context }: KubeconfigChoice): AccessSource {
  let login: PluginLogin | undefined;
  return {
    async read() {
      const text = await readCredential(file);
      if (!text.ok) return text;
      const selected = select(file, text.value, context);
      if (!selected.ok) return selected;
      if (!needsClient(selected.value)) return readAccess(file, selected.value);
      if (login?.text !== text.value) {
        const started = await startPluginLogin(file, text.value, context);
        if (!started.ok) return started;
        login = started.value;
      }
      return login.read();
    },
    forgetLogin() {
      login = undefined;
    },
  };
}

function select(file: string, text: string, chosen: string | undefined): Result<Selected, string> {
  const { documents, problems } = readYamlDocuments(text, MANIFEST_YAML);
  const [problem] = problems;
  if (problem !== undefined) {
    return failed([
      `${file} is not YAML (line ${problem.line}, column ${problem.column}: ${problem.message}); give a kubeconfig`,
    ]);
  }
  const config = documents[0]?.value;
  if (!isJsonObject(config)) return failed([`${file} is no kubeconfig; it holds no object`]);
  const current = chosen ?? textAt(config, 'current-context');
  if (current === '') {
    return failed([`${file} has no current-context; choose one with kubectl config use-context NAME`]);
  }
  const context = named(config, 'contexts', 'context', current);
  if (context === undefined) {
    const advice =
      chosen === undefined ? ', which is its current-context; add it' : '; see kubectl config get-contexts';
    return failed([`${file} has no context ${escaped(current)}${advice}`]);
  }
  const cluster = named(config, 'clusters', 'cluster', textAt(context, 'cluster'));
  if (cluster === undefined) {
    return failed([`${file} has no cluster ${textAt(context, 'cluster')}, which context ${current} names; add it`]);
  }
  const user = named(config, 'users', 'user', textAt(context, 'user'));
  if (user === undefined) {
    return failed([`${file} has no user ${textAt(context, 'user')}, which context ${current} names; add it`]);
  }
  return checkServer(file, { server: textAt(cluster, 'server').replace(/\/+$/u, ''), cluster, user });
}

function checkServer(file: string, selected: Selected): Result<Selected, string> {
  const { server } = selected;
  const url = URL.canParse(server) ? new URL(server) : undefined;
  if (url === undefined || !['https:', 'http:'].includes(url.protocol)) {
    return failed([`${file} gives "${server}" as the server, which is no https address; correct it`]);
  }
  if (url.protocol === 'http:' && !['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)) {
    return failed([
      `${server} is not encrypted, so anybody on the way could read the credentials; use https (${file})`,
    ]);
  }
  return ok(selected);
}

function needsClient({ cluster, user }: Selected): boolean {
  return (
    isJsonObject(own(user, 'exec')) || isJsonObject(own(user, 'auth-provider')) || textAt(cluster, 'proxy-url') !== ''
  );
}

async function readAccess(file: string, { server, cluster, user }: Selected): Promise<Result<Access, string>> {
  const material = (from: JsonObject, key: string): Promise<Result<string, string>> => materialAt(file, from, key);
  const ca = await material(cluster, 'certificate-authority');
  const cert = await material(user, 'client-certificate');
  const key = await material(user, 'client-key');
  const tokenFile = textAt(user, 'tokenFile');
  const token = tokenFile === '' ? ok(textAt(user, 'token')) : await readCredential(resolve(dirname(file), tokenFile));
  if (!ca.ok || !cert.ok || !key.ok || !token.ok) {
    return failed([ca, cert, key, token].flatMap((part) => (part.ok ? [] : part.problems)));
  }
  const tls = tlsOf(cluster, { ca: ca.value, cert: cert.value, key: key.value });
  return ok({ server, tls, headers: headersOf(user, token.value) });
}

function tlsOf(cluster: JsonObject, pems: Readonly<Record<'ca' | 'cert' | 'key', string>>): TlsMaterial {
  const servername = textAt(cluster, 'tls-server-name');
  return {
    ...Object.fromEntries(Object.entries(pems).filter(([, pem]) => pem !== '')),
    ...(servername !== '' && { servername }),
    ...(own(cluster, 'insecure-skip-tls-verify') === true && { rejectUnauthorized: false }),
  };
}

/** `KEY-data` (base64) or the file that `KEY` names, relative to the kubeconfig; empty when there is neither. */
async function materialAt(file: string, object: JsonObject, key: string): Promise<Result<string, string>> {
  const data = textAt(object, `${key}-data`);
  if (data !== '') return ok(Buffer.from(data, 'base64').toString('utf8'));
  const path = textAt(object, key);
  return path === '' ? ok('') : readCredential(resolve(dirname(file), path));
}

function headersOf(user: JsonObject, token: string): Readonly<Record<string, string>> {
  const name = textAt(user, 'username');
  const basic = Buffer.from(`${name}:${textAt(user, 'password')}`).toString('base64');
  const impersonated = textAt(user, 'as');
  return {
    ...(name !== '' && { authorization: `Basic ${basic}` }),
    ...(token !== '' && bearer(token)),
    ...(impersonated !== '' && { 'impersonate-user': impersonated }),
  };
}

/** The member `key` of the entry of that name in one of a kubeconfig's three lists. */
function named(config: JsonObject, list: string, key: string, name: string): JsonObject | undefined {
  const entries = own(config, list);
  if (!Array.isArray(entries)) return undefined;
  for (const entry of entries) {
    if (!isJsonObject(entry) || own(entry, 'name') !== name) continue;
    const found = own(entry, key);
    return isJsonObject(found) ? found : {};
  }
  return undefined;
}

function textAt(object: JsonObject, key: string): string {
  const value = own(object, key);
  return typeof value === 'string' ? value : '';
}
