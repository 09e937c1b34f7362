import { opensNodePorts } from '../domain/node-port.ts';
import { formatRanges } from '../domain/port-set.ts';
import { describePool, type Entitlement } from '../domain/pool.ts';
import type { NamespaceCriteria } from '../domain/selection.ts';
import { formatRef, type Service } from '../domain/service.ts';
import { allOf, printable } from '../domain/text.ts';
import type { Finding } from '../domain/finding.ts';
import type {
  ChoiceAccount,
  Explanation,
  PassedOver,
  PolicyAccount,
  PoolAccount,
  PortAccount,
  RuleAccount,
  RuleResult,
} from '../engine/explain.ts';
import { assignmentText, assignedLabel } from './assignment-text.ts';
import { harmless } from './harmless.ts';

/** An explanation, of which Service, and where that stands. */
export interface ExplainedService {
  readonly service: Service;
  /** `svc.yaml:3:1`, or the name of a dump. */
  readonly place: string;
  readonly allowed: boolean;
  readonly explanation: Explanation;
}

const MOST_RANGES = 3;

/** Everything that led to the verdict on one Service, in the order in which the gate goes about it. */
export function explanationText({ service, place, allowed, explanation }: ExplainedService): string {
  const { verdict, policies, pools, ports, rules, entitlement } = explanation;
  const untouched = verdict.judged ? '' : ` (${harmless(verdict.untouchedBecause ?? 'no rule applies to it')})`;
  const blocks = [
    [`${printable(service.namespace)}/${printable(service.name)}: ${allowed ? 'allowed' : 'denied'}${untouched}`],
    ['found', ...[harmless(place)].map(indented)],
    ['policies', ...policies.map((account) => policyLine(account, service)).map(indented)],
    ['pools', ...poolLines(pools, entitlement, service).map(indented)],
    ['ports', ...portLines(ports, explanation, service).map(indented)],
    ['rules', ...ruleLines(rules).map(indented)],
    ...(verdict.notices.length > 0 ? [['notes', ...verdict.notices.map(harmless).map(indented)]] : []),
  ];
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function indented(line: string): string {
  return `  ${line}`;
}

function policyLine({ policy, match, because }: PolicyAccount, service: Service): string {
  const namespace = printable(service.namespace);
  if (match === 'yes') return `${policy.name} applies`;
  if (match === 'unknown') {
    return `${policy.name} may apply: it selects namespaces by label, and those of ${namespace} are not known`;
  }
  const reasons: Readonly<Record<keyof typeof policy.match, string>> = {
    excludeNamespaces: `it excludes namespace ${namespace}`,
    namespaces: `namespace ${namespace} is none of ${listed(policy.match.namespaces)}`,
    namespaceSelector: `the labels of namespace ${namespace} do not match its namespaceSelector`,
    excludeUsers: 'it excludes the user',
    excludeGroups: 'it excludes a group of the user',
    serviceTypes: `type ${printable(service.type)} is none of ${listed(policy.match.serviceTypes)}`,
    serviceSelector: 'the labels of the Service do not match its serviceSelector',
  };
  return `${policy.name} does not apply: ${because === undefined ? '' : reasons[because]}`;
}

function poolLines(pools: readonly PoolAccount[], entitlement: Entitlement, service: Service): readonly string[] {
  if (pools.length === 0) return ['the policy has none'];
  const { refusedChoice } = entitlement;
  const refusal =
    refusedChoice === undefined ? [] : [`${printable(refusedChoice)} is chosen by annotation, but not its pool`];
  return [...refusal, ...pools.map((account) => poolLine(account, entitlement, service))];
}

function poolLine({ pool, match, because }: PoolAccount, entitlement: Entitlement, service: Service): string {
  const title = `${describePool(pool)} (${formatRanges(pool.ports.ranges, MOST_RANGES)}, priority ${pool.priority})`;
  const namespace = printable(service.namespace);
  if (match === 'yes') return `${title}: ${roleOf(pool.name, pool.assign, entitlement)}`;
  if (match === 'unknown') {
    return `${title}: may be its own; the pool selects namespaces by label, and those of ${namespace} are not known`;
  }
  return `${title}: not its own, ${reasonAgainst(because, pool, service)}`;
}

function roleOf(name: string, assigns: boolean, { assigning, chosen, refusedChoice }: Entitlement): string {
  if (name === assigning?.name) {
    return chosen === undefined
      ? 'its own; missing numbers come from here'
      : 'its own, chosen by annotation; missing numbers come from here';
  }
  if (!assigns) return 'its own, but assigns no numbers (assign: false)';
  if (refusedChoice !== undefined) return 'its own, but its annotation names another one';
  const first = chosen ?? assigning;
  return first === undefined ? 'its own, behind one that may be' : `its own, behind ${first.name}`;
}

function reasonAgainst(because: PoolAccount['because'], pool: PoolAccount['pool'], service: Service): string {
  const namespace = printable(service.namespace);
  if (because === 'serviceTypes') return `type ${printable(service.type)} is none of ${listed(pool.serviceTypes)}`;
  if (because === 'namespaces') return `namespace ${namespace} is none of ${listed(namespacesOf(pool.criteria))}`;
  return `the labels of namespace ${namespace} do not match its namespaceSelector`;
}

function namespacesOf({ namespaces }: NamespaceCriteria): readonly string[] | undefined {
  return namespaces;
}

function portLines(ports: readonly PortAccount[], { verdict }: Explanation, service: Service): readonly string[] {
  if (ports.length > 0) return ports.flatMap(portAccount);
  if (!opensNodePorts(service.type)) return [`type ${printable(service.type)} opens none`];
  return [verdict.judged ? 'no number is known, and the gate gives it none' : 'left to the API server'];
}

function portAccount({ assigned: { pool, ...assigned }, choice }: PortAccount): readonly string[] {
  return [assignmentText({ ...assigned, ...(pool !== undefined && { pool }) }), ...choiceLines(choice)];
}

function choiceLines(choice: ChoiceAccount | undefined): readonly string[] {
  if (choice === undefined) return [];
  const { key, place, of, passedOver } = choice;
  const more = passedOver.length === 0 ? 0 : place - 1 - passedOver.length;
  return [
    `choice ${place} of ${of} of the key ${harmless(key)}`,
    ...passedOver.map((passed, index) => `choice ${index + 1}, ${passed.number}, ${reasonToPass(passed)}`),
    ...(more > 0 ? [`and ${more} more before it`] : []),
  ].map(indented);
}

function reasonToPass({ because, holder }: PassedOver): string {
  const who =
    holder === undefined
      ? ''
      : `${printable(formatRef(holder))} (port ${assignedLabel(holder.port)}/${printable(holder.protocol)})`;
  const reasons: Readonly<Record<PassedOver['because'], string>> = {
    held: `is held by ${who}`,
    squatted: `is carried by ${who}, which does not open it`,
    'used-by-itself': 'is used by another port of this Service',
    'not-permitted': 'is not permitted by a rule',
    reserved: 'was given away a moment ago',
  };
  return reasons[because];
}

const MARK_WIDTH = 'undetermined'.length;

function ruleLines(rules: readonly RuleAccount[]): readonly string[] {
  if (rules.length === 0) return ['none is asked'];
  return rules.flatMap(({ rule, policy, outcome }) => {
    const line = (mark: string, text: string): string =>
      `${mark.padEnd(MARK_WIDTH)}  ${rule} (${policy})${text === '' ? '' : `: ${text}`}`;
    return linesOf(outcome, line);
  });
}

function linesOf(outcome: RuleResult, line: (mark: string, text: string) => string): readonly string[] {
  switch (outcome.kind) {
    case 'passed':
      return [line('pass', '')];
    case 'found':
      return outcome.findings.flatMap((finding) => [
        line(finding.enforcement, harmless(finding.message)),
        ...notesOn(finding),
      ]);
    case 'undetermined':
      return outcome.undetermined.map(({ message, denies }) =>
        line('undetermined', `${harmless(message)}${denies ? ', and the policy denies what it cannot know' : ''}`),
      );
    case 'left-out':
      return [line('pass', `left to ${allOf(outcome.yieldsTo)}, about the same field`)];
    case 'not-asked':
      return [
        line(
          'not asked',
          outcome.because === 'origin' ? 'not about objects from here' : 'the Service opens no node port',
        ),
      ];
  }
}

function notesOn({ exception, suppressed, alreadyThere, policies }: Finding): readonly string[] {
  const notes = [
    exception === undefined ? undefined : `excused by exception ${printable(exception)}`,
    suppressed === undefined ? undefined : `suppressed by its own annotation: ${printable(suppressed)}`,
    alreadyThere ? 'it was like this before the change, so it does not deny' : undefined,
    policies.length > 1 ? `policies ${allOf(policies)} say so` : undefined,
  ];
  return notes.filter((note) => note !== undefined).map((note) => `${' '.repeat(MARK_WIDTH)}    ${note}`);
}

function listed(names: readonly string[] | undefined): string {
  return (names ?? []).join(', ');
}
