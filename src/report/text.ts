import { ENFORCEMENTS } from '../domain/finding.ts';
import { counted, escaped } from '../domain/text.ts';
import { assignmentText, otherChanges } from './assignment-text.ts';
import { objectTitle } from './object-title.ts';
import { shortHash } from './short-hash.ts';
import { whyWeaker } from './why-weaker.ts';
import type { ReportedFinding, VerdictItem, VerdictList, VerdictSummary } from './verdict-list.ts';

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
  const lines = [`${objectTitle(item.object)}: ${answerOf(item)}`];
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
  const changes = otherChanges(item).map((change) => entry('set', change));
  return `${[...lines, ...notices, ...ports, ...changes].join('\n')}\n`;
}

function answerOf({ allowed, untouched }: VerdictItem): string {
  if (!allowed) return 'denied';
  return untouched === undefined ? 'allowed' : `allowed (${escaped(untouched)})`;
}

function findingLines(finding: ReportedFinding): readonly string[] {
  const { enforcement, message, rule } = finding;
  return [entry(enforcement, `${escaped(message)}  [${rule}]`), ...whyWeaker(finding).map(note)];
}

function summaryText({ objects, allowed, denied, findings }: VerdictSummary): string {
  const counts = [`${counted(objects, 'object')}: ${allowed} allowed, ${denied} denied`];
  if (findings.deny > 0) counts.push(`${findings.deny} to fix (deny)`);
  if (findings.warn > 0) counts.push(counted(findings.warn, 'warning'));
  if (findings.audit > 0) counts.push(`${findings.audit} only recorded (audit)`);
  return counts.join('; ');
}

function entry(label: string, text: string): string {
  return `  ${label.padEnd(5)}  ${text}`;
}

function note(text: string): string {
  return `         ${text}`;
}
