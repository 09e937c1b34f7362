import { formatPath } from '../domain/path.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import type { Labels } from '../domain/selection.ts';
import type { Service } from '../domain/service.ts';
import { jsonFault } from './json-fault.ts';
import { guardJson, type JsonGuard } from './json-guard.ts';
import { placesIn } from './line-places.ts';
import { type ManifestDocument, objectsIn, sniff } from './manifest-objects.ts';
import { namedLabels } from './named-labels.ts';
import { MOST_PROBLEMS, type WireProblem, within } from './problem.ts';
import { readRunningService } from './running-service.ts';
import { MANIFEST_YAML } from './yaml-dialects.ts';
import { readYamlParts } from './yaml-parts.ts';

/**
 * Reads manifests as kubectl does: JSON or YAML, several documents, Lists expanded in order, empty documents skipped. No
 * document at all is a problem, an empty List is not: that is what a cluster without Services gives.
 */
export function readManifests(
  text: string,
  guard: JsonGuard = guardJson,
): Result<readonly ManifestDocument[], WireProblem> {
  const values = readText(text, guard);
  if (!values.ok) return values;
  if (values.value.length === 0) {
    return failed([
      { path: '', message: 'nothing to judge; send a Service, a List or an AdmissionReview as YAML or JSON' },
    ]);
  }
  const problems: WireProblem[] = [];
  const documents: ManifestDocument[] = [];
  values.value.forEach((value, index) => {
    const place = values.value.length === 1 ? '' : `document ${index + 1}`;
    const found = objectsIn(value);
    for (const { path, message } of found.problems) problems.push({ path: within(place, formatPath(path)), message });
    for (const { value: object, root } of found.objects) {
      documents.push({
        index: documents.length,
        path: within(place, formatPath(root)),
        ...sniff(object),
        value: object,
      });
    }
  });
  return problems.length > 0 ? failed(problems.slice(0, MOST_PROBLEMS)) : ok(documents);
}

/** The Services among them, as a cluster would list them: `kubectl get services -A -o json`. */
export function servicesOf(documents: readonly ManifestDocument[]): Result<readonly Service[], WireProblem> {
  const services: Service[] = [];
  const problems: WireProblem[] = [];
  for (const { kind, value, path } of documents) {
    if (kind !== 'Service') continue;
    const result = readRunningService(value, path);
    if (result.ok) services.push(result.value);
    else problems.push(...result.problems);
  }
  return problems.length === 0 ? ok(services) : failed(problems.slice(0, MOST_PROBLEMS));
}

/** The labels of the Namespace objects among them, by name. */
export function namespaceLabelsOf(documents: readonly ManifestDocument[]): ReadonlyMap<string, Labels> {
  const namespaces = documents.filter(({ object }) => object.apiVersion === 'v1' && object.kind === 'Namespace');
  return new Map(namespaces.map(({ value }) => namedLabels(value)));
}

function readText(text: string, guard: JsonGuard): Result<readonly unknown[], WireProblem> {
  const json = parseJsonObject(text);
  if (json === undefined) return readYaml(text);
  const fault = guard(json);
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
  const content = text.replace(/^\ufeff/, '');
  const { parts, faults } = readYamlParts(content, MANIFEST_YAML);
  const [first] = faults;
  if (first === undefined) return ok(parts.map(({ value }) => value));
  const json = first.isSyntax ? jsonFault(content, first.offset) : undefined;
  const hint = text.includes('{{') ? '; render the template first' : '';
  const place = placesIn(content);
  return failed(
    (json === undefined ? faults : [json]).map(({ offset, message }) => {
      const { line, column } = place(offset);
      return { path: `line ${line}, column ${column}`, message: `${message}${hint}` };
    }),
  );
}
