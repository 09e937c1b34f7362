import { isJsonObject, type JsonObject, own } from '../domain/json.ts';
import type { ApiClient } from './api/api-client.ts';
import { ApiRefused, ApiTooLong, ApiUnreadable } from './api/api-errors.ts';
import { describeRefusal } from './api/api-refusal.ts';
import { pause } from './pace.ts';

export interface ListRequest<Kept> {
  readonly path: string;
  readonly fieldSelector?: string;
  /** Objects per page; fewer where they are so large that a page is too long. */
  readonly pageSize: number;
  /** For each page. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Each object as it is kept: what nobody asks for need not be held for as long as the list takes. */
  trim(object: JsonObject): Kept;
}

export interface Listed<Kept> {
  readonly objects: readonly Kept[];
  /** Where a watch has to begin, so that nothing is missed. */
  readonly resourceVersion: string;
}

/** After so many pages that were short enough, twice as many objects are asked for. */
const PAGES_BEFORE_MORE = 4;
/** Of one page that is throttled. */
const MOST_TRIES = 5;
const USUAL_WAIT_MS = 1_000;

const NO_API_SERVER = 'check the address, and what answers in place of the API server';

/**
 * The whole collection as it is now, page by page: without a resourceVersion the API server reads what a quorum of etcd
 * has, so the answer is right even if it is older than what was known before (etcd restored from a backup). Whoever may
 * write objects decides how large they are: a page that is too long is asked for again with half as many, down to one.
 * Rejects with ApiRefused (410: the pages have expired, begin again), ApiTooLong, ApiUnreadable or ApiUnreachable.
 */
export async function listCollection<Kept>(client: ApiClient, request: ListRequest<Kept>): Promise<Listed<Kept>> {
  const objects: Kept[] = [];
  const begun = new Set<string>();
  let place: Place = { limit: request.pageSize, next: '' };
  for (let good = 1; ; good += 1) {
    const { page, limit } = await readWhatFits(client, request, place);
    for (const item of page.items) objects.push(request.trim(item));
    if (page.next === '') return { objects, resourceVersion: page.resourceVersion };
    if (begun.has(page.next))
      throw new ApiUnreadable(`the pages of ${request.path} go round in a circle; ${NO_API_SERVER}`);
    begun.add(page.next);
    if (limit < place.limit) good = 1;
    const mayGrow = good % PAGES_BEFORE_MORE === 0;
    place = { limit: mayGrow ? Math.min(limit * 2, request.pageSize) : limit, next: page.next };
  }
}

type PageRequest = Omit<ListRequest<unknown>, 'trim'>;

/** Where a page begins (empty: at the beginning) and how many objects it may have. */
interface Place {
  readonly limit: number;
  readonly next: string;
}

interface Page {
  readonly items: readonly JsonObject[];
  readonly resourceVersion: string;
  readonly next: string;
}

/** `limit`: with how many objects it was short enough. */
async function readWhatFits(
  client: ApiClient,
  request: PageRequest,
  { limit, next }: Place,
): Promise<{ readonly page: Page; readonly limit: number }> {
  for (let fewer = limit; ; fewer = Math.floor(fewer / 2)) {
    try {
      return { page: await readPatiently(client, request, { limit: fewer, next }), limit: fewer };
    } catch (error) {
      if (!(error instanceof ApiTooLong) || fewer <= 1) throw error;
    }
  }
}

/** An API server that is busy answers 429: to begin again with the first page would only add to that. */
async function readPatiently(client: ApiClient, request: PageRequest, place: Place): Promise<Page> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await readPage(client, request, place);
    } catch (error) {
      const isThrottled = error instanceof ApiRefused && error.status === 429;
      if (!isThrottled || place.next === '' || tries === MOST_TRIES) throw error;
      await pause(error.retryAfterMs ?? USUAL_WAIT_MS, request.signal);
    }
  }
}

async function readPage(client: ApiClient, request: PageRequest, { limit, next }: Place): Promise<Page> {
  const { path, fieldSelector, timeoutMs, signal } = request;
  const query = new URLSearchParams({
    limit: String(limit),
    ...(fieldSelector !== undefined && { fieldSelector }),
    ...(next !== '' && { continue: next }),
  });
  const target = `${path}?${query.toString()}`;
  const answer = await client.request('GET', target, { timeoutMs, signal });
  if (answer.status !== 200) {
    throw new ApiRefused(describeRefusal('GET', target, answer), answer.status, answer.retryAfterMs);
  }
  const page = parsePage(answer.body);
  if (page === undefined)
    throw new ApiUnreadable(`the answer to ${path} is no list of an API server; ${NO_API_SERVER}`);
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
