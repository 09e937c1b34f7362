import { isJsonObject, type JsonObject } from '../domain/json.ts';
import type { ObjectRef } from '../domain/object-ref.ts';
import { type Path, textAt, valueAt } from '../domain/path.ts';
import { found } from './problem.ts';

/** One object that was sent, with Lists taken apart. */
export interface ManifestDocument {
  /** Position among the objects, from 0. */
  readonly index: number;
  /** Where it stands in the input, for problems: `items[3]`, `document 2`; empty when it is all there is. */
  readonly path: string;
  readonly kind: 'AdmissionReview' | 'Service' | 'other';
  readonly object: ObjectRef;
  readonly value: JsonObject;
}

/** An object in a document, and the way to it: `['items', 3]` in a List. */
export interface FoundObject {
  readonly value: JsonObject;
  readonly root: Path;
}

interface ObjectProblem {
  readonly path: Path;
  readonly message: string;
}

interface Objects {
  readonly objects: readonly FoundObject[];
  readonly problems: readonly ObjectProblem[];
}

/** The objects in one document, in order. */
export function objectsIn(value: unknown): Objects {
  const objects: FoundObject[] = [];
  const problems: ObjectProblem[] = [];
  expand(value, [], objects, problems);
  return { objects, problems };
}

function expand(value: unknown, root: Path, objects: FoundObject[], problems: ObjectProblem[]): void {
  if (!isJsonObject(value)) {
    problems.push({ path: root, message: `${found(value)}; send a Service, a List or an AdmissionReview` });
    return;
  }
  const kind = textAt(value, ['kind']);
  const apiVersion = textAt(value, ['apiVersion']);
  for (const [field, content, example] of [
    ['apiVersion', apiVersion, 'v1'],
    ['kind', kind, 'Service'],
  ] as const) {
    if (content !== '') continue;
    const written = valueAt(value, [field]);
    const problem = written === '' ? 'this is empty' : found(written);
    problems.push({ path: [...root, field], message: `${problem}; write it, as in ${field}: ${example}` });
  }
  const items = valueAt(value, ['items']);
  if (!kind.endsWith('List') || items === undefined) {
    objects.push({ value, root });
  } else if (items !== null && !Array.isArray(items)) {
    problems.push({ path: [...root, 'items'], message: `${found(items)}; write a list of objects` });
  } else {
    expandItems({ items: items ?? [], kind, apiVersion, root }, objects, problems);
  }
}

interface ListParts {
  readonly items: readonly unknown[];
  readonly kind: string;
  readonly apiVersion: string;
  readonly root: Path;
}

/** The items of a typed list (`ServiceList`) come from the API server without kind and apiVersion of their own. */
function expandItems(list: ListParts, objects: FoundObject[], problems: ObjectProblem[]): void {
  const itemKind = list.kind.slice(0, -'List'.length);
  const inherited = itemKind === '' ? {} : { apiVersion: list.apiVersion, kind: itemKind };
  list.items.forEach((item, index) => {
    const typed = isJsonObject(item) && Object.keys(inherited).length > 0 ? { ...inherited, ...item } : item;
    expand(typed, [...list.root, 'items', index], objects, problems);
  });
}

export function sniff(value: JsonObject): Pick<ManifestDocument, 'kind' | 'object'> {
  const object = {
    apiVersion: textAt(value, ['apiVersion']),
    kind: textAt(value, ['kind']),
    namespace: textAt(value, ['metadata', 'namespace']),
    name: textAt(value, ['metadata', 'name']),
    generateName: textAt(value, ['metadata', 'generateName']),
  };
  return { kind: kindOf(object), object };
}

/** A review of another version is still a review: reading it says what is wrong with it. */
function kindOf({ apiVersion, kind }: ObjectRef): ManifestDocument['kind'] {
  if (apiVersion === 'v1' && kind === 'Service') return 'Service';
  return kind === 'AdmissionReview' && apiVersion.startsWith('admission.k8s.io/') ? 'AdmissionReview' : 'other';
}
