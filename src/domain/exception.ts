import type { PortSet } from './port-set.ts';
import type { NamespaceCriteria } from './selection.ts';

/** Before the name of a rule: the annotation by which an object says why it does not keep that rule. */
export const SUPPRESSION_PREFIX = 'ignore.nodeport-gate.dev/';

/** A documented, expiring permission to break named rules, compiled from a NodePortException document. */
export interface Exception {
  readonly name: string;
  readonly rules: readonly string[];
  readonly criteria: NamespaceCriteria;
  /** Names (globs) of Services; undefined: every Service of those namespaces. */
  readonly services: readonly string[] | undefined;
  /** undefined: whatever the Service opens. */
  readonly ports: PortSet | undefined;
  readonly reason: string;
  readonly ticket: string;
  /** `2027-03-31`, as written. */
  readonly expires: string;
  /** The first millisecond (Unix time) at which it is no longer there: midnight UTC after the last day. */
  readonly endsAt: number;
}

const WARNING_TIME_MS = 14 * 24 * 3_600_000;

export function isExpired(exception: Exception, now: Date): boolean {
  return now.getTime() >= exception.endsAt;
}

/** From 14 days before the end, so that somebody renews it or fixes the Service in time. */
export function expiresSoon(exception: Exception, now: Date): boolean {
  return !isExpired(exception, now) && now.getTime() >= exception.endsAt - WARNING_TIME_MS;
}
