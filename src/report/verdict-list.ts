import type { Enforcement, Finding, Need, Undetermined } from '../domain/finding.ts';
import { atMost } from '../domain/finding.ts';
import type { HeldPort } from '../domain/inventory.ts';
import type { ObjectRef } from '../domain/object-ref.ts';
import { type PatchOperation, toPatch } from '../domain/patch.ts';
import type { Assignment, Because, Verdict } from '../domain/verdict.ts';
import type { Decision } from '../engine/decide.ts';

/** One object with what the policy says of it and what the door makes of that. */
export interface ReportItem {
  readonly object: ObjectRef;
  readonly verdict: Verdict;
  readonly decision: Decision;
}

/** The machine-readable report of every door. Empty lists are present, absent facts are absent. */
export interface VerdictList {
  readonly apiVersion: 'nodeport-gate.dev/v1alpha1';
  readonly kind: 'VerdictList';
  readonly policy: { readonly hash: string };
  readonly summary: VerdictSummary;
  readonly items: readonly VerdictItem[];
}

export interface VerdictSummary {
  readonly objects: number;
  readonly allowed: number;
  readonly denied: number;
  /** By effective enforcement. */
  readonly findings: Readonly<Record<Enforcement, number>>;
}

export interface VerdictItem {
  readonly object: ReportedObject;
  readonly allowed: boolean;
  /** Why no rule was asked; only when none was. */
  readonly untouched?: string;
  readonly findings: readonly ReportedFinding[];
  readonly undetermined: readonly ReportedUndetermined[];
  readonly assigned: readonly ReportedAssignment[];
  readonly patch: readonly PatchOperation[];
  /** Things to know that are no finding; only when there are some. */
  readonly notices?: readonly string[];
}

export interface ReportedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name?: string;
  /** Only while there is no name. */
  readonly generateName?: string;
}

export interface ReportedFinding {
  readonly rule: string;
  /** The effective one. */
  readonly enforcement: Enforcement;
  readonly field: string;
  readonly value?: unknown;
  readonly message: string;
  readonly free?: readonly number[];
  readonly holder?: ReportedHolder;
  readonly exception?: string;
  readonly suppressed?: string;
  readonly alreadyThere?: true;
  readonly policies: readonly string[];
  readonly docs: string;
}

export type ReportedHolder = Pick<HeldPort, 'namespace' | 'name' | 'port' | 'protocol' | 'nodePort'>;

export interface ReportedUndetermined {
  readonly rule: string;
  readonly needs: Need;
  /** `deny` only where not knowing denies. */
  readonly enforcement: Enforcement;
  readonly message: string;
}

export interface ReportedAssignment {
  readonly port: string;
  readonly protocol: string;
  readonly nodePort: number;
  readonly pool?: string;
  readonly because: Because;
}

/** One item for each object, in the order given. */
export function verdictList(items: readonly ReportItem[], policyHash: string): VerdictList {
  const reported = items.map(reportItem);
  const allowed = reported.filter((item) => item.allowed).length;
  return {
    apiVersion: 'nodeport-gate.dev/v1alpha1',
    kind: 'VerdictList',
    policy: { hash: policyHash },
    summary: {
      objects: reported.length,
      allowed,
      denied: reported.length - allowed,
      findings: countFindings(reported),
    },
    items: reported,
  };
}

function countFindings(items: readonly VerdictItem[]): VerdictSummary['findings'] {
  const counts = { deny: 0, warn: 0, audit: 0 };
  for (const { findings } of items) for (const { enforcement } of findings) counts[enforcement] += 1;
  return counts;
}

function reportItem({ object, verdict, decision }: ReportItem): VerdictItem {
  return {
    object: reportObject(object),
    allowed: decision.allowed,
    ...(!verdict.judged && { untouched: verdict.untouchedBecause ?? 'no rule applies to it' }),
    findings: verdict.findings.map(reportFinding),
    undetermined: verdict.undetermined.map((undetermined) => reportUndetermined(undetermined, decision)),
    assigned: verdict.assigned.map(reportAssignment),
    patch: toPatch(verdict.changes),
    ...(verdict.notices.length > 0 && { notices: verdict.notices }),
  };
}

function reportObject({ apiVersion, kind, namespace, name, generateName }: ObjectRef): ReportedObject {
  return {
    apiVersion,
    kind,
    ...(namespace !== '' && { namespace }),
    ...(name !== '' && { name }),
    ...(name === '' && generateName !== '' && { generateName }),
  };
}

function reportFinding(finding: Finding): ReportedFinding {
  const { rule, enforcement, field, value, message, free, holder, exception, suppressed, policies } = finding;
  return {
    rule,
    enforcement,
    field,
    ...(value !== undefined && { value }),
    message,
    ...(free !== undefined && free.length > 0 && { free }),
    ...(holder !== undefined && { holder: reportHolder(holder) }),
    ...(exception !== undefined && { exception }),
    ...(suppressed !== undefined && { suppressed }),
    ...(finding.alreadyThere && { alreadyThere: true as const }),
    policies,
    docs: `docs/rules/${rule}.md`,
  };
}

function reportHolder({ namespace, name, port, protocol, nodePort }: HeldPort): ReportedHolder {
  return { namespace, name, port, protocol, nodePort };
}

function reportUndetermined(undetermined: Undetermined, decision: Decision): ReportedUndetermined {
  const { rule, needs, enforcement, message } = undetermined;
  const denies = decision.undeterminedDenials.includes(undetermined);
  return { rule, needs, enforcement: denies ? 'deny' : atMost(enforcement, 'warn'), message };
}

function reportAssignment({ port, protocol, nodePort, pool, because }: Assignment): ReportedAssignment {
  return { port, protocol, nodePort, ...(pool !== undefined && { pool }), because };
}
