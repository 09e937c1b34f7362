import type { Report } from '../define.ts';
import type { Scene } from '../scene.ts';
import { quoted } from '../define.ts';

/** The kinds of errors that the API server itself has (k8s.io/apimachinery/pkg/util/validation/field). */
export const MESSAGES = {
  unknownField: { text: '{key} is no field that the API server knows here; {advice}' },
  wrongType: { text: '{value} is {found}; write {expected}' },
  missing: { text: 'this is missing; {advice}' },
  unsupported: { text: '{value} is not supported; use {supported}' },
  invalid: { text: '{value} {problem}; {advice}' },
  duplicate: { text: '{value} is the same as in {other}; {advice}' },
  forbidden: { text: '{value} may not be set when type is {type}; {advice}' },
  /** Which version the cluster has is not known. */
  dependsOnVersion: { text: '{value} {problem}, which Kubernetes {versions} refuses; {advice}', limit: 'warn' },
} as const;

export type Say = Report<typeof MESSAGES>;

/** One part of what the API server looks at. */
export type Check = (scene: Scene, say: Say) => void;

/** A value in a sentence. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return Array.isArray(value) ? 'this list' : 'this';
}

/** Upper and lower case, dashes and underscores are what people get wrong. */
export function loosely(text: string): string {
  return text.toLowerCase().replaceAll(/[-_ ]/g, '');
}
