import type { JsonObject } from './json.ts';
import { isJsonObject } from './json.ts';
import { type Path, pointerOf } from './path.ts';

/** A field that the gate fills in. `add` also replaces (RFC 6902 section 4.1), so it works on absent, null and 0 alike. */
export interface Change {
  readonly path: Path;
  readonly value: string | number | boolean;
}

/** RFC 6902, as AdmissionResponse.patch carries it. */
export interface PatchOperation {
  readonly op: 'add';
  readonly path: string;
  readonly value: string | number | boolean;
}

export function toPatch(changes: readonly Change[]): readonly PatchOperation[] {
  return changes.map(({ path, value }) => ({ op: 'add', path: pointerOf(path), value }));
}

/** A copy of `object` with the changes made; what the changes do not touch is shared, not copied. */
export function applyChanges(object: JsonObject, changes: readonly Change[]): JsonObject {
  let result = object;
  for (const { path, value } of changes) {
    const next = withValue(result, path, value);
    if (isJsonObject(next)) result = next;
  }
  return result;
}

function withValue(node: unknown, path: Path, value: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (Array.isArray(node)) {
    const copy: unknown[] = [...node];
    copy[Number(step)] = withValue(copy[Number(step)], rest, value);
    return copy;
  }
  const object = isJsonObject(node) ? node : {};
  return { ...object, [step]: withValue(object[step], rest, value) };
}
