import type { JsonObject } from '../domain/json.ts';
import type { PatchOperation } from '../domain/patch.ts';

/** One reason for a denial; a rule that could not know has no field. */
export interface Cause {
  readonly rule: string;
  readonly field?: string;
  readonly message: string;
}

export interface ReviewAnswer {
  readonly allowed: boolean;
  /** All that kubectl prints of a denial; not sent when allowed. */
  readonly message: string;
  readonly causes: readonly Cause[];
  /** Empty: nothing to change. Only a mutating webhook may send one. */
  readonly patch: readonly PatchOperation[];
  readonly warnings: readonly string[];
  /** Keys without `/`. */
  readonly auditAnnotations: Readonly<Record<string, string>>;
  /** Of the Service; empty while only generateName is known. */
  readonly name: string;
}

/** The AdmissionReview v1 response. It must repeat the uid; patch and patchType come together or not at all. */
export function answerReview(uid: string, answer: ReviewAnswer): JsonObject {
  const { allowed, patch, warnings, auditAnnotations } = answer;
  return {
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    response: {
      uid,
      allowed,
      ...(!allowed && { status: statusOf(answer) }),
      ...(allowed && patch.length > 0 && { patch: encodePatch(patch), patchType: 'JSONPatch' }),
      ...(warnings.length > 0 && { warnings }),
      ...(Object.keys(auditAnnotations).length > 0 && { auditAnnotations }),
    },
  };
}

/** Code 403 with reason Forbidden keeps the message: with reason Invalid, kubectl drops it. */
function statusOf({ message, causes, name }: ReviewAnswer): JsonObject {
  return {
    code: 403,
    reason: 'Forbidden',
    message,
    details: {
      ...(name !== '' && { name }),
      kind: 'Service',
      causes: causes.map(({ rule, field = '', message: text }) => ({
        reason: rule,
        ...(field !== '' && { field }),
        message: text,
      })),
    },
  };
}

/** base64 of the JSON. Escaping what is not ASCII keeps it valid JSON and within what btoa takes. */
function encodePatch(patch: readonly PatchOperation[]): string {
  const json = JSON.stringify(patch).replaceAll(
    /[\u0080-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return btoa(json);
}
