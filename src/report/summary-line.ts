import { counted } from '../domain/text.ts';
import type { CheckReport } from './check-report.ts';
import type { VerdictSummary } from './verdict-list.ts';

/** `3 objects: 2 allowed, 1 denied; 4 documents skipped; 1 to fix (deny); 1 warning; 1 only recorded (1 excused)`. */
export function summaryLine(
  { list, problems }: Pick<CheckReport, 'list' | 'problems'>,
  whatIsSkipped = 'document',
): string {
  const { objects, allowed, denied, findings, skipped = 0 } = list.summary;
  const undetermined = list.items.flatMap((item) => item.undetermined).length;
  const parts = [`${counted(objects, 'object')}: ${allowed} allowed, ${denied} denied`];
  if (skipped > 0) parts.push(`${counted(skipped, whatIsSkipped)} skipped`);
  if (findings.deny > 0) parts.push(`${findings.deny} to fix (deny)`);
  if (findings.warn > 0) parts.push(counted(findings.warn, 'warning'));
  if (undetermined > 0) parts.push(`${undetermined} undetermined`);
  if (findings.audit > 0) parts.push(`${findings.audit} only recorded${whyRecorded(list.summary)}`);
  if (problems.length > 0) parts.push(`${counted(problems.length, 'problem')} with the input`);
  return parts.join('; ');
}

function whyRecorded({ excused = 0, suppressed = 0, baselined = 0 }: VerdictSummary): string {
  const parts = [
    [excused, 'excused'],
    [suppressed, 'suppressed'],
    [baselined, 'known to the baseline'],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([count, words]) => `${count} ${words}`);
  return said.length > 0 ? ` (${said.join(', ')})` : '';
}
