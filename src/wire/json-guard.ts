import { isJsonObject, type JsonObject } from '../domain/json.ts';

/** Kubernetes objects nest about ten levels deep, their managedFields included. */
export const DEEPEST_NESTING = 100;

/** Names what makes a parsed JSON value dangerous to walk; undefined when it is harmless. */
export type JsonGuard = (value: unknown) => string | undefined;

/** What happens to an own key `__proto__`: copied carelessly, it changes the prototype. */
type Treatment = 'refuse' | 'drop';

/**
 * Refuses nesting beyond 100 levels (every recursion over it could end the process) and an own key `__proto__`. Stops at the
 * first fault, and no deeper than the limit, so it is safe on any nesting and on cycles.
 */
export function guardJson(value: unknown): string | undefined {
  return guardLevel(value, 0, 'refuse');
}

/**
 * The same for what a cluster has stored. Whoever may write an object there can write that key where nobody reads it, in the
 * attributes of a volume, and must not make all the others unreadable with it: it is taken out of the value.
 */
export function guardStored(value: unknown): string | undefined {
  return guardLevel(value, 0, 'drop');
}

function guardLevel(value: unknown, level: number, treatment: Treatment): string | undefined {
  const isList = Array.isArray(value);
  if (!isList && !isJsonObject(value)) return undefined;
  if (level >= DEEPEST_NESTING) {
    return `the input is nested deeper than ${DEEPEST_NESTING} levels; send a Kubernetes object`;
  }
  return isList ? guardItems(value, level, treatment) : guardMembers(value, level, treatment);
}

function guardItems(items: readonly unknown[], level: number, treatment: Treatment): string | undefined {
  for (const item of items) {
    if (typeof item !== 'object') continue;
    const fault = guardLevel(item, level + 1, treatment);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function guardMembers(object: JsonObject, level: number, treatment: Treatment): string | undefined {
  // for-in also lists what is inherited; parsed JSON inherits nothing enumerable, and for-in does not build a list of keys.
  for (const key in object) {
    if (key === '__proto__') {
      if (treatment === 'refuse') return '"__proto__" is used as a key; remove it';
      Reflect.deleteProperty(object, key);
      continue;
    }
    const member = object[key];
    if (typeof member !== 'object') continue;
    const fault = guardLevel(member, level + 1, treatment);
    if (fault !== undefined) return fault;
  }
  return undefined;
}
