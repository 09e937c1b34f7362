import type { JsonObject } from '../domain/json.ts';
import { isJsonObject } from '../domain/json.ts';
import { valueAt } from '../domain/path.ts';
import type { Authorship } from '../domain/service.ts';
import { isUnset } from './fields.ts';

type Owner = ReturnType<Authorship['ownerOfHealthCheckNodePort']>;

const LAST_APPLIED = ['metadata', 'annotations', 'kubectl.kubernetes.io/last-applied-configuration'];
const MANAGED_FIELDS = ['metadata', 'managedFields'];

/**
 * For an object that the API server has seen. Looks at managedFields and the last-applied annotation only when asked:
 * most verdicts never ask. Both can be forged by the requester, so whatever is malformed counts as absent.
 */
export function authorshipOfObject(raw: JsonObject): Authorship {
  return {
    wroteSpecField: (field) =>
      isApplied(raw, field) ||
      managersOf(raw).some(
        (entry) => entry['operation'] === 'Apply' && owns(entry, ['fieldsV1', 'f:spec', `f:${field}`]),
      ),
    ownerOfNodePort: ({ port, protocol }) =>
      ownerOf(raw, ['fieldsV1', 'f:spec', 'f:ports', `k:${JSON.stringify({ port, protocol })}`, 'f:nodePort']),
    ownerOfHealthCheckNodePort: () => ownerOf(raw, ['fieldsV1', 'f:spec', 'f:healthCheckNodePort']),
  };
}

/** For a manifest that has not met the API server: what stands there, its author wrote. */
export function authorshipOfManifest(raw: JsonObject): Authorship {
  return {
    wroteSpecField: (field) => !isUnset(valueAt(raw, ['spec', field])),
    ownerOfNodePort: () => 'unknown',
    ownerOfHealthCheckNodePort: () => 'unknown',
  };
}

function ownerOf(raw: JsonObject, path: readonly string[]): Owner {
  const managers = managersOf(raw);
  if (managers.length === 0) return 'unknown';
  return managers.some((entry) => owns(entry, path)) ? 'somebody' : 'nobody';
}

/** Entries without fields say nothing: `managedFields: [{}]` is how a client wipes them. */
function managersOf(raw: JsonObject): readonly JsonObject[] {
  const entries = valueAt(raw, MANAGED_FIELDS);
  if (!Array.isArray(entries)) return [];
  return entries.filter(isJsonObject).filter((entry) => isJsonObject(valueAt(entry, ['fieldsV1'])));
}

function owns(entry: JsonObject, path: readonly string[]): boolean {
  return valueAt(entry, path) !== undefined;
}

function isApplied(raw: JsonObject, field: string): boolean {
  const text = valueAt(raw, LAST_APPLIED);
  return typeof text === 'string' && !isUnset(valueAt(parsed(text), ['spec', field]));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The annotation is free text to whoever may update the Service.
    return undefined;
  }
}
