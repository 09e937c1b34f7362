import type { ReportedFinding, ReportedObject } from './verdict-list.ts';

/** What would change if another policy were in force. Nothing that runs stops: a policy decides about requests only. */
export interface Comparison {
  /** Of the other policy. */
  readonly policy: { readonly hash: string };
  readonly summary: {
    readonly objects: number;
    /** Services that could not be created again as they are, and now could. */
    readonly stranded: number;
    /** The other way round. */
    readonly freed: number;
    /** Those with any difference, the stranded and freed ones included. */
    readonly changed: number;
  };
  /** Only what differs, in the order of the audit. */
  readonly items: readonly ComparedItem[];
}

export interface ComparedItem {
  readonly object: ReportedObject;
  /**
   * Whether the gate would let somebody create it as it is, by the policy in force and by the other one. It is never asked
   * about pods.
   */
  readonly allowed: { readonly current: boolean; readonly other: boolean };
  /** Whether the other policy, with its ratchet, would let it be updated without a change of its ports. */
  readonly updatable: boolean;
  /** Findings that only the other policy has, or has with another enforcement. */
  readonly appearing: readonly ReportedFinding[];
  /** Findings that only the policy in force has, or has with another enforcement. */
  readonly disappearing: readonly ReportedFinding[];
}
