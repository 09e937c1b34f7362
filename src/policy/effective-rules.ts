import { z } from 'zod';
import { isJsonObject, type JsonObject, own } from '../domain/json.ts';
import { valueAt } from '../domain/path.ts';
import type { Policy } from '../engine/policy.ts';
import type { Rule } from '../rules/define.ts';
import { mergedEntry } from './presets.ts';

/** A rule of one policy with everything that holds for it: written, from the preset, or by default. */
export interface EffectiveRule {
  readonly rule: string;
  readonly enforcement: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** The rules of the NodePortPolicy of this name, in the order of the registry. */
export function effectiveRules(
  { documents }: Pick<Policy, 'documents'>,
  name: string,
  registry: readonly Rule[],
): readonly EffectiveRule[] {
  const document = documents.find(
    (each) => each['kind'] === 'NodePortPolicy' && valueAt(each, ['metadata', 'name']) === name,
  );
  if (document === undefined) return [];
  return registry.flatMap((rule) => {
    const entry = mergedEntry(rule, document);
    if (entry === undefined) return [];
    const { enforcement, ...options } = withDefaults(entry, rule.entry);
    return [{ rule: rule.meta.name, enforcement: String(enforcement), options }];
  });
}

/** The preset of the NodePortPolicy of this name, for people; it is merged into its rules. */
export function presetOf({ documents }: Pick<Policy, 'documents'>, name: string): string {
  const document = documents.find(
    (each) => each['kind'] === 'NodePortPolicy' && valueAt(each, ['metadata', 'name']) === name,
  );
  const preset = document === undefined ? undefined : valueAt(document, ['spec', 'preset']);
  return typeof preset === 'string' ? preset : 'none';
}

function withDefaults(entry: Readonly<Record<string, unknown>>, schema: z.ZodType): Readonly<Record<string, unknown>> {
  const described: unknown = z.toJSONSchema(schema, { io: 'input', target: 'draft-7' });
  const properties = valueAt(described, ['properties']);
  const known: JsonObject = isJsonObject(properties) ? properties : {};
  const defaults = Object.keys(known).flatMap((key) => {
    const value = valueAt(known, [key, 'default']);
    return value === undefined || own(entry, key) !== undefined ? [] : [[key, value] as const];
  });
  return Object.fromEntries([...Object.entries(entry), ...defaults]);
}
