import type { SourceRegion } from '../domain/source.ts';
import type { CheckReport } from './check-report.ts';
import { harmless } from './harmless.ts';
import { objectName, objectTitle } from './object-title.ts';
import type { Remark } from './remarks.ts';
import { linkTo, plainMessage } from './sarif-message.ts';
import { artifactLocation, objectLocation, objectPath } from './sarif-uri.ts';
import type { ReportedFinding, ReportedHolder, ReportedObject } from './verdict-list.ts';

export const SARIF_LEVELS = { deny: 'error', warn: 'warning', audit: 'note' } as const;

/** Of the related location; the message links to it. */
const HOLDER_ID = 1;

interface Run {
  readonly report: CheckReport;
  /** Whether the results of this run say so at all. */
  readonly says: { readonly suppressions: boolean; readonly baseline: boolean };
}

export function sarifResult(remark: Remark, { report, says }: Run) {
  const { rule, level, key, finding } = remark;
  const ruleIndex = report.rules.findIndex(({ name }) => name === rule);
  return {
    ruleId: rule,
    ...(ruleIndex !== -1 && { ruleIndex }),
    level: SARIF_LEVELS[level],
    ...placed(remark, report),
    partialFingerprints: { 'nodeportGate/v1': report.digest(key) },
    ...(says.baseline && { baselineState: finding?.baseline ? 'unchanged' : 'new' }),
    ...(says.suppressions && { suppressions: suppressionsOf(finding) }),
  };
}

/** What it says, where, and where the other holder stands. */
function placed({ item, rule, message, source, finding }: Remark, report: CheckReport) {
  const holder = finding?.holder;
  const other = holder?.source === undefined ? undefined : related(holder, physical(holder.source, report));
  const text = plainMessage(harmless(`${objectTitle(item.object)}: ${message}`), rule);
  const location = source === undefined ? running(item.object) : written(item.object, physical(source, report));
  return {
    message: { text: other === undefined ? text : `${text}; see ${other.link}` },
    locations: [location],
    ...(other !== undefined && { relatedLocations: [other.location] }),
  };
}

function physical({ file, line, column, endLine, endColumn }: SourceRegion, { fromRoot }: CheckReport) {
  return {
    artifactLocation: artifactLocation(fromRoot(file)),
    region: { startLine: line, startColumn: column, endLine, endColumn },
  };
}

function written(object: ReportedObject, physicalLocation: ReturnType<typeof physical>) {
  const [fullyQualifiedName, kind] = [objectName(object), object.kind].map(harmless);
  const logical = { ...(fullyQualifiedName !== '' && { fullyQualifiedName }), ...(kind !== '' && { kind }) };
  return { physicalLocation, logicalLocations: [logical] };
}

/** What runs stands in no file, but GitHub takes no result without a file and a line. */
function running(object: ReportedObject) {
  const fullyQualifiedName = harmless(objectPath(object).join('/'));
  return {
    physicalLocation: { artifactLocation: objectLocation(object), region: { startLine: 1 } },
    logicalLocations: [{ ...(fullyQualifiedName !== '' && { fullyQualifiedName }), kind: 'resource' }],
  };
}

function related(
  { namespace, name, nodePort, protocol }: ReportedHolder,
  physicalLocation: ReturnType<typeof physical>,
) {
  const title = harmless(`${namespace}/${name}`);
  const text = plainMessage(`${title} holds ${nodePort}/${harmless(protocol)}`, 'the holder');
  return {
    link: linkTo(HOLDER_ID, title),
    location: { id: HOLDER_ID, physicalLocation, message: { text } },
  };
}

function suppressionsOf(finding: ReportedFinding | undefined) {
  const { exception, suppressed } = finding ?? {};
  return [
    ...(exception === undefined ? [] : [{ kind: 'external', justification: harmless(`exception ${exception}`) }]),
    ...(suppressed === undefined ? [] : [{ kind: 'inSource', justification: plainReason(suppressed) }]),
  ];
}

function plainReason(reason: string): string {
  return reason === '' ? 'no reason given' : harmless(reason);
}
