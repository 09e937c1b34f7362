import type { JsonObject } from './json.ts';
import { compareText } from './text.ts';

/** `namespace/name` of a Service. A Service made from generateName has no name before the API server gives it one. */
export interface ServiceRef {
  readonly namespace: string;
  readonly name: string;
}

/** One entry of `spec.ports` after the API server's defaulting (SetDefaults_Service): protocol is never empty. */
export interface ServicePort {
  /** Position in `spec.ports`. */
  readonly index: number;
  /** Empty for the single unnamed port. */
  readonly name: string;
  readonly port: number;
  readonly protocol: string;
  /** 0 when absent: the API server treats absent, null and 0 alike (int32, omitempty). */
  readonly nodePort: number;
}

/**
 * What the rules need to know of a core/v1 Service, read once by `wire/service.ts`.
 * Unknown fields stay untouched in `raw`; patches are made against `raw`, never against this view.
 */
export interface Service {
  readonly namespace: string;
  /** Empty while only generateName is known. */
  readonly name: string;
  readonly generateName: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** metadata.deletionTimestamp is set: only finalizers keep the object. */
  readonly deleting: boolean;
  readonly type: string;
  readonly ports: readonly ServicePort[];
  /** Empty when unset (a Service that is not externally accessible has none). */
  readonly externalTrafficPolicy: string;
  /** 0 when absent. */
  readonly healthCheckNodePort: number;
  /** As defaulted: true for a LoadBalancer that says nothing; meaningless for other types. */
  readonly allocateLoadBalancerNodePorts: boolean;
  readonly externalIPs: readonly string[];
  readonly loadBalancerSourceRanges: readonly string[];
  /** Empty before the API server has filled them in. */
  readonly ipFamilies: readonly string[];
  /** The labels of the pods behind it; empty where somebody else keeps its endpoints. */
  readonly selector: Readonly<Record<string, string>>;
  readonly authorship: Authorship;
  readonly raw: JsonObject;
  /** Only of what runs: it has more labels or annotations than were read, so that a gate, which reads all, may judge otherwise. */
  readonly isCut?: true;
}

/** Who wrote a field, as far as an object can tell (managedFields, the last-applied annotation, or a bare manifest). */
export interface Authorship {
  /**
   * Whether the author of the manifest wrote this field of `spec`: it is in the last-applied annotation, in an Apply
   * entry of managedFields, or in a manifest that has not met the API server yet. An Update entry proves nothing: it is
   * computed after defaulting.
   */
  wroteSpecField(field: string): boolean;
  /**
   * Whether any manager owns the number of this port. `unknown` without managedFields. The API server's allocator
   * owns nothing, so `nobody` marks a number that it picked itself.
   */
  ownerOfNodePort(port: ServicePort): 'somebody' | 'nobody' | 'unknown';
  ownerOfHealthCheckNodePort(): 'somebody' | 'nobody' | 'unknown';
}

/** The port name under which a health-check port appears in keys and reports. No Service port can be called so: names are lower case. */
export const HEALTH_CHECK_PORT_NAME = 'healthCheck';

export function formatRef({ namespace, name }: ServiceRef): string {
  return `${namespace}/${name}`;
}

export function sameRef(a: ServiceRef, b: ServiceRef): boolean {
  return a.namespace === b.namespace && a.name === b.name;
}

/** For sorting: by namespace, then by name. */
export function byRef(a: ServiceRef, b: ServiceRef): number {
  return compareText(a.namespace, b.namespace) || compareText(a.name, b.name);
}

/** How a port is called in keys, reports and messages: its name, or its number when it has none. */
export function portLabel(port: ServicePort): string {
  return port.name === '' ? String(port.port) : port.name;
}
