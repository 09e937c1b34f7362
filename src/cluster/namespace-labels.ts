import { isJsonObject, type JsonObject, own } from '../domain/json.ts';
import type { Labels } from '../domain/selection.ts';
import type { ApiClient } from './api/api-client.ts';
import type { Sink } from './reflector.ts';

/** The labels of namespaces: what the watch says, and what was asked for in the meantime. */
export interface NamespaceLabels extends Sink {
  of(namespace: string): Labels | undefined;
  /** Asks the API server about a namespace that the watch has not told of yet. */
  fetch(namespace: string): Promise<Labels | undefined>;
}

const FETCH_MS = 300;
/** A namespace that is not there now may be there in a moment. */
const ABSENCE_MS = 2_000;
const MOST_FETCHED = 1_000;

interface Fetched {
  /** undefined: not there, or no answer. */
  readonly labels: Labels | undefined;
  readonly atMs: number;
}

export function makeNamespaceLabels(client: ApiClient): NamespaceLabels {
  let watched = new Map<string, Labels>();
  const fetched = new Map<string, Fetched>();
  const underWay = new Map<string, Promise<Labels | undefined>>();

  const labelsOf = (namespace: string): Labels | undefined => watched.get(namespace) ?? fetched.get(namespace)?.labels;

  function keep(namespace: string, labels: Labels | undefined): Labels | undefined {
    fetched.delete(namespace);
    const [oldest] = fetched.keys();
    if (fetched.size >= MOST_FETCHED && oldest !== undefined) fetched.delete(oldest);
    fetched.set(namespace, { labels, atMs: performance.now() });
    return labels;
  }

  return {
    of: labelsOf,
    fetch(namespace) {
      const known = labelsOf(namespace);
      const former = fetched.get(namespace);
      if (known !== undefined || (former !== undefined && performance.now() - former.atMs < ABSENCE_MS)) {
        return Promise.resolve(known);
      }
      const running = underWay.get(namespace);
      if (running !== undefined) return running;
      const asked = ask(client, namespace)
        .then((labels) => keep(namespace, labels))
        .finally(() => {
          underWay.delete(namespace);
        });
      underWay.set(namespace, asked);
      return asked.then((labels) => watched.get(namespace) ?? labels);
    },
    replace(objects) {
      watched = new Map(objects.map((object) => [nameOf(object), labelsIn(object)]));
      fetched.clear();
    },
    put(object) {
      watched.set(nameOf(object), labelsIn(object));
      fetched.delete(nameOf(object));
    },
    remove(object) {
      watched.delete(nameOf(object));
      fetched.delete(nameOf(object));
    },
  };
}

async function ask(client: ApiClient, namespace: string): Promise<Labels | undefined> {
  try {
    const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}`;
    const { status, body } = await client.request('GET', path, { timeoutMs: FETCH_MS });
    return status === 200 && isJsonObject(body) ? labelsIn(body) : undefined;
  } catch {
    // Not knowing is the answer: a policy that needs the labels is undetermined then, and says so.
    return undefined;
  }
}

/** Only the name and the labels: a namespace may carry large annotations. */
export function trimNamespace(object: JsonObject): JsonObject {
  return { metadata: { name: nameOf(object), labels: labelsIn(object) } };
}

function nameOf(object: JsonObject): string {
  const name = own(metadataOf(object), 'name');
  return typeof name === 'string' ? name : '';
}

function labelsIn(object: JsonObject): Labels {
  const labels = own(metadataOf(object), 'labels');
  const texts = isJsonObject(labels) ? Object.entries(labels) : [];
  return Object.fromEntries(texts.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

function metadataOf(object: JsonObject): JsonObject {
  const metadata = own(object, 'metadata');
  return isJsonObject(metadata) ? metadata : {};
}
