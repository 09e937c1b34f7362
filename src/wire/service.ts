import type { JsonObject } from '../domain/json.ts';
import { isJsonObject, own } from '../domain/json.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import type { Service, ServicePort } from '../domain/service.ts';
import { authorshipOfManifest, authorshipOfObject } from './authorship.ts';
import {
  booleanField,
  complain,
  int32Field,
  isUnset,
  objectField,
  type Reading,
  startReading,
  textField,
  textListField,
  textMapField,
} from './fields.ts';
import { found, type WireProblem } from './problem.ts';

export interface ServiceReadOptions {
  /** Goes before every path in a problem: `request.object`; empty for a document of its own. */
  readonly path: string;
  /** `object`: the API server has seen it. `manifest`: it comes straight from its author. */
  readonly authorship: 'object' | 'manifest';
  /** Where `metadata.namespace` is empty: the namespace of the request, or what kubectl would use. */
  readonly namespace?: string;
  /**
   * An empty string for the number of a node port counts as not set, so that a rule can say what is wrong with it. Absent:
   * it is a problem, like any other string.
   */
  readonly toleratesEmptyNodePorts?: true;
}

/**
 * The API server cannot store as many (1.5 MiB, etcd), but asks webhooks before it tries, and reading them keeps everybody
 * else waiting.
 */
const MOST_PORTS = 20_000;

const NO_PORTS: readonly ServicePort[] = Object.freeze([]);

/**
 * Reads a core/v1 Service as the API server would: null, absent and zero are alike, unknown fields are left alone, a
 * wrong type is a problem. The view has the API server's own defaults (SetDefaults_Service); `raw` is the value as given.
 * Values that only validation refuses (port 0, protocol `tcp`, a node port of -5) are read as they are.
 */
export function readService(value: unknown, options: ServiceReadOptions): Result<Service, WireProblem> {
  if (!isJsonObject(value)) {
    return failed([{ path: options.path, message: `${found(value)}; send a Service object` }]);
  }
  const reading = startReading(options.path);
  const metadata = objectField(reading, value, 'metadata');
  const spec = objectField(reading, value, 'spec');
  reading.parent = 'metadata';
  const namespace = textField(reading, metadata, 'namespace');
  const service = {
    namespace: namespace === '' ? (options.namespace ?? '') : namespace,
    name: textField(reading, metadata, 'name'),
    generateName: textField(reading, metadata, 'generateName'),
    labels: textMapField(reading, metadata, 'labels'),
    annotations: textMapField(reading, metadata, 'annotations'),
    deleting: textField(reading, metadata, 'deletionTimestamp') !== '',
    ...readSpec(reading, spec, options),
    authorship: options.authorship === 'object' ? authorshipOfObject(value) : authorshipOfManifest(value),
    raw: value,
  };
  return reading.problems.length === 0 ? ok(service) : failed(reading.problems);
}

type SpecView = Omit<
  Service,
  'namespace' | 'name' | 'generateName' | 'labels' | 'annotations' | 'deleting' | 'authorship' | 'raw'
>;

function readSpec(reading: Reading, spec: JsonObject, options: ServiceReadOptions): SpecView {
  reading.parent = 'spec';
  const type = textField(reading, spec, 'type') || 'ClusterIP';
  const externalIPs = textListField(reading, spec, 'externalIPs');
  const policy = textField(reading, spec, 'externalTrafficPolicy');
  return {
    type,
    externalTrafficPolicy: policy === '' && isExternallyAccessible(type, externalIPs) ? 'Cluster' : policy,
    healthCheckNodePort: nodePortField(reading, spec, 'healthCheckNodePort', options),
    allocateLoadBalancerNodePorts:
      booleanField(reading, spec, 'allocateLoadBalancerNodePorts') ?? type === 'LoadBalancer',
    externalIPs,
    loadBalancerSourceRanges: textListField(reading, spec, 'loadBalancerSourceRanges'),
    ipFamilies: textListField(reading, spec, 'ipFamilies'),
    selector: textMapField(reading, spec, 'selector'),
    ports: readPorts(reading, spec, options),
  };
}

/** pkg/api/v1/service ExternallyAccessible: such a Service always has an externalTrafficPolicy. */
function isExternallyAccessible(type: string, externalIPs: readonly string[]): boolean {
  return type === 'NodePort' || type === 'LoadBalancer' || (type === 'ClusterIP' && externalIPs.length > 0);
}

function readPorts(reading: Reading, spec: JsonObject, options: ServiceReadOptions): readonly ServicePort[] {
  const value = own(spec, 'ports');
  if (isUnset(value)) return NO_PORTS;
  if (!Array.isArray(value)) {
    complain(reading, 'ports', `${found(value)}; write a list of ports`);
    return NO_PORTS;
  }
  if (value.length > MOST_PORTS) {
    complain(reading, 'ports', `${value.length} ports are more than a Service can have; write at most ${MOST_PORTS}`);
    return NO_PORTS;
  }
  reading.parent = 'spec.ports';
  const ports: ServicePort[] = [];
  for (let index = 0; index < value.length; index += 1) {
    const port: unknown = value[index];
    reading.index = index;
    if (isJsonObject(port)) ports.push(readPort(reading, port, index, options));
    else complain(reading, '', `${found(port)}; write an object with a port number`);
  }
  return ports;
}

function readPort(reading: Reading, port: JsonObject, index: number, options: ServiceReadOptions): ServicePort {
  return {
    index,
    name: textField(reading, port, 'name'),
    port: int32Field(reading, port, 'port'),
    protocol: textField(reading, port, 'protocol') || 'TCP',
    nodePort: nodePortField(reading, port, 'nodePort', options),
  };
}

function nodePortField(reading: Reading, object: JsonObject, key: string, options: ServiceReadOptions): number {
  if (options.toleratesEmptyNodePorts === true && own(object, key) === '') return 0;
  return int32Field(reading, object, key);
}
