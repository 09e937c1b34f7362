import type { Fix } from '../domain/finding.ts';
import type { JsonObject } from '../domain/json.ts';
import type { PortPair } from '../domain/node-port.ts';
import type { Path } from '../domain/path.ts';
import type { Origin } from '../domain/request.ts';
import type { Message, Rule } from './define.ts';

/** One situation, in the shapes that a user would write. The tester compiles a policy of this one rule and asks the engine. */
export type RuleCase = ServiceCase | WorkloadCase;

interface AnyCase {
  readonly name: string;
  /** The rule's entry in `spec.rules`; default: `{}`. */
  readonly options?: JsonObject;
  /** Where the object comes from; default: a request to an API server, of a workload a file. */
  readonly origin?: Exclude<Origin, 'request'>;
  /** Further policy documents: NodePortPool, NodePortException, ClusterProfile; apiVersion is filled in. */
  readonly documents?: readonly JsonObject[];
  /** Services in the inventory: manifests as in `service`. */
  readonly others?: readonly JsonObject[];
}

export interface ServiceCase extends AnyCase {
  /** A manifest; apiVersion, kind, `metadata.name: web` and `metadata.namespace: shop` are filled in where absent. */
  readonly service: JsonObject;
  readonly workload?: never;
  /** Makes it an UPDATE of this object. */
  readonly old?: JsonObject;
  /** Default `proposed`: what `/mutate` and a manifest see. `final`: what `/validate` sees. */
  readonly stage?: 'final';
  readonly dryRun?: true;
  /** Pods and whatever makes them: manifests with apiVersion and kind; the metadata is filled in. */
  readonly workloads?: readonly JsonObject[];
  /** Nodes by name, with or without a ready pod of the Service; default: nobody knows. */
  readonly nodes?: Readonly<Record<string, 'pod' | 'no pod'>>;
  readonly inventoryComplete?: false;
  /** Labels of namespace `shop`; default: not known. */
  readonly namespaceLabels?: Readonly<Record<string, string>>;
  /** Rules that could not know; default: none. */
  readonly undetermined?: readonly ('inventory' | 'namespace')[];
}

export interface WorkloadCase extends AnyCase {
  /** A manifest with apiVersion and kind; `metadata.name: web` and `metadata.namespace: shop` are filled in where absent. */
  readonly workload: JsonObject;
  readonly service?: never;
}

/** A finding of this rule, whole: what is not listed here must be absent. */
export interface ExpectedFinding<Id extends string> {
  readonly messageId: Id;
  readonly path: Path;
  /** The sentence as a user reads it, without the field in front. */
  readonly text: string;
  /** Absent: nothing stands there. */
  readonly value?: unknown;
  readonly port?: PortPair;
  readonly free?: readonly number[];
  /** A `value` that is absent takes the field out. */
  readonly fix?: { readonly path: Path; readonly value?: Fix['value'] };
  /** `namespace/name port/PROTOCOL nodePort`, as in `team-b/db pg/TCP 30080`. */
  readonly holder?: string;
  /** When it is not the rule's own. */
  readonly enforcement?: 'deny' | 'warn' | 'audit';
  /** What is said when the object, once stored, is updated with itself; default: the same. `nothing`: only the change was wrong. */
  readonly replayed?: Id | 'nothing';
  /** Why the text does not repeat the value; only where it does not. */
  readonly unsaid?: string;
}

export interface CaseTable<Id extends string> {
  readonly rule: Rule;
  readonly valid: readonly RuleCase[];
  readonly invalid: readonly (RuleCase & { readonly findings: readonly ExpectedFinding<Id>[] })[];
}

/** Ties a table to its rule, so that a misspelt message id is a compile error. */
export function casesFor<Messages extends Record<string, Message>>(
  rule: Rule & { readonly definition: { readonly messages: Messages } },
  table: Omit<CaseTable<keyof Messages & string>, 'rule'>,
): CaseTable<keyof Messages & string> {
  return { rule, ...table };
}
