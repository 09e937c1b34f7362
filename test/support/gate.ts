import { applyPatch, type Operation } from 'rfc6902';
import { inventoryOf } from '../../src/domain/inventory.ts';
import type { JsonObject } from '../../src/domain/json.ts';
import { valueAt } from '../../src/domain/path.ts';
import { toPatch } from '../../src/domain/patch.ts';
import type { Verdict } from '../../src/domain/verdict.ts';
import { admit } from '../../src/engine/admit.ts';
import { decide } from '../../src/engine/decide.ts';
import type { Policy } from '../../src/engine/policy.ts';
import { parseReview } from '../../src/wire/admission-review.ts';
import { type Gate, type ServiceObject, toManifest, withNumbersOf } from './api-server-model.ts';
import { serviceOf } from './manifest.ts';
import { NOW } from './now.ts';
import { worldOf } from './world.ts';

/** A review of a Service, as the API server would send it. */
export function reviewOf(object: JsonObject, oldObject?: JsonObject): JsonObject {
  return {
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: {
      uid: 'test',
      kind: { group: '', version: 'v1', kind: 'Service' },
      resource: { group: '', version: 'v1', resource: 'services' },
      namespace: metadataOf(object, 'namespace'),
      name: metadataOf(object, 'name'),
      operation: oldObject === undefined ? 'CREATE' : 'UPDATE',
      userInfo: { username: 'mallory', groups: ['system:authenticated'] },
      object,
      oldObject: oldObject ?? null,
      dryRun: false,
    },
  };
}

/** The gate in front of the model, through the same codec, engine and decision as the server, patches applied by another library. */
export function gateFor(policy: Policy, stored: () => readonly ServiceObject[]): Gate {
  function verdictOf(stage: 'proposed' | 'final', old: ServiceObject | undefined, object: ServiceObject): Verdict {
    const parsed = parseReview(reviewOf(toManifest(object), old === undefined ? undefined : toManifest(old)), stage);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    if (parsed.value.kind === 'untouched') throw new Error(parsed.value.because);
    const world = worldOf([], { inventory: inventoryOf(stored().map((service) => serviceOf(toManifest(service)))) });
    return admit(parsed.value.request, policy, world, NOW);
  }
  return {
    mutate(old, object) {
      const verdict = verdictOf('proposed', old, object);
      const { allowed } = decide(verdict, 'mutate');
      const manifest: JsonObject = structuredClone(toManifest(object));
      const failures = applyPatch(manifest, toPatch(verdict.changes) as Operation[]).filter(
        (failure) => failure !== null,
      );
      if (failures.length > 0) throw new Error(String(failures[0]));
      return { allowed, object: withNumbersOf(object, manifest) };
    },
    validate: (old, object) => decide(verdictOf('final', old, object), 'validate'),
  };
}

function metadataOf(object: JsonObject, key: string): string {
  const value = valueAt(object, ['metadata', key]);
  return typeof value === 'string' ? value : '';
}
