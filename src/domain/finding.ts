import type { HeldPort } from './inventory.ts';
import type { PortPair } from './node-port.ts';
import type { Path } from './path.ts';
import type { ServiceRef } from './service.ts';

/** `audit` is recorded, but not shown to the requester. Strictest first. */
export const ENFORCEMENTS = ['deny', 'warn', 'audit'] as const;
export type Enforcement = (typeof ENFORCEMENTS)[number];

/** The weaker of the two. */
export function atMost(enforcement: Enforcement, limit: Enforcement): Enforcement {
  return ENFORCEMENTS.indexOf(enforcement) >= ENFORCEMENTS.indexOf(limit) ? enforcement : limit;
}

export function isStricter(a: Enforcement, b: Enforcement): boolean {
  return ENFORCEMENTS.indexOf(a) < ENFORCEMENTS.indexOf(b);
}

/** One field of a manifest to write, or, where `value` is undefined, to take out. */
export interface Fix {
  readonly path: Path;
  readonly value: string | number | boolean | undefined;
}

/** What a rule found about one field, before the engine weighs it. */
export interface RawFinding {
  readonly messageId: string;
  readonly path: Path;
  /** The sentence without the field: `<what is wrong>; <what to do>`. */
  readonly text: string;
  /** The offending value as it stands in the object; undefined for something missing. */
  readonly value: unknown;
  /** For a remark about one node port: what the ratchet and exceptions compare. Absent: a remark about the object. */
  readonly port?: PortPair;
  readonly free?: readonly number[];
  readonly holder?: HeldPort;
  /**
   * Services without whose ports there would be no finding, the first of them if they are many: before a door denies for it,
   * it asks the API server whether they are still there.
   */
  readonly dependsOn?: readonly ServiceRef[];
  /** What would put it right without overriding anything that the author wrote. */
  readonly fix?: Fix;
  /** The rule's enforcement does not go beyond this for this message. */
  readonly limit?: Enforcement;
  /** The API server would refuse this by itself with a worse message, so `/mutate` says it first. */
  readonly preemptsApiServer: boolean;
}

/** One rule's remark about one field, with the enforcement that holds after exceptions, suppressions and the ratchet. */
export interface Finding extends Omit<RawFinding, 'text' | 'limit'> {
  readonly rule: string;
  readonly enforcement: Enforcement;
  /** `spec.ports[0].nodePort`. */
  readonly field: string;
  /** `FIELD: TEXT`. */
  readonly message: string;
  /** The names of all policies that say so. */
  readonly policies: readonly string[];
  /** The exception that excuses it; then enforcement is `audit`. */
  readonly exception?: string;
  /** The reason given in the object's own annotation; then enforcement is `audit`. */
  readonly suppressed?: string;
  /** The ratchet: the running Service had it before this update; then enforcement is at most `warn`. */
  readonly alreadyThere: boolean;
}

/** What a rule would need to know. */
export type Need = 'inventory' | 'namespace';

/** A rule that could not know. Never silently a pass. */
export interface Undetermined {
  readonly rule: string;
  readonly needs: Need;
  readonly enforcement: Enforcement;
  /** What the policy makes of not knowing, for a rule that would deny. */
  readonly denies: boolean;
  readonly message: string;
}
