import { isJsonObject, type JsonObject } from '../domain/json.ts';
import { textAt, valueAt } from '../domain/path.ts';
import type { Labels } from '../domain/selection.ts';

/** The name of a Namespace with its labels. */
export type NamedLabels = readonly [name: string, labels: Labels];

/**
 * Every namespace has `kubernetes.io/metadata.name`: the API server sets it (SetDefaults_Namespace). What is no string is
 * left out.
 */
export function namedLabels(namespace: JsonObject): NamedLabels {
  const name = textAt(namespace, ['metadata', 'name']);
  const labels = valueAt(namespace, ['metadata', 'labels']);
  const texts = Object.entries(isJsonObject(labels) ? labels : {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return [name, { ...Object.fromEntries(texts), 'kubernetes.io/metadata.name': name }];
}
