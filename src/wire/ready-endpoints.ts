import { isJsonObject, type JsonObject, own } from '../domain/json.ts';
import type { ReadyEndpoints } from '../domain/reach.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import { booleanField, complain, isUnset, objectField, type Reading, startReading, textField } from './fields.ts';
import { found, type WireProblem } from './problem.ts';

/** Without it, a slice belongs to no Service, and kube-proxy passes over it (discovery/v1 LabelServiceName). */
const SERVICE_LABEL = 'kubernetes.io/service-name';

/**
 * Of an EndpointSlice; undefined for one of no Service. With externalTrafficPolicy Local, kube-proxy sends a node's clients
 * to the ready endpoints of that node.
 */
export function readReadyEndpoints(value: JsonObject): Result<ReadyEndpoints | undefined, WireProblem> {
  const reading = startReading('');
  const metadata = objectField(reading, value, 'metadata');
  reading.parent = 'metadata';
  const namespace = textField(reading, metadata, 'namespace');
  const labels = objectField(reading, metadata, 'labels');
  reading.parent = 'metadata.labels';
  const name = textField(reading, labels, SERVICE_LABEL);
  reading.parent = '';
  const nodes = nodesIn(reading, own(value, 'endpoints'));
  if (reading.problems.length > 0) return failed(reading.problems);
  return ok(name === '' ? undefined : { service: { namespace, name }, nodes });
}

function nodesIn(reading: Reading, endpoints: unknown): readonly string[] {
  if (isUnset(endpoints)) return [];
  if (!Array.isArray(endpoints)) {
    complain(reading, 'endpoints', `${found(endpoints)}; write a list of endpoints`);
    return [];
  }
  const nodes = endpoints.map((endpoint: unknown, index) => {
    reading.parent = `endpoints[${index}]`;
    if (isJsonObject(endpoint)) return nodeOf(reading, endpoint);
    complain(reading, '', `${found(endpoint)}; write an object with addresses`);
    return '';
  });
  return [...new Set(nodes.filter((node) => node !== ''))];
}

/** Empty where it is not ready, or on no node. Unknown readiness counts as ready (EndpointConditions of discovery/v1). */
function nodeOf(reading: Reading, endpoint: JsonObject): string {
  const node = textField(reading, endpoint, 'nodeName');
  const conditions = objectField(reading, endpoint, 'conditions');
  reading.parent += '.conditions';
  const isReady = booleanField(reading, conditions, 'ready') ?? true;
  return isReady ? node : '';
}
