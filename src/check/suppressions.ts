import type { Finding } from '../domain/finding.ts';
import { printable } from '../domain/text.ts';
import type { Policy } from '../engine/policy.ts';
import { SUPPRESSION_PREFIX } from '../domain/exception.ts';
import type { RuleMeta } from '../rules/define.ts';

/** What is to be said of annotations that should suppress a rule and do not. The gate only leaves them without effect. */
export function idleSuppressions(
  annotations: Readonly<Record<string, string>>,
  findings: readonly Finding[],
  { policies }: Policy,
  rules: ReadonlyMap<string, RuleMeta>,
): readonly string[] {
  return Object.entries(annotations)
    .filter(([key]) => key.startsWith(SUPPRESSION_PREFIX))
    .flatMap(([key, reason]) => {
      const rule = key.slice(SUPPRESSION_PREFIX.length);
      const isAllowed = policies.some(({ allowSuppressions }) => allowSuppressions.includes(rule));
      const isIdle = findings.some((finding) => finding.rule === rule && finding.suppressed === undefined);
      const say = (message: string): readonly string[] => [`annotation ${printable(key)}: ${message}`];
      const meta = rules.get(rule);
      if (meta === undefined) return say('there is no such rule; see nodeport-gate explain for the names');
      if (reason.trim() === '') return say('it gives no reason, so it has no effect; write one as its value');
      if (meta.guardsPorts === true || meta.absolute === true) {
        return say('no policy can allow this suppression; remove it, and ask for a NodePortException');
      }
      if (isAllowed && !isIdle) return [];
      return say('the policy does not allow this suppression; remove it, or ask for it in allowSuppressions');
    });
}
