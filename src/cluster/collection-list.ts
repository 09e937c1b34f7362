import { isJsonObject, type JsonObject, own } from '../domain/json.ts';
import type { ApiClient } from './api-client.ts';
import { ApiRefused, ApiUnreadable } from './api-errors.ts';
import { describeRefusal } from './api-refusal.ts';

export interface ListRequest {
  readonly path: string;
  readonly fieldSelector?: string;
  readonly pageSize: number;
  /** For each page. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Each object as it is kept: what nobody asks for need not be held for as long as the list takes. */
  trim(object: JsonObject): JsonObject;
}

export interface Listed {
  readonly objects: readonly JsonObject[];
  /** Where a watch has to begin, so that nothing is missed. */
  readonly resourceVersion: string;
}

/**
 * The whole collection as it is now, page by page: without a resourceVersion the API server reads what a quorum of etcd
 * has, so the answer is right even if it is older than what was known before (etcd restored from a backup).
 * Rejects with ApiRefused (410: the pages have expired, begin again), ApiUnreadable or ApiUnreachable.
 */
export async function listCollection(client: ApiClient, request: ListRequest): Promise<Listed> {
  const objects: JsonObject[] = [];
  let next = '';
  for (;;) {
    const page = await readPage(client, request, next);
    for (const item of page.items) objects.push(request.trim(item));
    if (page.next === '') return { objects, resourceVersion: page.resourceVersion };
    next = page.next;
  }
}

interface Page {
  readonly items: readonly JsonObject[];
  readonly resourceVersion: string;
  readonly next: string;
}

async function readPage(client: ApiClient, request: ListRequest, next: string): Promise<Page> {
  const { path, fieldSelector, pageSize, timeoutMs, signal } = request;
  const query = new URLSearchParams({
    limit: String(pageSize),
    ...(fieldSelector !== undefined && { fieldSelector }),
    ...(next !== '' && { continue: next }),
  });
  const target = `${path}?${query.toString()}`;
  const answer = await client.request('GET', target, { timeoutMs, signal });
  if (answer.status !== 200) {
    throw new ApiRefused(describeRefusal('GET', target, answer), answer.status, answer.retryAfterMs);
  }
  const page = parsePage(answer.body);
  if (page === undefined) throw new ApiUnreadable(`the answer to ${path} is no list of an API server`);
  return page;
}

function parsePage(body: unknown): Page | undefined {
  if (!isJsonObject(body)) return undefined;
  const metadata = own(body, 'metadata');
  // An empty list of Go may be null.
  const items = own(body, 'items') ?? [];
  if (!isJsonObject(metadata) || !Array.isArray(items) || !items.every(isJsonObject)) return undefined;
  const resourceVersion = own(metadata, 'resourceVersion');
  const next = own(metadata, 'continue') ?? '';
  if (typeof resourceVersion !== 'string' || resourceVersion === '' || typeof next !== 'string') return undefined;
  return { items, resourceVersion, next };
}
