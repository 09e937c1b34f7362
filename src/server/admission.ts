import { performance } from 'node:perf_hooks';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { reservationOwner } from '../allocation/identity.ts';
import { type PatchOperation, toPatch } from '../domain/patch.ts';
import type { ServiceRequest, Stage } from '../domain/request.ts';
import type { Verdict } from '../domain/verdict.ts';
import { type Decision, decide, MOST_DENIALS } from '../engine/decide.ts';
import type { Policy } from '../engine/policy.ts';
import { answerReview, type Cause } from '../wire/admission-answer.ts';
import { parseReview, type Review } from '../wire/admission-review.ts';
import { describeProblem } from '../wire/problem.ts';
import { auditAnnotations } from './audit-annotations.ts';
import { admitConfirmed, type Asked } from './confirmed.ts';
import { JSON_TYPE, noPolicy, RequestFault } from './fault.ts';
import { type Gate, secondsSince } from './gate.ts';
import { emptyBody, readJsonBodies } from './json-body.ts';
import type { Outcome } from './metrics.ts';
import { outcomeOf, record } from './record.ts';

type AdmissionDoor = 'mutate' | 'validate';
type ServiceReview = Extract<Review, { readonly kind: 'service' }>;

/** `/mutate` sees what may still be changed; `/validate` what will be stored. */
const STAGES: Readonly<Record<AdmissionDoor, Stage>> = { mutate: 'proposed', validate: 'final' };

/** What was said about one review, for the log and the metrics. */
interface Answered {
  readonly text: string;
  readonly outcome: Outcome;
  readonly verdict: Verdict | undefined;
  /** Empty when the policy was not asked. */
  readonly policyHash: string;
}

const NO_CAUSES: readonly Cause[] = [];
const NO_PATCH: readonly PatchOperation[] = [];

/** `POST /mutate` and `POST /validate`: AdmissionReview v1 in, AdmissionReview v1 out, HTTP 200 for every verdict. */
export function admissionDoors(app: FastifyInstance, gate: Gate): void {
  readJsonBodies(app);
  app.post('/mutate', (request, reply) => respond(gate, 'mutate', request, reply));
  app.post('/validate', (request, reply) => respond(gate, 'validate', request, reply));
}

function respond(
  gate: Gate,
  door: AdmissionDoor,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply | Promise<FastifyReply> {
  const startedAt = performance.now();
  if (request.body === undefined) throw emptyBody();
  const parsed = parseReview(request.body, STAGES[door]);
  if (!parsed.ok) throw new RequestFault(400, 'invalid-review', parsed.problems.map(describeProblem).join('; '));
  const review = parsed.value;
  const send = (answer: Answered): FastifyReply => {
    recordAnswer(gate, door, review, { ...answer, seconds: secondsSince(startedAt) });
    return reply.header('content-type', JSON_TYPE).send(answer.text);
  };
  if (review.kind === 'untouched') {
    return send({ text: allowUntouched(review.uid), outcome: 'untouched', verdict: undefined, policyHash: '' });
  }
  const policy = gate.policy();
  if (policy === undefined) throw noPolicy();
  const asked: Asked = { request: review.request, policy, door, now: gate.now() };
  const verdict = admitConfirmed(gate, asked);
  // Most answers need nobody else, and a promise would cost them a turn.
  return verdict instanceof Promise
    ? verdict.then((late) => send(answerFor(gate, door, review, { ...asked, verdict: late })))
    : send(answerFor(gate, door, review, { ...asked, verdict }));
}

function answerFor(
  gate: Gate,
  door: AdmissionDoor,
  review: ServiceReview,
  { verdict, policy, now }: { readonly verdict: Verdict; readonly policy: Policy; readonly now: Date },
): Answered {
  const decision = decide(verdict, door);
  const patch = door === 'mutate' && decision.allowed ? toPatch(verdict.changes) : NO_PATCH;
  if (!review.dryRun && decide(verdict, 'validate').allowed) remember(gate, review.request, verdict, now);
  const text = JSON.stringify(
    answerReview(review.uid, {
      allowed: decision.allowed,
      message: decision.message,
      causes: decision.allowed ? NO_CAUSES : causesOf(decision),
      patch,
      warnings: decision.warnings,
      auditAnnotations: auditAnnotations(verdict, policy.hash),
      name: review.name,
    }),
  );
  return { text, outcome: outcomeOf(verdict, decision, patch.length > 0), verdict, policyHash: policy.hash };
}

function recordAnswer(
  gate: Gate,
  door: AdmissionDoor,
  review: Review,
  { outcome, verdict, policyHash, seconds }: Answered & { readonly seconds: number },
): void {
  const { uid, operation, namespace, user, dryRun } = review;
  const name = nameOf(review);
  record(gate, { uid, operation, namespace, name, user, dryRun, door, outcome, verdict, policyHash, seconds });
}

/**
 * Only what passed evaluation: a request that is denied in the end must not keep a port from others. `/validate` remembers
 * too, what another replica or the author chose: this one hears of it before the watch tells.
 */
function remember(gate: Gate, { service, uid }: ServiceRequest, { assigned }: Verdict, now: Date): void {
  const fresh = assigned.filter(({ because }) => because !== 'kept');
  if (fresh.length > 0) gate.reservations.remember(fresh, reservationOwner(service, uid), now.getTime());
}

function allowUntouched(uid: string): string {
  return JSON.stringify(
    answerReview(uid, {
      allowed: true,
      message: '',
      causes: NO_CAUSES,
      patch: NO_PATCH,
      warnings: [],
      auditAnnotations: {},
      name: '',
    }),
  );
}

function causesOf({ denials, undeterminedDenials }: Decision): readonly Cause[] {
  const causes = [
    ...denials.map(({ rule, field, message }) => ({ rule, field, message })),
    ...undeterminedDenials.map(({ rule, message }) => ({ rule, message })),
  ];
  return causes.slice(0, MOST_DENIALS);
}

function nameOf(review: Review): string {
  return review.kind === 'service' && review.name === '' ? review.request.service.generateName : review.name;
}
