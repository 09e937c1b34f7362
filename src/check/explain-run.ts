import { formatRef, sameRef, type Service, type ServiceRef } from '../domain/service.ts';
import type { SourceRegion } from '../domain/source.ts';
import type { World } from '../domain/world.ts';
import { startBatch } from '../engine/batch.ts';
import { explain, type Explanation } from '../engine/explain.ts';
import type { Policy } from '../engine/policy.ts';
import { manifestsIn, REVIEWED, type RunObject } from './read-objects.ts';

export interface ExplainedObject {
  readonly service: Service;
  readonly region: SourceRegion;
  readonly allowed: boolean;
  readonly explanation: Explanation;
}

/** What `check` says of the Services of this name, and why: those before it that are allowed count as existing, as there. */
export function explainRun(
  objects: readonly RunObject[],
  ref: ServiceRef,
  { policy, world, now }: { readonly policy: Policy; readonly world: World; readonly now: Date },
): readonly ExplainedObject[] {
  const batch = startBatch({ policy, world, door: 'check', manifests: manifestsIn(objects) });
  const found: ExplainedObject[] = [];
  for (const object of objects) {
    if (!('subject' in object)) continue;
    const { subject, manifest } = object;
    const judged = (subject.kind === 'manifest' ? batch.judgeManifest : batch.judge)(subject.request, now);
    const { service } = judged.request;
    if (isCalled(service, ref)) {
      const explanation = explain(judged.request, policy, batch.world, now);
      const region = manifest.locate(subject.kind === 'review' ? [...REVIEWED, 'metadata'] : ['metadata']);
      found.push({ service, region, allowed: judged.decision.allowed, explanation });
    }
    if (judged.decision.allowed) batch.take(judged);
  }
  return found;
}

/** One that gets its name from the API server is called by what it will begin with. */
function isCalled(service: Service, ref: ServiceRef): boolean {
  return (
    sameRef(service, ref) || (service.name === '' && formatRef(ref) === `${service.namespace}/${service.generateName}`)
  );
}
