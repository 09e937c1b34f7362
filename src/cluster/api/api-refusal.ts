import { isJsonObject, own } from '../../domain/json.ts';
import { escaped } from '../../domain/text.ts';

/** What is said of a request that was answered, but not with what was asked for. */
export interface Refusal {
  readonly status: number;
  /** The parsed Status object, if there was one. */
  readonly body: unknown;
}

const LONGEST_REASON = 300;
const VERBS: Readonly<Record<string, string>> = { POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' };

/**
 * One sentence for the log and `/readyz`: what was refused and what is missing. For 403 it names the verb and the resource
 * that RBAC must grant; the API server's own message, which names the user, is repeated.
 */
export function describeRefusal(method: string, path: string, { status, body }: Refusal): string {
  const { verb, resource } = accessOf(method, path);
  const reason = reasonOf(body);
  switch (status) {
    case 401:
      return `${verb} ${resource} is refused (401${reason}); the credentials are not valid: renew the kubeconfig or the ServiceAccount's token`;
    case 403:
      return `${verb} ${resource} is forbidden (403${reason}); grant the verb ${verb} on ${resource} by RBAC`;
    default:
      return `${verb} ${resource} failed (${status}${reason}); ${adviceFor(status)}`;
  }
}

function adviceFor(status: number): string {
  if (status === 429) return 'the API server is busy: try again later';
  if (status >= 500) return 'try again, and if it stays so, see the log of the API server';
  return 'check the address, and what answers in place of the API server';
}

/** RBAC's names for a request: pkg/apiserver RequestInfo, as far as it matters here. */
function accessOf(method: string, path: string): { readonly verb: string; readonly resource: string } {
  const [route = '', query = ''] = path.split('?');
  const [root, ...parts] = route.split('/').filter((part) => part !== '');
  // /api/VERSION/… is the core group, /apis/GROUP/VERSION/… any other.
  const suffix = root === 'api' ? '' : `.${String(parts[0])}`;
  const rest = parts.slice(root === 'api' ? 1 : 2);
  const [resource = route, name, part] = rest[0] === 'namespaces' && rest.length > 2 ? rest.slice(2) : rest;
  return {
    verb: VERBS[method] ?? readingVerb(name, query),
    resource: `${resource}${suffix}${part === undefined ? '' : `/${part}`}`,
  };
}

function readingVerb(name: string | undefined, query: string): string {
  if (new URLSearchParams(query).has('watch')) return 'watch';
  return name === undefined ? 'list' : 'get';
}

function reasonOf(body: unknown): string {
  const message = isJsonObject(body) ? own(body, 'message') : undefined;
  return typeof message === 'string' && message !== '' ? `: ${escaped(message.slice(0, LONGEST_REASON))}` : '';
}
