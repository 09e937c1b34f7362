import { durationMsOf } from '../domain/duration.ts';
import { BACKDATE_MS } from './authority.ts';
import { day, RENEWAL_TIME_MS } from './judge.ts';

/** From when to when a certificate is valid. */
export interface Period {
  readonly from: Date;
  readonly to: Date;
}

/** What a kept set of certificates says about itself, without the certificates. */
export interface RotationState {
  /** undefined where there is none yet. */
  readonly leaf: Period | undefined;
  /** Why the leaf is of no use whatever the time, for a message; empty when it is. */
  readonly leafFault: string;
  /** The authority that signs. */
  readonly active: Period;
  /** The authority that callers are to trust before it signs anything. */
  readonly next: Period | undefined;
  /** Whether callers are still told to trust an authority that no longer signs. */
  readonly hasFormer: boolean;
  readonly notes: RotationNotes;
}

/** Texts beside the certificates that anybody who may write them may have written: never believed without a check. */
export interface RotationNotes {
  /** When `next` was published, ISO 8601. */
  readonly started?: string | undefined;
  /** When the authority that was next began to sign, ISO 8601. */
  readonly switched?: string | undefined;
  /** How long callers trust both before the next step, such as `10m`. */
  readonly overlap?: string | undefined;
}

/** What to do now; `none` comes with the moment at which to ask again at the latest. */
export type Step =
  | { readonly kind: 'none'; readonly until: Date }
  /** The next authority could sign, but some caller would not trust it yet. */
  | { readonly kind: 'wait-for-trust' }
  | { readonly kind: 'renew-leaf'; readonly reason: string }
  | { readonly kind: 'start'; readonly reason: string }
  | { readonly kind: 'switch' }
  | { readonly kind: 'drop-former' };

export const DEFAULT_OVERLAP = '10m';
/** Shorter, and an API server may miss it; longer, and somebody forgot it. */
const SHORTEST_OVERLAP_MS = 5_000;
const LONGEST_OVERLAP_MS = 30 * 24 * 3_600_000;
/** How long an API server may take to use a caBundle that it stores already; its watch takes about a second. */
const SETTLING_MS = 30_000;
/** With less than this left of an authority, the next one is published. */
const AUTHORITY_RENEWAL_MS = 183 * 24 * 3_600_000;
/** A renewal that gains less is not worth a write. */
const WORTHWHILE_MS = 24 * 3_600_000;
const LEAF_LIFE_MS = 365 * 24 * 3_600_000;

/**
 * The step that is due in a set of certificates that several replicas share. Pure: each replica asks with its own clock, and
 * whoever writes first wins.
 *
 * ```text
 *            start                        switch                       drop-former
 *   steady ---------> published -----------------------> switched ------------------> steady
 *   ca A              ca A + B, A signs                  ca B + A, B signs            ca B
 *                     (overlap, and every caller         (overlap)
 *                     trusts B: trustedForMs)
 * ```
 *
 * - `start`: on request, or when A has less than half a year left.
 * - `renew-leaf`, in every state, by the authority that signs: less than 30 days left, not valid yet, or of no use.
 * - An authority that has expired is of no use to anybody, so the next one waits for trust, but for no overlap.
 *
 * Times come from the notes, but never from before the certificate that the step brought was made: a note in the past
 * cannot shorten an overlap, and one in the future by more than clocks differ does not count. So a set without notes, or with
 * hostile ones, ends up in the same state, at worst later. A clock that is ahead of the writer's shortens the overlap by the
 * difference; `trustedForMs` is measured by one clock and cannot be shortened.
 */
export function dueStep(state: RotationState, now: Date, trustedForMs: number | undefined): Step {
  const { next } = state;
  return next !== undefined && now < next.to
    ? duePublished(state, next, now, trustedForMs)
    : (dueRenewal(state, now) ?? dueSettled(state, now));
}

function duePublished(state: RotationState, next: Period, now: Date, trustedForMs: number | undefined): Step {
  const overlapMs = parseOverlap(state.notes.overlap);
  const isDead = now >= state.active.to;
  const end = isDead ? next.from : phaseEnd(state.notes.started, next, now, overlapMs);
  const isOver = now >= end;
  if (isOver && trustedForMs !== undefined && trustedForMs >= Math.min(SETTLING_MS, overlapMs)) {
    return { kind: 'switch' };
  }
  return dueRenewal(state, now) ?? (isOver ? { kind: 'wait-for-trust' } : { kind: 'none', until: end });
}

function dueSettled({ leaf, active, hasFormer, notes }: RotationState, now: Date): Step {
  if (hasFormer) {
    const end = phaseEnd(notes.switched, leaf ?? active, now, parseOverlap(notes.overlap));
    return now >= end ? { kind: 'drop-former' } : { kind: 'none', until: end };
  }
  const authorityEnd = active.to.getTime() - AUTHORITY_RENEWAL_MS;
  if (now.getTime() >= authorityEnd) return { kind: 'start', reason: `the authority ends on ${day(active.to)}` };
  const leafEnd = (leaf ?? active).to.getTime() - RENEWAL_TIME_MS;
  return { kind: 'none', until: new Date(Math.min(authorityEnd, leafEnd)) };
}

/** Undefined also where a new leaf would be no better, or nobody could sign it. */
function dueRenewal({ leaf, leafFault, active }: RotationState, now: Date): Step | undefined {
  if (now >= active.to) return undefined;
  const reason = leaf === undefined ? 'there is no certificate' : leafFault || faultOfTime(leaf, active, now);
  return reason === '' ? undefined : { kind: 'renew-leaf', reason };
}

function faultOfTime(leaf: Period, active: Period, now: Date): string {
  if (now < leaf.from) return `the certificate is not valid before ${leaf.from.toISOString()}`;
  const newEnd = Math.min(now.getTime() + LEAF_LIFE_MS, active.to.getTime());
  const isDue = leaf.to.getTime() - now.getTime() < RENEWAL_TIME_MS;
  return isDue && newEnd - leaf.to.getTime() > WORTHWHILE_MS ? `the certificate expires on ${day(leaf.to)}` : '';
}

/** The end of the overlap that began when `brought` was made, or at the noted moment where that is believable and later. */
function phaseEnd(noted: string | undefined, brought: Period, now: Date, overlapMs: number): Date {
  const made = brought.from.getTime() + BACKDATE_MS;
  const moment = parseMoment(noted);
  const isBelievable = moment !== undefined && moment <= now.getTime() + BACKDATE_MS;
  return new Date(Math.max(made, isBelievable ? moment : made) + overlapMs);
}

/** Milliseconds since 1970 of an ISO 8601 moment in UTC; undefined for every other text. */
function parseMoment(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?Z$/.test(text)) return undefined;
  const moment = Date.parse(text);
  return Number.isNaN(moment) ? undefined : moment;
}

/** Milliseconds of a text such as `90s`, `10m`, `2h`, `1d`; undefined unless it is from 5 seconds to 30 days. */
export function overlapMsOf(text: string): number | undefined {
  const ms = durationMsOf(text);
  return ms !== undefined && ms >= SHORTEST_OVERLAP_MS && ms <= LONGEST_OVERLAP_MS ? ms : undefined;
}

/** The same; what is none counts as the default, so that nobody ends up without an overlap. */
function parseOverlap(text: string | undefined): number {
  return overlapMsOf(text ?? '') ?? overlapMsOf(DEFAULT_OVERLAP) ?? SHORTEST_OVERLAP_MS;
}
