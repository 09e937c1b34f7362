import type { JsonObject } from '../domain/json.ts';
import { isJsonObject } from '../domain/json.ts';
import { valueAt } from '../domain/path.ts';
import type { Authorship } from '../domain/service.ts';
import { isUnset } from './fields.ts';

const LAST_APPLIED = ['metadata', 'annotations', 'kubectl.kubernetes.io/last-applied-configuration'];
const MANAGED_FIELDS = ['metadata', 'managedFields'];
const PORTS = ['fieldsV1', 'f:spec', 'f:ports'];
const HEALTH_CHECK = ['fieldsV1', 'f:spec', 'f:healthCheckNodePort'];

/** What managedFields say about numbers: read once, however many ports ask. */
interface Ownership {
  /** False without managedFields: then nobody can tell. */
  readonly isKnown: boolean;
  /** `k:{"port":80,"protocol":"TCP"}` of every port whose number somebody owns. */
  readonly ports: ReadonlySet<string>;
  readonly healthCheck: boolean;
}

/**
 * For an object that the API server has seen. Looks at managedFields and the last-applied annotation only when asked:
 * most verdicts never ask. Both can be forged by the requester, so whatever is malformed counts as absent.
 */
export function authorshipOfObject(raw: JsonObject): Authorship {
  let known: Ownership | undefined;
  const ownership = (): Ownership => {
    known ??= ownershipOf(raw);
    return known;
  };
  return {
    wroteSpecField: (field) =>
      isApplied(raw, field) ||
      managersOf(raw).some(
        (entry) => entry['operation'] === 'Apply' && valueAt(entry, ['fieldsV1', 'f:spec', `f:${field}`]) !== undefined,
      ),
    ownerOfNodePort({ port, protocol }) {
      const { isKnown, ports } = ownership();
      if (!isKnown) return 'unknown';
      return ports.has(`k:${JSON.stringify({ port, protocol })}`) ? 'somebody' : 'nobody';
    },
    ownerOfHealthCheckNodePort() {
      const { isKnown, healthCheck } = ownership();
      if (!isKnown) return 'unknown';
      return healthCheck ? 'somebody' : 'nobody';
    },
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

function ownershipOf(raw: JsonObject): Ownership {
  const managers = managersOf(raw);
  const ports = new Set<string>();
  for (const entry of managers) {
    const fields = valueAt(entry, PORTS);
    if (!isJsonObject(fields)) continue;
    for (const [key, owned] of Object.entries(fields)) {
      if (isJsonObject(owned) && Object.hasOwn(owned, 'f:nodePort')) ports.add(key);
    }
  }
  const healthCheck = managers.some((entry) => valueAt(entry, HEALTH_CHECK) !== undefined);
  return { isKnown: managers.length > 0, ports, healthCheck };
}

/** Entries without fields say nothing: `managedFields: [{}]` is how a client wipes them. */
function managersOf(raw: JsonObject): readonly JsonObject[] {
  const entries = valueAt(raw, MANAGED_FIELDS);
  if (!Array.isArray(entries)) return [];
  return entries.filter(isJsonObject).filter((entry) => isJsonObject(valueAt(entry, ['fieldsV1'])));
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
