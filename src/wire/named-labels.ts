import { isJsonObject, type JsonObject } from '../domain/json.ts';
import { textAt, valueAt } from '../domain/path.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import type { Labels } from '../domain/selection.ts';
import { complain, objectField, startReading, textField } from './fields.ts';
import type { WireProblem } from './problem.ts';

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

/** The same of one that runs, where it is wrong to go by no labels because those that are there cannot be read. */
export function readNamedLabels(namespace: JsonObject): Result<NamedLabels, WireProblem> {
  const reading = startReading('');
  const metadata = objectField(reading, namespace, 'metadata');
  reading.parent = 'metadata';
  if (textField(reading, metadata, 'name') === '')
    complain(reading, 'name', 'this is missing; write the name of the namespace');
  objectField(reading, metadata, 'labels');
  return reading.problems.length === 0 ? ok(namedLabels(namespace)) : failed(reading.problems);
}
