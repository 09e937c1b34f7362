import type { Enforcement, Finding, Need, Undetermined } from '../domain/finding.ts';
import { atMost } from '../domain/finding.ts';
import type { HeldPort } from '../domain/inventory.ts';
import type { ObjectRef } from '../domain/object-ref.ts';
import { type PatchOperation, toPatch } from '../domain/patch.ts';
import type { Assignment, Because, Verdict } from '../domain/verdict.ts';
import type { Locate, SourceRegion } from '../domain/source.ts';
import type { Decision } from '../engine/decide.ts';

/** One object with what the policy says of it and what the door makes of that. */
export interface ReportItem {
  readonly object: ObjectRef;
  readonly verdict: Verdict;
  readonly decision: Decision;
  /** Only of an object that stands in a file. */
  readonly locate?: Locate;
  /** Where the port of another object of the same run stands; undefined for one that is not among them. */
  readonly locateHolder?: (holder: HeldPort) => SourceRegion | undefined;
  /** Whether the finding was there when the baseline was made. */
  readonly isInBaseline?: (finding: Finding) => boolean;
  /** Whether `nodeport-gate fix` may write into the file. */
  readonly isFixable?: boolean;
  /** Further things to know that are no finding. */
  readonly notices?: readonly string[];
}

/** What only `check` counts. */
export interface RunCounts {
  /** Documents that cannot matter to the policy, and therefore have no item. */
  readonly skipped: number;
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
  /** Findings that an exception excuses, and that an annotation suppresses; from `check` always, else when there are some. */
  readonly excused?: number;
  readonly suppressed?: number;
  /** Findings that the baseline knows, and documents that cannot matter to the policy; only from `check`. */
  readonly baselined?: number;
  readonly skipped?: number;
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
  /** Where the object begins; only where it came from a file. */
  readonly source?: SourceRegion;
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
  /** The baseline knows it; then enforcement is `audit`. */
  readonly baseline?: true;
  /** `nodeport-gate fix` can put it right; only in files. */
  readonly fixable?: true;
  readonly policies: readonly string[];
  readonly docs: string;
  /** Only where the object came from a file. */
  readonly source?: SourceRegion;
}

export interface ReportedHolder extends Pick<HeldPort, 'namespace' | 'name' | 'port' | 'protocol' | 'nodePort'> {
  /** Only where it stands in a file of the same run. */
  readonly source?: SourceRegion;
}

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
export function verdictList(items: readonly ReportItem[], policyHash: string, counts?: RunCounts): VerdictList {
  const reported = items.map(reportItem);
  const allowed = reported.filter((item) => item.allowed).length;
  const findings = reported.flatMap((item) => item.findings);
  const excused = findings.filter(({ exception }) => exception !== undefined).length;
  const suppressed = findings.filter((finding) => finding.suppressed !== undefined).length;
  const baselined = findings.filter(({ baseline }) => baseline).length;
  return {
    apiVersion: 'nodeport-gate.dev/v1alpha1',
    kind: 'VerdictList',
    policy: { hash: policyHash },
    summary: {
      objects: reported.length,
      allowed,
      denied: reported.length - allowed,
      findings: countFindings(findings),
      ...((excused > 0 || counts !== undefined) && { excused }),
      ...((suppressed > 0 || counts !== undefined) && { suppressed }),
      ...(counts !== undefined && { baselined, ...counts }),
    },
    items: reported,
  };
}

function countFindings(findings: readonly ReportedFinding[]): VerdictSummary['findings'] {
  const counts = { deny: 0, warn: 0, audit: 0 };
  for (const { enforcement } of findings) counts[enforcement] += 1;
  return counts;
}

function reportItem(item: ReportItem): VerdictItem {
  const { object, verdict, decision } = item;
  const findings = verdict.findings.map((finding) => reportFinding(finding, item));
  const notices = [...verdict.notices, ...(item.notices ?? [])];
  // What the baseline knows denies no more.
  const isDenied =
    findings.some(({ enforcement }) => enforcement === 'deny') || decision.undeterminedDenials.length > 0;
  return {
    object: reportObject(object),
    allowed: decision.allowed || !isDenied,
    ...(!verdict.judged && { untouched: verdict.untouchedBecause ?? 'no rule applies to it' }),
    findings,
    undetermined: verdict.undetermined.map((undetermined) => reportUndetermined(undetermined, decision)),
    assigned: verdict.assigned.map(reportAssignment),
    patch: toPatch(verdict.changes),
    ...(notices.length > 0 && { notices }),
    ...(item.locate !== undefined && { source: item.locate([]) }),
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

function reportFinding(finding: Finding, item: ReportItem): ReportedFinding {
  const { rule, field, value, message, policies } = finding;
  const isInBaseline = item.isInBaseline?.(finding) === true;
  return {
    rule,
    enforcement: isInBaseline ? 'audit' : finding.enforcement,
    field,
    ...(value !== undefined && { value }),
    message,
    ...reportRemedy(finding, item),
    ...reportMitigation(finding),
    ...(isInBaseline && { baseline: true as const }),
    policies,
    docs: `docs/rules/${rule}.md`,
    ...(item.locate !== undefined && { source: item.locate(finding.path) }),
  };
}

/** Who is in the way, and what to do about it. */
function reportRemedy(
  { free = [], holder, fix }: Finding,
  item: ReportItem,
): Pick<ReportedFinding, 'free' | 'holder' | 'fixable'> {
  return {
    ...(free.length > 0 && { free }),
    ...(holder !== undefined && { holder: reportHolder(holder, item) }),
    ...(item.isFixable === true && fix !== undefined && { fixable: true as const }),
  };
}

/** Why it is weaker than its rule. */
function reportMitigation({
  exception,
  suppressed,
  alreadyThere,
}: Finding): Pick<ReportedFinding, 'exception' | 'suppressed' | 'alreadyThere'> {
  return {
    ...(exception !== undefined && { exception }),
    ...(suppressed !== undefined && { suppressed }),
    ...(alreadyThere && { alreadyThere: true as const }),
  };
}

function reportHolder(holder: HeldPort, { locateHolder }: ReportItem): ReportedHolder {
  const { namespace, name, port, protocol, nodePort } = holder;
  const source = locateHolder?.(holder);
  return { namespace, name, port, protocol, nodePort, ...(source !== undefined && { source }) };
}

function reportUndetermined(undetermined: Undetermined, decision: Decision): ReportedUndetermined {
  const { rule, needs, enforcement, message } = undetermined;
  const denies = decision.undeterminedDenials.includes(undetermined);
  return { rule, needs, enforcement: denies ? 'deny' : atMost(enforcement, 'warn'), message };
}

function reportAssignment({ port, protocol, nodePort, pool, because }: Assignment): ReportedAssignment {
  return { port, protocol, nodePort, ...(pool !== undefined && { pool }), because };
}
