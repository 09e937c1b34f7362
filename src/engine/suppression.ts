import { SUPPRESSION_PREFIX } from '../domain/exception.ts';
import { own } from '../domain/json.ts';
import { printable } from '../domain/text.ts';
import type { RuleMeta } from '../rules/define.ts';
import type { CompiledPolicy } from './policy.ts';

/**
 * The reason in the object's own annotation `ignore.nodeport-gate.dev/RULE`, where this policy lets authors suppress
 * this rule. Rules that guard ports never can be, whatever a policy says.
 */
export function suppressionOf(
  rule: RuleMeta,
  { allowSuppressions }: CompiledPolicy,
  { annotations }: { readonly annotations: Readonly<Record<string, string>> },
): string | undefined {
  if (rule.guardsPorts === true || rule.absolute === true || !allowSuppressions.includes(rule.name)) return undefined;
  const reason = (own(annotations, `${SUPPRESSION_PREFIX}${rule.name}`) ?? '').trim();
  return reason === '' ? undefined : printable(reason);
}
