import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { isJsonObject, type JsonObject } from '../../../src/domain/json.ts';

/** The project's own manifests. */
export const MANIFESTS = join(import.meta.dirname, '../../../manifests');

export function readManifest(file: string): string {
  return readFileSync(join(MANIFESTS, file), 'utf8');
}

/** The objects of a text with several YAML documents; comments alone are none. */
export function objectsOf(text: string): readonly JsonObject[] {
  return parseAllDocuments(text)
    .map((document) => {
      if (document.errors[0] !== undefined) throw document.errors[0];
      return document.toJS() as unknown;
    })
    .filter(isJsonObject);
}

/** What is at `path`; undefined where there is nothing. A number is the index of a list. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let here = value;
  for (const step of path) {
    if (typeof step === 'number') here = Array.isArray(here) ? (here as readonly unknown[])[step] : undefined;
    else here = isJsonObject(here) ? here[step] : undefined;
  }
  return here;
}

/** The text at `path`; throws when there is none. */
export function textAt(value: unknown, ...path: readonly (string | number)[]): string {
  const text = at(value, ...path);
  if (typeof text !== 'string') throw new Error(`${path.join('.')} is no text`);
  return text;
}

/** `Deployment nodeport-gate`. */
export function titleOf(object: unknown): string {
  return `${textAt(object, 'kind')} ${textAt(object, 'metadata', 'name')}`;
}

/** The one object of this title; throws when there is none. */
export function pick(objects: readonly JsonObject[], title: string): JsonObject {
  const found = objects.find((object) => titleOf(object) === title);
  if (found === undefined) throw new Error(`${title} is missing; there are ${objects.map(titleOf).join(', ')}`);
  return found;
}
