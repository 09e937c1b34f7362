import { inventoryOf } from '../domain/inventory.ts';
import { UNKNOWN_REACH } from '../domain/reach.ts';
import type { Origin, ServiceRequest } from '../domain/request.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import type { Verdict } from '../domain/verdict.ts';
import { workloadsOf } from '../domain/workload.ts';
import { NO_RESERVATIONS, type World } from '../domain/world.ts';
import { admitWorkload } from '../engine/admit-workload.ts';
import { startBatch } from '../engine/batch.ts';
import { decide, type Decision } from '../engine/decide.ts';
import type { Policy } from '../engine/policy.ts';
import type { ManifestDocument } from '../wire/manifest-objects.ts';
import { namespaceLabelsOf, servicesOf } from '../wire/manifests.ts';
import type { WireProblem } from '../wire/problem.ts';
import { readSubject } from '../wire/subjects.ts';
import { readWorkload } from '../wire/workload.ts';
import type { TestCase } from './policy-test.ts';

/** The manifests that a test speaks of, read. */
export interface TestObjects {
  readonly object: ManifestDocument;
  readonly oldObject: ManifestDocument | undefined;
  /** Services, Namespaces and workloads that are there already; all of them can be read. */
  readonly inventory: readonly ManifestDocument[];
}

export interface TestOutcome {
  readonly verdict: Verdict;
  readonly decision: Decision;
}

/** A problem with the object, or with its former self. */
export interface TestProblem extends WireProblem {
  readonly of: 'object' | 'oldObject';
}

/** What the policy says of the object of a test. */
export function judgeTest(
  test: Pick<TestCase, 'namespace' | 'as' | 'user'>,
  objects: TestObjects,
  policy: Policy,
  now: Date,
): Result<TestOutcome, TestProblem> {
  const world = worldOf(objects.inventory);
  const workload = readWorkload(objects.object.value, { path: '', namespace: test.namespace });
  if (workload?.ok === false) return problemsOf(workload.problems, 'object');
  if (workload !== undefined) {
    // No webhook is asked about workloads.
    const question = { workload: workload.value, origin: test.as ?? ('file' as const) };
    const verdict = admitWorkload(question, policy, world, now);
    return ok({ verdict, decision: decide(verdict, doorOf(question.origin)) });
  }
  const origin = test.as ?? 'request';
  const request = requestOf(test, objects, origin);
  if (!request.ok) return request;
  const batch = startBatch({ policy, world, door: doorOf(origin), manifests: [] });
  const knowsItsPast = request.value.oldService !== undefined || objects.object.kind === 'AdmissionReview';
  return ok((knowsItsPast ? batch.judge : batch.judgeManifest)(request.value, now));
}

function doorOf(origin: Origin): 'dry-run' | 'check' | 'audit' {
  return ({ request: 'dry-run', file: 'check', cluster: 'audit' } as const)[origin];
}

function worldOf(documents: readonly ManifestDocument[]): World {
  const services = servicesOf(documents);
  const labels = namespaceLabelsOf(documents);
  const workloads = documents.flatMap(({ value, path }) => {
    const read = readWorkload(value, { path, namespace: 'default' });
    return read?.ok === true ? [read.value] : [];
  });
  return {
    inventory: inventoryOf(services.ok ? services.value : []),
    labelsOf: (namespace) => labels.get(namespace),
    reservations: NO_RESERVATIONS,
    workloads: workloadsOf(workloads),
    reach: UNKNOWN_REACH,
  };
}

function requestOf(
  { namespace, user }: Pick<TestCase, 'namespace' | 'user'>,
  { object, oldObject }: TestObjects,
  origin: Origin,
): Result<ServiceRequest, TestProblem> {
  const operation = oldObject === undefined ? 'CREATE' : 'UPDATE';
  const subject = readRequest(object, { origin, namespace, operation }, 'object');
  if (!subject.ok) return subject;
  if (object.kind === 'AdmissionReview') {
    if (oldObject === undefined && user === undefined) return subject;
    const message = 'an AdmissionReview brings its old object and its user along; remove oldObject and user';
    return problemsOf([{ path: '', message }], 'object');
  }
  if (oldObject === undefined) return ok({ ...subject.value, user });
  const former = readRequest(oldObject, { origin, namespace, operation }, 'oldObject');
  if (!former.ok) return former;
  return ok({ ...subject.value, user, oldService: former.value.service });
}

function readRequest(
  document: ManifestDocument,
  context: Parameters<typeof readSubject>[1],
  of: TestProblem['of'],
): Result<ServiceRequest, TestProblem> {
  const subject = readSubject({ ...document, path: '' }, context);
  if (!subject.ok) return problemsOf(subject.problems, of);
  if (subject.value.kind !== 'other') return ok(subject.value.request);
  const message =
    'this is no object that a rule could be about; write a Service, a workload or the review of a Service';
  return problemsOf([{ path: '', message }], of);
}

function problemsOf(problems: readonly WireProblem[], of: TestProblem['of']): Result<never, TestProblem> {
  return failed(problems.map((problem) => ({ ...problem, of })));
}
