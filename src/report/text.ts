import { ENFORCEMENTS } from '../domain/finding.ts';
import { HEALTH_CHECK_PORT_NAME } from '../domain/service.ts';
import { counted, escaped, printable } from '../domain/text.ts';
import type { Because } from '../domain/verdict.ts';
import type { ReportedAssignment, ReportedFinding, VerdictItem, VerdictList, VerdictSummary } from './verdict-list.ts';

/** `from pool shop (…)` for what the gate chose, `in pool shop (…)` for what somebody else chose. */
const REASONS: Readonly<Record<Because, { readonly preposition: 'from' | 'in'; readonly words: string }>> = {
  kept: { preposition: 'in', words: 'it has this number already' },
  explicit: { preposition: 'in', words: 'as the manifest says' },
  hash: { preposition: 'from', words: 'chosen by the hash of its name: the same again, as long as it is free' },
  'hash, inventory incomplete': {
    preposition: 'from',
    words: 'chosen by the hash of its name, but not all Services are known yet, so it may still be taken',
  },
  reservation: { preposition: 'from', words: 'given to it a moment ago' },
  'api-server': { preposition: 'in', words: 'picked by the API server' },
};

const HASH_PREFIX = 'sha256:';
const SHORT_HASH_LENGTH = 12;

/**
 * The report for people, who may never have heard of this gate: first the answer for each object, then what is wrong and
 * what to do, then the ports it gets. No colour; whatever comes from objects is escaped, so that no text can forge a line.
 */
export function verdictText({ items, summary, policy }: VerdictList): string {
  const advice =
    summary.denied === 0 ? [] : ['what is denied would be refused; fix the lines marked deny and try again'];
  const end = [summaryText(summary), ...advice, `policy ${shortHash(policy.hash)}`];
  return [...items.map(itemText), `${end.join('\n')}\n`].join('\n');
}

function itemText(item: VerdictItem): string {
  const lines = [`${titleOf(item)}: ${answerOf(item)}`];
  for (const level of ENFORCEMENTS) {
    for (const finding of item.findings) {
      if (finding.enforcement === level) lines.push(...findingLines(finding));
    }
    for (const { rule, enforcement, message } of item.undetermined) {
      if (enforcement === level) lines.push(entry(level, `${escaped(message)}  [${rule}]`));
    }
  }
  const notices = (item.notices ?? []).map((notice) => entry('note', escaped(notice)));
  const ports = item.assigned.map((port) => entry('port', assignmentText(port)));
  return `${[...lines, ...notices, ...ports, ...otherChanges(item)].join('\n')}\n`;
}

function titleOf({ object: { kind, namespace, name, generateName } }: VerdictItem): string {
  const generated = generateName === undefined ? undefined : `${generateName}*`;
  const place = [namespace, name ?? generated]
    .filter((part) => part !== undefined)
    .map(printable)
    .join('/');
  if (kind === 'Service') return place;
  return place === '' ? printable(kind) : `${printable(kind)} ${place}`;
}

function answerOf({ allowed, untouched }: VerdictItem): string {
  if (!allowed) return 'denied';
  return untouched === undefined ? 'allowed' : `allowed (${escaped(untouched)})`;
}

function findingLines(finding: ReportedFinding): readonly string[] {
  const { enforcement, message, rule, exception, suppressed, alreadyThere } = finding;
  const lines = [entry(enforcement, `${escaped(message)}  [${rule}]`)];
  if (exception !== undefined) lines.push(note(`excused by exception ${printable(exception)}`));
  if (suppressed !== undefined) lines.push(note(`suppressed by its own annotation: ${printable(suppressed)}`));
  if (alreadyThere) lines.push(note('it was like this before the change, so it does not deny'));
  return lines;
}

function assignmentText({ port, protocol, nodePort, pool, because }: ReportedAssignment): string {
  const { preposition, words } = REASONS[because];
  const label = port === HEALTH_CHECK_PORT_NAME ? 'health check' : printable(port);
  const place = pool === undefined ? '' : ` ${preposition} pool ${pool}`;
  return `${label}/${printable(protocol)} ${nodePort}${place} (${words})`;
}

/** What the patch fills in beside the port numbers, which have lines of their own. */
function otherChanges({ patch }: VerdictItem): readonly string[] {
  return patch
    .filter(({ path }) => !/\/(?:nodePort|healthCheckNodePort)$/.test(path))
    .map(({ path, value }) => entry('set', `${fieldOf(path)} to ${printable(String(value))}`));
}

/** `spec.externalTrafficPolicy` from its JSON Pointer; the gate changes plain fields of `spec` only. */
function fieldOf(pointer: string): string {
  return escaped(pointer.slice(1).replaceAll('/', '.'));
}

function summaryText({ objects, allowed, denied, findings }: VerdictSummary): string {
  const counts = [`${counted(objects, 'object')}: ${allowed} allowed, ${denied} denied`];
  if (findings.deny > 0) counts.push(`${findings.deny} to fix (deny)`);
  if (findings.warn > 0) counts.push(counted(findings.warn, 'warning'));
  if (findings.audit > 0) counts.push(`${findings.audit} only recorded (audit)`);
  return counts.join('; ');
}

/** Enough to tell two policies apart by eye; the whole hash is in the JSON. */
function shortHash(hash: string): string {
  return hash.startsWith(HASH_PREFIX) ? hash.slice(0, HASH_PREFIX.length + SHORT_HASH_LENGTH) : hash;
}

function entry(label: string, text: string): string {
  return `  ${label.padEnd(5)}  ${text}`;
}

function note(text: string): string {
  return `         ${text}`;
}
