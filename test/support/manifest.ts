import type { JsonObject } from '../../src/domain/json.ts';
import { isJsonObject } from '../../src/domain/json.ts';
import type { ServiceRequest } from '../../src/domain/request.ts';
import type { Service } from '../../src/domain/service.ts';
import type { Workload } from '../../src/domain/workload.ts';
import { readService } from '../../src/wire/service.ts';
import { readWorkload } from '../../src/wire/workload.ts';

/** A complete manifest: Service `shop/web` unless it says otherwise. */
export function manifest(partial: JsonObject): JsonObject {
  const metadata = isJsonObject(partial['metadata']) ? partial['metadata'] : {};
  return { apiVersion: 'v1', kind: 'Service', ...partial, metadata: { name: 'web', namespace: 'shop', ...metadata } };
}

/** The Service as a bare manifest is read, `file`: as one in a file; throws when it cannot be. */
export function serviceOf(partial: JsonObject, from: 'object' | 'manifest' | 'file' = 'manifest'): Service {
  const options =
    from === 'file'
      ? ({ authorship: 'manifest', toleratesEmptyNodePorts: true } as const)
      : ({ authorship: from } as const);
  const read = readService(manifest(partial), { path: 'object', ...options });
  if (!read.ok) throw new Error(read.problems.map(({ path, message }) => `${path}: ${message}`).join('\n'));
  return read.value;
}

/** The same for what makes pods: apiVersion and kind must be there. */
export function workloadOf(partial: JsonObject): Workload {
  const read = readWorkload(manifest(partial), { path: 'object', namespace: 'shop' });
  if (read === undefined) throw new Error(`${JSON.stringify(partial['kind'])} is no workload`);
  if (!read.ok) throw new Error(read.problems.map(({ path, message }) => `${path}: ${message}`).join('\n'));
  return read.value;
}

/** A request to create the Service of a bare manifest; anything can be overridden. */
export function requestFor(service: Service, overrides: Partial<ServiceRequest> = {}): ServiceRequest {
  return {
    origin: 'request',
    uid: 'test',
    operation: overrides.oldService === undefined ? 'CREATE' : 'UPDATE',
    stage: 'proposed',
    statusOnly: false,
    dryRun: false,
    user: undefined,
    service,
    oldService: undefined,
    heldAlready: [],
    ...overrides,
  };
}
