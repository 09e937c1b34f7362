import type { ObjectRef } from '../domain/object-ref.ts';
import { valueAt } from '../domain/path.ts';
import type { Origin, ServiceRequest, Stage } from '../domain/request.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import { parseReview } from './admission-review.ts';
import type { ManifestDocument } from './manifest-objects.ts';
import { type WireProblem, within } from './problem.ts';
import { readService } from './service.ts';

/** What the sender says about manifests, which cannot say it themselves. */
export interface ManifestContext {
  readonly origin: Origin;
  /** For a manifest that names no namespace. */
  readonly namespace: string;
  readonly operation: 'CREATE' | 'UPDATE';
}

/**
 * One object as it was sent. A `manifest` knows nothing of its former self; a `review` brings it along; `other` is left
 * alone.
 */
export type Subject =
  | { readonly kind: 'manifest' | 'review'; readonly object: ObjectRef; readonly request: ServiceRequest }
  | { readonly kind: 'other'; readonly object: ObjectRef; readonly because: string };

/** One subject for each document, in order, or every problem in any of them. */
export function readSubjects(
  documents: readonly ManifestDocument[],
  context: ManifestContext,
): Result<readonly Subject[], WireProblem> {
  const problems: WireProblem[] = [];
  const subjects: Subject[] = [];
  for (const document of documents) {
    const subject = readSubject(document, context);
    if (subject.ok) subjects.push(subject.value);
    else problems.push(...subject.problems);
  }
  return problems.length === 0 ? ok(subjects) : failed(problems);
}

/** `path` of a problem begins with that of the document. */
export function readSubject(document: ManifestDocument, context: ManifestContext): Result<Subject, WireProblem> {
  switch (document.kind) {
    case 'Service':
      return readManifest(document, context);
    case 'AdmissionReview':
      return readReview(document);
    case 'other':
      return ok({ kind: 'other', object: document.object, because: 'it is no Service' });
  }
}

function readManifest(
  { value, path, object }: ManifestDocument,
  { origin, namespace, operation }: ManifestContext,
): Result<Subject, WireProblem> {
  const result = readService(value, {
    path,
    authorship: 'manifest',
    namespace,
    // Through any other door an API server would have refused it.
    ...(origin === 'file' && { toleratesEmptyNodePorts: true }),
  });
  if (!result.ok) return result;
  const service = result.value;
  if (service.name === '' && service.generateName === '') {
    return failed([{ path: within(path, 'metadata.name'), message: 'this is missing; write a name, or generateName' }]);
  }
  return ok({
    kind: 'manifest',
    object: { ...object, namespace: service.namespace },
    request: {
      origin,
      uid: '',
      operation,
      stage: 'proposed',
      statusOnly: false,
      dryRun: true,
      user: undefined,
      service,
      oldService: undefined,
      heldAlready: [],
    },
  });
}

function readReview({ value, path }: ManifestDocument): Result<Subject, WireProblem> {
  const result = parseReview(value, stageOf(value));
  if (!result.ok) return failed(result.problems.map((problem) => ({ ...problem, path: within(path, problem.path) })));
  const review = result.value;
  const generateName = review.kind === 'service' ? review.request.service.generateName : '';
  const object = { ...review.objectType, namespace: review.namespace, name: review.name, generateName };
  return ok(
    review.kind === 'service'
      ? { kind: 'review', object, request: review.request }
      : { kind: 'other', object, because: review.because },
  );
}

/** The API server gives an object its uid after the mutating webhooks: a CREATE that has one was recorded at `/validate`. */
function stageOf(review: unknown): Stage {
  const isCreated = valueAt(review, ['request', 'operation']) === 'CREATE';
  return isCreated && valueAt(review, ['request', 'object', 'metadata', 'uid']) !== undefined ? 'final' : 'proposed';
}
