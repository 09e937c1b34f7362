import { isJsonObject, type JsonObject, own } from '../domain/json.ts';
import type { Result } from '../domain/result.ts';
import type { Service } from '../domain/service.ts';
import type { WireProblem } from './problem.ts';
import { readService } from './service.ts';

/** What kubectl uses for a manifest that names no namespace, unless it is told another one. */
const DEFAULT_NAMESPACE = 'default';

/**
 * A Service as it runs. Who wrote which field decides what may still be changed; of what runs nothing is, so the record of
 * that is left out, and with it most of the object. `path` goes before every path in a problem.
 */
export function readRunningService(value: JsonObject, path = ''): Result<Service, WireProblem> {
  const [metadata, spec] = [own(value, 'metadata'), own(value, 'spec')];
  const kept = {
    ...(metadata !== undefined && { metadata: isJsonObject(metadata) ? withoutManagers(metadata) : metadata }),
    ...(spec !== undefined && { spec }),
  };
  return readService(kept, { path, authorship: 'manifest', namespace: DEFAULT_NAMESPACE });
}

function withoutManagers(metadata: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(metadata).filter(([key]) => key !== 'managedFields'));
}
