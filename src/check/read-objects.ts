import type { Path } from '../domain/path.ts';
import type { ServiceRequest } from '../domain/request.ts';
import type { InputProblem } from '../domain/source.ts';
import type { Workload } from '../domain/workload.ts';
import { located, type LocatedManifest } from '../wire/manifest-file.ts';
import type { WireProblem } from '../wire/problem.ts';
import { readSubject, type Subject } from '../wire/subjects.ts';
import { readWorkload } from '../wire/workload.ts';

/** An object among the files that may matter, with the way back to its lines. */
export type RunObject =
  | { readonly manifest: LocatedManifest; readonly workload: Workload }
  | { readonly manifest: LocatedManifest; readonly subject: Exclude<Subject, { kind: 'other' }> };

export interface RunObjects {
  readonly objects: readonly RunObject[];
  readonly problems: readonly InputProblem[];
  /** How many are neither Service, nor workload, nor a review of a Service. */
  readonly others: number;
}

/** Where the object of an AdmissionReview stands in it. */
export const REVIEWED: Path = ['request', 'object'];

/** Reads the objects that the rules are about. `namespace`: of those that name none. */
export function readObjects(manifests: readonly LocatedManifest[], namespace: string): RunObjects {
  const objects: RunObject[] = [];
  const problems: InputProblem[] = [];
  let others = 0;
  for (const manifest of manifests) {
    const read = readObject(manifest, namespace);
    if (read === undefined) others += 1;
    else if ('problems' in read) for (const problem of read.problems) problems.push(located(problem, manifest));
    else objects.push(read);
  }
  return { objects, problems, others };
}

type Read = RunObject | { readonly problems: readonly WireProblem[] } | undefined;

function readObject(manifest: LocatedManifest, namespace: string): Read {
  const workload = readWorkload(manifest.value, { path: '', namespace });
  if (workload !== undefined) return workload.ok ? { manifest, workload: workload.value } : workload;
  const subject = readSubject({ ...manifest, path: '' }, { origin: 'file', namespace, operation: 'CREATE' });
  if (!subject.ok) return subject;
  return subject.value.kind === 'other' ? undefined : { manifest, subject: subject.value };
}

/** The requests of those that are manifests, not reviews. */
export function manifestsIn(objects: readonly RunObject[]): readonly ServiceRequest[] {
  return objects.flatMap((object) =>
    'subject' in object && object.subject.kind === 'manifest' ? [object.subject.request] : [],
  );
}
