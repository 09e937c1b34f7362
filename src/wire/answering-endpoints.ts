import { isJsonObject, type JsonObject, own } from '../domain/json.ts';
import type { AnsweringEndpoints } from '../domain/reach.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import { booleanField, complain, isUnset, objectField, type Reading, startReading, textField } from './fields.ts';
import { found, type WireProblem } from './problem.ts';

/** Without it, a slice belongs to no Service, and kube-proxy passes over it (discovery/v1 LabelServiceName). */
const SERVICE_LABEL = 'kubernetes.io/service-name';

/**
 * Of an EndpointSlice; undefined for one of no Service. With externalTrafficPolicy Local, kube-proxy sends a node's clients
 * to the ready endpoints of that node, and while there is none, to those that still serve while they terminate (KEP-1669,
 * ProxyTerminatingEndpoints, GA in 1.28). So a node answers with either.
 */
export function readAnsweringEndpoints(value: JsonObject): Result<AnsweringEndpoints | undefined, WireProblem> {
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

/**
 * Empty where it gets no clients, or is on no node. As kube-proxy reads them (pkg/proxy/endpointslicecache.go), conditions that are not
 * set mean ready, serving, and not terminating.
 */
function nodeOf(reading: Reading, endpoint: JsonObject): string {
  const node = textField(reading, endpoint, 'nodeName');
  const conditions = objectField(reading, endpoint, 'conditions');
  reading.parent += '.conditions';
  const isReady = booleanField(reading, conditions, 'ready') ?? true;
  const isServing = booleanField(reading, conditions, 'serving') ?? true;
  const isTerminating = booleanField(reading, conditions, 'terminating') ?? false;
  return isReady || (isServing && isTerminating) ? node : '';
}
