import type { Enforcement } from '../domain/finding.ts';
import type { PortMap } from '../report/port-map.ts';

/** What an audit found, as far as doors and metrics tell of it: its items are ten times as large. */
export interface Audited {
  readonly at: Date;
  readonly map: PortMap;
  /** By the effective enforcement. */
  readonly findings: readonly FindingCount[];
}

export interface FindingCount {
  readonly rule: string;
  readonly enforcement: Enforcement;
  readonly count: number;
}

/** What is known from audits, as far as the doors care. */
export interface AuditState {
  /** Of the last one that succeeded; replaced as a whole. undefined: there has been none. */
  last(): Audited | undefined;
  /** Why the newest one failed, or what it could not look at; empty when all is well. */
  remarks(): readonly string[];
}

/** For a gate that audits nothing. */
export const NO_AUDITS: AuditState = { last: () => undefined, remarks: () => [] };
