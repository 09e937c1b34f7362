import type { Enforcement } from '../domain/finding.ts';
import type { SnapshotResource } from '../domain/snapshot.ts';

/**
 * Which port is whose, who can reach it, what is free: what `GET /ports` answers, what the page draws, and what `audit` and
 * `ports` print. Empty lists are present, absent facts are absent.
 */
export interface PortMap {
  readonly apiVersion: 'nodeport-gate.dev/v1alpha1';
  readonly kind: 'PortMap';
  /** Absent while no policy is in force. */
  readonly policy?: { readonly hash: string };
  /**
   * When what goes beyond holders and pools (sources, nodes, findings, squatters' types) was last looked up: ISO 8601, UTC.
   * Absent: never, so `services`, `hostPorts` and `nodes` say nothing.
   */
  readonly auditedAt?: string;
  /** What the API server allocates from: `30000-32767`. */
  readonly range: string;
  /** By number, then by namespace and name. */
  readonly ports: readonly MappedPort[];
  /** Numbers on Services that do not open them, by number. */
  readonly squatters: readonly MappedSquatter[];
  /** Ports inside the range that pods take on their nodes, by number; of too many the first, and then `notKnown` has `pods`. */
  readonly hostPorts: readonly MappedHostPort[];
  /** Services that open, will open or carry node ports, by namespace and name. */
  readonly services: readonly MappedService[];
  /** In order of precedence. */
  readonly pools: readonly MappedPool[];
  /** By name; absent: not known. */
  readonly nodes?: readonly MappedNode[];
  /** What could not be looked up: `nodes`, `pods`, `endpointslices`, `namespaces`. */
  readonly notKnown: readonly SnapshotResource[];
}

/**
 * What an operator should see at once.
 * `shared`: another Service holds the number, too. `outside-range`: the API server does not allocate it. `unowned`: in no
 * pool, although there are pools. `open-to-world`: nothing says who may connect, or everybody may. `load-balancer`: a node
 * port beside the address of a load balancer. `health-check`: `spec.healthCheckNodePort`, which kubectl does not show.
 */
export const PORT_MARKS = [
  'shared',
  'outside-range',
  'unowned',
  'open-to-world',
  'load-balancer',
  'health-check',
] as const;
export type PortMark = (typeof PORT_MARKS)[number];

/** One number with its holder. */
export interface MappedPort {
  readonly nodePort: number;
  readonly protocol: string;
  readonly namespace: string;
  readonly name: string;
  /** Port name, port number, or `healthCheck`. */
  readonly port: string;
  /** The pool that the number belongs to; absent outside every pool. */
  readonly pool?: string;
  /** In the order of PORT_MARKS; `open-to-world` and `load-balancer` only where the Service was looked up. */
  readonly marks: readonly PortMark[];
}

export interface MappedSquatter extends Omit<MappedPort, 'marks'> {
  /** `ExternalName`, or `ClusterIP`; absent where the Service was not looked up. */
  readonly type?: string;
  /** Who holds the number that it carries: a change of type would take it over. `namespace/name`, sorted. */
  readonly victims: readonly string[];
}

export interface MappedHostPort {
  readonly hostPort: number;
  readonly protocol: string;
  readonly because: 'hostPort' | 'hostNetwork';
  /** What made the pods, or the pod itself. */
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly pods: number;
  /** The Services whose node port it is: `namespace/name`, sorted. */
  readonly holders: readonly string[];
  /** Those about this port. */
  readonly findings: readonly MappedFinding[];
}

export interface MappedService {
  readonly namespace: string;
  readonly name: string;
  readonly type: string;
  /** metadata.creationTimestamp: since when its ports may be open. */
  readonly created?: string;
  readonly externalTrafficPolicy?: string;
  /** Who may connect, as the Service declares it; absent: it says nothing. */
  readonly sources?: MappedSources;
  /** Nothing says who may connect to its node ports, or everybody may. */
  readonly isOpenToWorld: boolean;
  /** Only with externalTrafficPolicy Local, and only where nodes and endpoints are known. */
  readonly nodes?: MappedAnswering;
  /** The policies that apply to it, by name. */
  readonly policies: readonly string[];
  /** Whether the policy would let somebody create it as it is. */
  readonly allowed: boolean;
  readonly findings: readonly MappedFinding[];
}

/** Names of nodes, sorted, the first of them: thousands of Services on thousands of nodes would be too much to read. */
export interface MappedAnswering {
  readonly answering: readonly string[];
  readonly silent: readonly string[];
  /** How many more there are of each; absent where none. */
  readonly moreAnswering?: number;
  readonly moreSilent?: number;
}

export interface MappedSources {
  /** The field that says it. */
  readonly field: string;
  /** As written, at most 64; each cut where it is longer than any network. */
  readonly networks: readonly string[];
}

/** A finding, or a rule that could not know, as far as a reader of the map needs it; the whole is in the VerdictList of `audit`. */
export interface MappedFinding {
  readonly rule: string;
  /** The effective one. */
  readonly enforcement: Enforcement;
  /** `FIELD: TEXT`. */
  readonly message: string;
  /** Of a finding about one port. */
  readonly nodePort?: number;
  readonly exception?: string;
  /** The rule could not know; then enforcement is `deny` only where not knowing denies. */
  readonly undetermined?: true;
}

export interface MappedPool {
  readonly name: string;
  /** Absent where the pool names none. */
  readonly contact?: string;
  /** `30100-30199, 30500`. */
  readonly ports: string;
  /** Numbers that are never assigned; empty when there are none. */
  readonly reserved: string;
  readonly priority: number;
  readonly assign: boolean;
  /**
   * How many numbers it has; those that have a holder; those that are free for whoever may use the pool: not held, not
   * reserved, not carried by a squatter, and not taken by a pod, as far as that is known.
   */
  readonly size: number;
  readonly held: number;
  readonly free: number;
}

export interface MappedNode {
  readonly name: string;
  readonly addresses: readonly string[];
}
