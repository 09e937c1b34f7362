import type { CheckReport } from './check-report.ts';
import { harmless } from './harmless.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import type { Paint } from './paint.ts';
import type { ReportStyle } from './report-style.ts';
import { shortHash } from './short-hash.ts';

const ENDINGS: Readonly<Record<Outcome, (policy: string) => string>> = {
  unread: () => 'failed: not everything could be read, so this is not the whole answer; see "could not be read"',
  denied: (policy) => `denied by ${policy}; fix what is marked deny`,
  warned: (policy) => `failed: ${policy} warns, and warnings are to fail; fix what is marked warn`,
  clean: (policy) => `allowed by ${policy}`,
};

/** Nobody may take it for the verdict of the gate, which knows no baseline. */
function knownEnding(policy: string): string {
  return `nothing new; what ${policy} objects to was there when the baseline was made`;
}

/** What the run comes to, and by which policy. */
export function verdictLine(report: Pick<CheckReport, 'list' | 'problems'>, style: ReportStyle, paint: Paint): string {
  const outcome = outcomeOf(report, style);
  const policy = `policy ${harmless(shortHash(report.list.policy.hash))}`;
  if (outcome === 'clean' && report.list.summary.objects === 0) {
    return `nothing that matters to ${policy} was found`;
  }
  const isKnown = outcome === 'clean' && (report.list.summary.baselined ?? 0) > 0;
  return paint(outcome === 'clean' ? 'good' : 'deny', (isKnown ? knownEnding : ENDINGS[outcome])(policy));
}
