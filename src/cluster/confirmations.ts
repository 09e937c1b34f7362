import type { Service, ServiceRef } from '../domain/service.ts';
import { formatRef } from '../domain/service.ts';
import { readService } from '../wire/service.ts';
import type { ApiClient } from './api/api-client.ts';
import { describeRefusal } from './api/api-refusal.ts';

/** What the API server says of one Service at this moment. */
export type Confirmation =
  | { readonly kind: 'there'; readonly service: Service }
  | { readonly kind: 'gone' }
  /** Why nothing is known. */
  | { readonly kind: 'failed'; readonly reason: string };

/** Gets one Service. Those who ask while a GET is under way share the one after it. */
export type Confirm = (ref: ServiceRef) => Promise<Confirmation>;

/** A confirmation as a whole: the requester waits for it. */
export const CONFIRM_MS = 300;

/**
 * At most one GET per Service is under way, and at most one waits for it. Joining the one under way would be wrong: it may
 * have been answered before the Service was deleted for which somebody asks now.
 */
export function makeConfirm(client: ApiClient): Confirm {
  const underWay = new Map<string, Promise<Confirmation>>();
  const next = new Map<string, Promise<Confirmation>>();

  function start(key: string, ref: ServiceRef): Promise<Confirmation> {
    const answer = ask(client, ref).finally(() => {
      underWay.delete(key);
    });
    underWay.set(key, answer);
    return answer;
  }

  return (ref) => {
    const key = formatRef(ref);
    const running = underWay.get(key);
    if (running === undefined) return start(key, ref);
    const waiting = next.get(key);
    if (waiting !== undefined) return waiting;
    const following = running.then(() => {
      next.delete(key);
      return start(key, ref);
    });
    next.set(key, following);
    return following;
  };
}

async function ask(client: ApiClient, { namespace, name }: ServiceRef): Promise<Confirmation> {
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/services/${encodeURIComponent(name)}`;
  try {
    const answer = await client.request('GET', path, { timeoutMs: CONFIRM_MS });
    if (answer.status === 404) return { kind: 'gone' };
    if (answer.status !== 200) return { kind: 'failed', reason: describeRefusal('GET', path, answer) };
    const service = readService(answer.body, { path: '', authorship: 'object' });
    return service.ok
      ? { kind: 'there', service: service.value }
      : { kind: 'failed', reason: `the API server's answer to ${path} is no Service` };
  } catch (error) {
    return { kind: 'failed', reason: error instanceof Error ? error.message : String(error) };
  }
}
