import { z } from 'zod';
import type { Rule } from '../rules/define.ts';
import { clusterProfileSchema } from './cluster-profile.ts';
import { nodePortExceptionSchema } from './node-port-exception.ts';
import { nodePortPolicySchema } from './node-port-policy.ts';
import { nodePortPoolSchema } from './node-port-pool.ts';
import { OFF } from './presets.ts';

/**
 * The text of a JSON Schema (draft-07, which editors read) for a policy document of any of the four kinds, as an author
 * writes it: what the presets and defaults fill in is not required.
 */
export function policyJsonSchema(rules: readonly Rule[]): string {
  const document = z
    .discriminatedUnion('kind', [
      nodePortPolicySchema(rules, entriesOf(rules)),
      nodePortPoolSchema,
      nodePortExceptionSchema(rules),
      clusterProfileSchema,
    ])
    .meta({ title: 'nodeport-gate policy document' });
  return `${JSON.stringify(z.toJSONSchema(document, { target: 'draft-07', io: 'input' }), null, 2)}\n`;
}

function entriesOf(rules: readonly Rule[]): z.ZodType {
  const entries = rules.map(({ meta, entry }) => {
    return [
      meta.name,
      z
        .union([z.literal(OFF), entry])
        .optional()
        .describe(meta.summary),
    ] as const;
  });
  return z
    .strictObject(Object.fromEntries(entries))
    .optional()
    .describe(
      'The rules that are on, each with its options beside its enforcement; off switches one of the preset off.',
    );
}
