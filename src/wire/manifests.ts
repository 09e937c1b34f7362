import type { JsonObject } from '../domain/json.ts';
import { isJsonObject } from '../domain/json.ts';
import type { ObjectRef } from '../domain/object-ref.ts';
import { valueAt } from '../domain/path.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import type { Labels } from '../domain/selection.ts';
import type { Service } from '../domain/service.ts';
import { guardJson } from './json-guard.ts';
import { found, MOST_PROBLEMS, type WireProblem, within } from './problem.ts';
import { readService } from './service.ts';
import { MANIFEST_YAML } from './yaml-dialects.ts';
import { readYamlDocuments } from './yaml-documents.ts';

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

interface Found {
  readonly value: JsonObject;
  readonly path: string;
}

/** What kubectl uses for a manifest that names no namespace, unless it is told another one. */
const DEFAULT_NAMESPACE = 'default';

/**
 * Reads manifests as kubectl does: JSON or YAML, several documents, Lists expanded in order, empty documents skipped. No
 * document at all is a problem, an empty List is not: that is what a cluster without Services gives.
 */
export function readManifests(text: string): Result<readonly ManifestDocument[], WireProblem> {
  const values = readText(text);
  if (!values.ok) return values;
  if (values.value.length === 0) {
    return failed([
      { path: '', message: 'nothing to judge; send a Service, a List or an AdmissionReview as YAML or JSON' },
    ]);
  }
  const problems: WireProblem[] = [];
  const objects: Found[] = [];
  values.value.forEach((value, index) => {
    const path = values.value.length === 1 ? '' : `document ${index + 1}`;
    expand(value, path, objects, problems);
  });
  if (problems.length > 0) return failed(problems.slice(0, MOST_PROBLEMS));
  return ok(objects.map(({ value, path }, index) => ({ index, path, ...sniff(value), value })));
}

/** The Services among them, as a cluster would list them: `kubectl get services -A -o json`. */
export function servicesOf(documents: readonly ManifestDocument[]): Result<readonly Service[], WireProblem> {
  const services: Service[] = [];
  const problems: WireProblem[] = [];
  for (const { kind, value, path } of documents) {
    if (kind !== 'Service') continue;
    const result = readService(value, { path, authorship: 'object', namespace: DEFAULT_NAMESPACE });
    if (result.ok) services.push(result.value);
    else problems.push(...result.problems);
  }
  return problems.length === 0 ? ok(services) : failed(problems.slice(0, MOST_PROBLEMS));
}

/**
 * The labels of the Namespace objects among them, by name. Every namespace has `kubernetes.io/metadata.name`: the API
 * server sets it (SetDefaults_Namespace).
 */
export function namespaceLabelsOf(documents: readonly ManifestDocument[]): ReadonlyMap<string, Labels> {
  const namespaces = documents.filter(({ object }) => object.apiVersion === 'v1' && object.kind === 'Namespace');
  return new Map(
    namespaces.map(({ object: { name }, value }) => [
      name,
      { ...textsOf(valueAt(value, ['metadata', 'labels'])), 'kubernetes.io/metadata.name': name },
    ]),
  );
}

function readText(text: string): Result<readonly unknown[], WireProblem> {
  const json = parseJsonObject(text);
  if (json === undefined) return readYaml(text);
  const fault = guardJson(json);
  return fault === undefined ? ok([json]) : failed([{ path: '', message: fault }]);
}

/** undefined when it is none: a YAML flow mapping starts with a brace too. */
function parseJsonObject(text: string): unknown {
  if (!/^[\ufeff\s]*\{/.test(text)) return undefined;
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch {
    return undefined;
  }
}

function readYaml(text: string): Result<readonly unknown[], WireProblem> {
  const { documents, problems } = readYamlDocuments(text, MANIFEST_YAML);
  if (problems.length === 0) return ok(documents.map(({ value }) => value));
  const hint = text.includes('{{') ? '; render the template first' : '';
  return failed(
    problems.map(({ line, column, message }) => ({
      path: `line ${line}, column ${column}`,
      message: `${message}${hint}`,
    })),
  );
}

function expand(value: unknown, path: string, objects: Found[], problems: WireProblem[]): void {
  if (!isJsonObject(value)) {
    problems.push({ path, message: `${found(value)}; send a Service, a List or an AdmissionReview` });
    return;
  }
  const kind = textAt(value, ['kind']);
  const apiVersion = textAt(value, ['apiVersion']);
  for (const [field, content, example] of [
    ['apiVersion', apiVersion, 'v1'],
    ['kind', kind, 'Service'],
  ] as const) {
    if (content === '') {
      problems.push({ path: within(path, field), message: `this is missing; write it, as in ${field}: ${example}` });
    }
  }
  const items = valueAt(value, ['items']);
  if (!kind.endsWith('List') || items === undefined) {
    objects.push({ value, path });
  } else if (items !== null && !Array.isArray(items)) {
    problems.push({ path: within(path, 'items'), message: `${found(items)}; write a list of objects` });
  } else {
    expandItems({ items: items ?? [], kind, apiVersion, path }, objects, problems);
  }
}

interface ListParts {
  readonly items: readonly unknown[];
  readonly kind: string;
  readonly apiVersion: string;
  readonly path: string;
}

/** The items of a typed list (`ServiceList`) come from the API server without kind and apiVersion of their own. */
function expandItems(list: ListParts, objects: Found[], problems: WireProblem[]): void {
  const itemKind = list.kind.slice(0, -'List'.length);
  const inherited = itemKind === '' ? {} : { apiVersion: list.apiVersion, kind: itemKind };
  list.items.forEach((item, index) => {
    const typed = isJsonObject(item) && Object.keys(inherited).length > 0 ? { ...inherited, ...item } : item;
    expand(typed, within(list.path, `items[${index}]`), objects, problems);
  });
}

function sniff(value: JsonObject): Pick<ManifestDocument, 'kind' | 'object'> {
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

function textAt(value: JsonObject, path: readonly string[]): string {
  const text = valueAt(value, path);
  return typeof text === 'string' ? text : '';
}

function textsOf(value: unknown): Labels {
  if (!isJsonObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
