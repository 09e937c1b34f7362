import { isJsonObject, type Json, type JsonObject, own } from '../../domain/json.ts';
import type { KeptChange } from '../../tls/advance.ts';
import { KEPT_NAMES, type KeptReading, type KeptTexts, readKept } from '../../tls/kept-set.ts';
import type { LeafNames } from '../../tls/leaf.ts';
import type { RotationNotes } from '../../tls/rotation.ts';

export interface SecretRef {
  readonly namespace: string;
  readonly name: string;
}

const ANNOTATIONS = {
  started: 'nodeport-gate.dev/ca-rotation-started',
  switched: 'nodeport-gate.dev/ca-rotation-switched',
  overlap: 'nodeport-gate.dev/ca-overlap',
} as const;

export function secretsPath(namespace: string): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/secrets`;
}

export function secretPath({ namespace, name }: SecretRef): string {
  return `${secretsPath(namespace)}/${encodeURIComponent(name)}`;
}

/** What the set in a Secret, as the API server gave it, is good for. */
export function readSecret(secret: unknown, names: LeafNames, now: Date): KeptReading {
  const data = objectAt(secret, 'data');
  const texts = KEPT_NAMES.map((name) => {
    const value = own(data, name);
    return [name, typeof value === 'string' ? Buffer.from(value, 'base64').toString('utf8') : ''] as const;
  });
  return readKept(Object.fromEntries(texts) satisfies KeptTexts, notesOf(secret), names, now);
}

/** A Secret that has the set and nothing else. */
export function newSecret({ namespace, name }: SecretRef, change: KeptChange): JsonObject {
  const labels = { 'app.kubernetes.io/name': 'nodeport-gate', 'app.kubernetes.io/managed-by': 'nodeport-gate' };
  const metadata = { name, namespace, labels };
  return changedSecret({ apiVersion: 'v1', kind: 'Secret', type: 'kubernetes.io/tls', metadata }, change);
}

/** The Secret with another set; what else is in it stays, and its resourceVersion lets only one of several writers win. */
export function changedSecret(secret: JsonObject, { texts, notes }: KeptChange): JsonObject {
  const metadata = objectAt(secret, 'metadata');
  const annotations = changed(objectAt(metadata, 'annotations'), [
    [ANNOTATIONS.started, notes.started],
    [ANNOTATIONS.switched, notes.switched],
    [ANNOTATIONS.overlap, notes.overlap],
  ]);
  const data = changed(
    objectAt(secret, 'data'),
    KEPT_NAMES.map((name) => [name, encoded(texts[name])] as const),
  );
  return { ...secret, metadata: { ...metadata, annotations }, data };
}

function notesOf(secret: unknown): RotationNotes {
  const annotations = objectAt(objectAt(secret, 'metadata'), 'annotations');
  const textOf = (key: string): string | undefined => {
    const value = own(annotations, key);
    return typeof value === 'string' ? value : undefined;
  };
  return {
    started: textOf(ANNOTATIONS.started),
    switched: textOf(ANNOTATIONS.switched),
    overlap: textOf(ANNOTATIONS.overlap),
  };
}

function changed(object: JsonObject, entries: readonly (readonly [string, string | undefined])[]): JsonObject {
  const result: Record<string, Json> = { ...object };
  for (const [key, value] of entries) {
    if (value === undefined) delete result[key];
    else result[key] = value;
  }
  return result;
}

function encoded(text: string | undefined): string | undefined {
  return text === undefined ? undefined : Buffer.from(text).toString('base64');
}

function objectAt(value: unknown, key: string): JsonObject {
  const found = isJsonObject(value) ? own(value, key) : undefined;
  return isJsonObject(found) ? found : {};
}
