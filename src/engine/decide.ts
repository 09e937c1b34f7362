import type { Finding, Undetermined } from '../domain/finding.ts';
import { firstOf } from '../domain/text.ts';
import type { Verdict } from '../domain/verdict.ts';

/** A way in. */
export type Door = 'mutate' | 'validate' | 'dry-run' | 'check' | 'audit';

/** What a door answers. */
export interface Decision {
  readonly allowed: boolean;
  readonly denials: readonly Finding[];
  readonly undeterminedDenials: readonly Undetermined[];
  /** The denials, `MESSAGE [RULE]`, joined by `; `, at most 50: all that kubectl prints. Empty when allowed. */
  readonly message: string;
  /** For `Warning` headers: each at most 120 characters, at most 11 of them. */
  readonly warnings: readonly string[];
}

/** The API advises 120 characters (admission/v1 AdmissionResponse.warnings); longer ones may be truncated. */
const LONGEST_WARNING = 120;
const MOST_WARNINGS = 10;
/** Enough for three numbers; a longer advice may be cut like the rest, so that the field stays. */
const LONGEST_ADVICE = 40;

/** A Service may have thousands of wrong ports; nobody reads more than this. */
export const MOST_DENIALS = 50;

/**
 * Turns enforcement into deny and warn; the only place that knows one door from another. `/mutate` denies only what the
 * API server would otherwise refuse with a worse message: everything else is judged on the final object, because another
 * webhook may still change it.
 */
export function decide(verdict: Verdict, door: Door): Decision {
  const isEarly = door === 'mutate';
  const denials = verdict.findings.filter(
    ({ enforcement, preemptsApiServer }) => enforcement === 'deny' && (preemptsApiServer || !isEarly),
  );
  const undeterminedDenials = isEarly ? [] : verdict.undetermined.filter(({ denies }) => denies);
  const sentences = [...denials, ...undeterminedDenials].map(({ message, rule }) => `${message} [${rule}]`);
  const message = firstOf(sentences, MOST_DENIALS).join('; ');
  return {
    allowed: denials.length === 0 && undeterminedDenials.length === 0,
    denials,
    undeterminedDenials,
    message,
    warnings: isEarly ? earlyWarnings(verdict) : warningsOf(verdict),
  };
}

/**
 * Where the policy only warns, the API server refuses all the same, in its own words, and `/validate` is never asked: the
 * requester learns from the warning who is in the way. (It drops a warning that `/validate` repeats.)
 */
function earlyWarnings({ findings }: Verdict): readonly string[] {
  return firstOf(findings.filter(({ preemptsApiServer }) => preemptsApiServer).flatMap(warningOf), MOST_WARNINGS);
}

function warningOf({ enforcement, message, rule }: Finding): readonly string[] {
  return enforcement === 'warn' ? [shortened(message, ` [${rule}]`)] : [];
}

function warningsOf({ findings, undetermined, notices }: Verdict): readonly string[] {
  const warnings = [
    ...findings.flatMap(warningOf),
    ...undetermined
      .filter(({ denies, enforcement }) => !denies && enforcement !== 'audit')
      .map(({ message, rule }) => shortened(message, ` [${rule}]`)),
    ...notices.map((notice) => shortened(notice, '')),
  ];
  return firstOf(warnings, MOST_WARNINGS);
}

/**
 * What to do and the rule's name stay readable when a sentence has to be cut: `WHAT IS WRO…; use 30104 [RULE]`. No character
 * is cut in half.
 */
function shortened(text: string, suffix: string): string {
  const room = LONGEST_WARNING - suffix.length;
  if (text.length <= room) return `${text}${suffix}`;
  const advice = text.slice(text.lastIndexOf('; '));
  const kept = advice.startsWith('; ') && advice.length <= LONGEST_ADVICE ? advice : '';
  return `${text.slice(0, room - kept.length - 1).replace(/[\ud800-\udbff]$/, '')}…${kept}${suffix}`;
}
