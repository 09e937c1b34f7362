import { isJsonObject, type Json, own } from '../domain/json.ts';
import { type Path, valueAt } from '../domain/path.ts';
import type { BoundRule, Rule } from '../rules/define.ts';
import { insteadOf } from './did-you-mean.ts';
import { parseWith, type Remark } from './issues.ts';

export const PRESETS = ['none', 'baseline', 'restricted'] as const;

/** In `spec.rules`: this rule is not asked, whatever the preset says. */
export const OFF = 'off';

const NO_ENTRY = 'is neither a mapping of options nor off; write {} for the defaults';
const STAYS_ON = 'cannot be switched off under this preset, it closes a hole of Kubernetes itself; remove the line';

const RULES: Path = ['spec', 'rules'];

export interface Bound {
  /** In the order of the registry. */
  readonly rules: readonly BoundRule[];
  readonly remarks: readonly Remark[];
}

/**
 * What `spec.rules` makes of the preset: an entry is merged over the preset's one key by key (lists are replaced), `off`
 * removes it. Reads the document as it was written, so that its remarks are complete even where other parts are wrong.
 */
export function bindRules(document: Json, registry: readonly Rule[]): Bound {
  const preset = valueAt(document, ['spec', 'preset']);
  const written = valueAt(document, RULES);
  const entries: Readonly<Record<string, unknown>> = isJsonObject(written) ? written : {};
  const names = registry.map(({ meta }) => meta.name);
  const rules: BoundRule[] = [];
  const remarks: Remark[] = Object.keys(entries)
    .filter((name) => !names.includes(name))
    .map((name) => ({ path: [...RULES, name], part: 'key', message: `is no rule; ${insteadOf(name, names)}` }));
  for (const rule of registry) {
    const { name } = rule.meta;
    const entry = own(entries, name);
    const outcome = bindRule(rule, presetEntry(rule, preset), entry);
    if ('remarks' in outcome) for (const remark of outcome.remarks) remarks.push(remark);
    else if (outcome.bound !== undefined) rules.push(outcome.bound);
  }
  return { rules, remarks };
}

/** The entry of a rule that is on as it would have to be written without the preset; undefined for a rule that is off. */
export function mergedEntry(rule: Rule, document: Json): Readonly<Record<string, unknown>> | undefined {
  const preset = presetEntry(rule, valueAt(document, ['spec', 'preset']));
  const entry = valueAt(document, [...RULES, rule.meta.name]);
  if (isOff(rule, preset, entry)) return undefined;
  return merged(preset ?? {}, isJsonObject(entry) ? entry : {});
}

type Outcome = { readonly bound: BoundRule | undefined } | { readonly remarks: readonly Remark[] };

function bindRule(rule: Rule, preset: Readonly<Record<string, unknown>> | undefined, entry: unknown): Outcome {
  const path = [...RULES, rule.meta.name];
  if (isOff(rule, preset, entry)) return { bound: undefined };
  if (entry !== undefined && !isJsonObject(entry)) {
    return { remarks: [{ path, part: 'value', message: entry === OFF ? STAYS_ON : NO_ENTRY }] };
  }
  const parsed = parseWith(rule.entry, merged(preset ?? {}, entry ?? {}), path);
  return parsed.ok ? { bound: parsed.value } : { remarks: parsed.remarks };
}

function isOff({ meta }: Rule, preset: unknown, entry: unknown): boolean {
  if (entry === undefined) return preset === undefined;
  return entry === OFF && (meta.absolute !== true || preset === undefined);
}

function presetEntry(rule: Rule, preset: unknown): Readonly<Record<string, unknown>> | undefined {
  return preset === 'baseline' || preset === 'restricted' ? rule.presets[preset] : undefined;
}

/** fromEntries defines own properties only, whatever the keys are. */
function merged(
  base: Readonly<Record<string, unknown>>,
  over: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const combined = Object.entries(over).map(([key, value]) => {
    const below = own(base, key);
    return [key, isJsonObject(below) && isJsonObject(value) ? merged(below, value) : value] as const;
  });
  return Object.fromEntries([...Object.entries(base), ...combined]);
}
