import { z } from 'zod';
import { ENFORCEMENTS } from '../domain/finding.ts';
import type { CompiledPolicy, PolicyMatch } from '../engine/policy.ts';
import type { BoundRule, Rule } from '../rules/define.ts';
import { labelSelector, nameGlobs, principalGlobs, serviceTypes } from './criteria.ts';
import { envelope } from './envelope.ts';
import { PRESETS } from './presets.ts';
import { ruleNames } from './rule-names.ts';

const match = z
  .strictObject({
    namespaces: nameGlobs.optional().describe('Names of namespaces; * stands for any part of a name.'),
    excludeNamespaces: nameGlobs.optional().describe('Names of namespaces that are left alone, whatever else matches.'),
    namespaceSelector: labelSelector.optional().describe('Labels of namespaces.'),
    serviceSelector: labelSelector
      .optional()
      .describe('Labels of Services. Their authors control these, so it only narrows what is already matched.'),
    serviceTypes: serviceTypes.optional().describe('Types of Services.'),
    excludeUsers: principalGlobs.optional().describe('Names of users whose requests are left alone.'),
    excludeGroups: principalGlobs.optional().describe('Names of groups whose requests are left alone.'),
  })
  .transform(({ namespaces, namespaceSelector, serviceSelector, serviceTypes: types, ...excluded }): PolicyMatch => ({
    namespaces,
    namespaceSelector,
    serviceSelector,
    serviceTypes: types,
    excludeNamespaces: excluded.excludeNamespaces ?? [],
    excludeUsers: excluded.excludeUsers ?? [],
    excludeGroups: excluded.excludeGroups ?? [],
  }));

/** For loading: options are checked once the preset is merged in, so `spec.rules` is any mapping here. */
export function loadedPolicySchema(rules: readonly Rule[]) {
  return nodePortPolicySchema(rules, z.record(z.string(), z.unknown()).optional());
}

/** `entries` is the schema of `spec.rules`. */
export function nodePortPolicySchema<Entries extends z.ZodType>(rules: readonly Rule[], entries: Entries) {
  return envelope(
    'NodePortPolicy',
    z.strictObject({
      match: match
        .prefault({})
        .describe('The Services that it is for: all criteria must hold. Default: every Service.'),
      preset: z
        .enum(PRESETS)
        .default('none')
        .describe('A set of rules to start from; rules overrides it. none: only what rules lists.'),
      maxEnforcement: z
        .enum(ENFORCEMENTS)
        .default('deny')
        .describe(
          'No finding goes beyond this: roll out with audit, then warn, then deny, without touching the rules.',
        ),
      undetermined: z
        .enum(['deny', 'warn'])
        .optional()
        .describe('What happens when a rule that denies cannot know. Default: deny with preset restricted, else warn.'),
      rules: entries,
      allowSuppressions: z
        .array(ruleNames(rules, refusal))
        .default([])
        .describe('Rules that a Service may switch off for itself with an annotation ignore.nodeport-gate.dev/RULE.'),
    }),
  ).describe('The rules for a set of Services. Several may match a Service; then all apply.');
}

function refusal({ meta }: Rule): string | undefined {
  if (meta.absolute === true) return `${meta.name} closes a hole of Kubernetes itself; remove it`;
  if (meta.guardsPorts === true)
    return `${meta.name} guards what belongs to others; remove it, use a NodePortException`;
  return undefined;
}

type Document = z.output<ReturnType<typeof loadedPolicySchema>>;

export function toPolicy({ metadata, spec }: Document, rules: readonly BoundRule[]): CompiledPolicy {
  const { match: matched, preset, maxEnforcement, allowSuppressions } = spec;
  const undetermined = spec.undetermined ?? (preset === 'restricted' ? 'deny' : 'warn');
  return { name: metadata.name, match: matched, maxEnforcement, undetermined, allowSuppressions, rules };
}
