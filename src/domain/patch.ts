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
  // Lists and objects copied for one change are written to by the next: a Service may have thousands of ports.
  const copies = new Set<unknown>();
  let result = object;
  for (const { path, value } of changes) {
    const next = withValue(result, path, value, copies);
    if (isJsonObject(next)) result = next;
  }
  return result;
}

function withValue(node: unknown, path: Path, value: unknown, copies: Set<unknown>): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (Array.isArray(node)) {
    const list: unknown[] = copies.has(node) ? node : [...node];
    copies.add(list);
    list[Number(step)] = withValue(list[Number(step)], rest, value, copies);
    return list;
  }
  const object: Record<string, unknown> = isJsonObject(node) ? (copies.has(node) ? node : { ...node }) : {};
  copies.add(object);
  object[step] = withValue(object[step], rest, value, copies);
  return object;
}
