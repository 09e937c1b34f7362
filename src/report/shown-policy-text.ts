import type { LabelSelector } from '../domain/selection.ts';
import { counted } from '../domain/text.ts';
import { harmless } from './harmless.ts';
import type { ShownException, ShownPolicy, ShownPool, ShownRules } from './shown-policy.ts';

/** The policy in effect, for people. Values are printed as they would be written in YAML. */
export function shownPolicyText({ hash, cluster, policies, pools, exceptions }: ShownPolicy): string {
  const { serviceNodePortRange: range, ephemeralPortRange: ephemeral, dataPlane } = cluster;
  const profile = [
    `cluster ${cluster.name}`,
    `  node ports ${range.from}-${range.to}, ephemeral ports ${ephemeral.from}-${ephemeral.to}, data plane ${dataPlane}`,
  ];
  const blocks = [
    ...sectionOf(policies, 'no NodePortPolicy', policyLines),
    ...sectionOf(pools, 'no NodePortPool', poolLines),
    ...sectionOf(exceptions, 'no NodePortException', exceptionLines),
    profile,
    [`policy ${hash}`],
  ];
  return `${blocks.map((lines) => lines.map(harmless).join('\n')).join('\n\n')}\n`;
}

function sectionOf<Item>(
  items: readonly Item[],
  none: string,
  linesOf: (item: Item) => readonly string[],
): readonly (readonly string[])[] {
  return items.length === 0 ? [[none]] : items.map(linesOf);
}

function policyLines(policy: ShownRules): readonly string[] {
  const { name, preset, maxEnforcement, undetermined, match, allowSuppressions, rules } = policy;
  const nameWidth = Math.max(0, ...rules.map(({ rule }) => rule.length));
  const criteria = Object.entries(match).map(([key, value]) => `${key} ${valueText(value)}`);
  return [
    `NodePortPolicy ${name}${doubtOf(policy)}`,
    `  for         ${criteria.length === 0 ? 'every Service' : criteria.join('; ')}`,
    `  preset ${preset}, nothing beyond ${maxEnforcement}; a rule that cannot know: ${undetermined}`,
    ...(allowSuppressions.length > 0 ? [`  Services may suppress ${allowSuppressions.join(', ')}`] : []),
    ...rules.map(({ rule, enforcement, options }) =>
      `  ${enforcement.padEnd(5)}  ${rule.padEnd(nameWidth)}  ${optionsText(options)}`.trimEnd(),
    ),
    ...(rules.length === 0 ? ['  no rule is on'] : []),
  ];
}

function poolLines(pool: ShownPool): readonly string[] {
  const { name, ports, reserved, contact, priority, serviceTypes } = pool;
  return [
    `NodePortPool ${name}${doubtOf(pool)}`,
    `  ports       ${ports}`,
    ...(reserved === undefined ? [] : [`  reserved    ${reserved}`]),
    `  for         ${ownersText(pool)}${serviceTypes === undefined ? '' : `; types ${serviceTypes.join(', ')}`}`,
    ...(contact === undefined ? [] : [`  contact     ${contact}`]),
    `  priority    ${priority}`,
    ...supplyLines(pool),
  ];
}

function supplyLines({ assign, assignable, held, quota }: ShownPool): readonly string[] {
  const fullness = held === undefined ? '' : `, ${held} of them held, ${assignable - held} left`;
  const limits = [
    ...(quota?.perNamespace === undefined ? [] : [`${quota.perNamespace} for one namespace`]),
    ...(quota?.perService === undefined ? [] : [`${quota.perService} for one Service`]),
  ];
  return [
    assign
      ? `  assigns     from ${counted(assignable, 'port')}${fullness}`
      : `  assigns     nothing; ${counted(assignable, 'port')} to choose from${fullness}`,
    ...(limits.length === 0 ? [] : [`  quota       ${limits.join(', ')}`]),
  ];
}

function exceptionLines(exception: ShownException): readonly string[] {
  const { name, rules, services, ports, reason, ticket, expires, state, daysLeft } = exception;
  const left = state === 'expired' ? 'expired, as if it were not there' : `holds for ${counted(daysLeft, 'day')} more`;
  return [
    `NodePortException ${name}${doubtOf(exception)}`,
    `  from        ${rules.join(', ')}`,
    `  for         ${ownersText(exception)}${services === undefined ? '' : `; Services ${services.join(', ')}`}`,
    ...(ports === undefined ? [] : [`  ports       ${ports}`]),
    `  because     ${reason}${ticket === undefined ? '' : ` (${ticket})`}`,
    `  expires     ${expires}, ${state === 'ends soon' ? `soon: ${left}` : left}`,
  ];
}

function ownersText({ namespaces, namespaceSelector }: Owners): string {
  const parts = [
    ...(namespaces === undefined ? [] : [`namespaces ${namespaces.join(', ')}`]),
    ...(namespaceSelector === undefined ? [] : [`namespaces with ${selectorText(namespaceSelector)}`]),
  ];
  return parts.join(', those of them: ');
}

interface Owners {
  readonly namespaces?: readonly string[];
  readonly namespaceSelector?: LabelSelector;
}

/** As `kubectl -l` has it. */
function selectorText({ matchLabels, matchExpressions }: LabelSelector): string {
  const wanted = Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`);
  const conditions = matchExpressions.map(({ key, operator, values }) => {
    if (operator === 'Exists') return key;
    if (operator === 'DoesNotExist') return `!${key}`;
    return `${key} ${operator === 'In' ? 'in' : 'notin'} (${values.join(',')})`;
  });
  return [...wanted, ...conditions].join(',') || 'any labels';
}

function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.map(String).join(', ');
  return isSelector(value) ? selectorText(value) : String(value);
}

function isSelector(value: unknown): value is LabelSelector {
  return typeof value === 'object' && value !== null && 'matchLabels' in value;
}

function optionsText(options: Readonly<Record<string, unknown>>): string {
  return Object.entries(options)
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
    .join(', ');
}

function doubtOf({ depends }: { readonly depends?: string }): string {
  return depends === undefined ? '' : ' (perhaps: the labels of the namespace are not known)';
}
