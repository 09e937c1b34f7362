import { OPENING_TYPES } from '../domain/node-port.ts';
import type { Policy } from '../engine/policy.ts';
import type { BoundRule } from '../rules/define.ts';
import type { Skim } from '../wire/skim.ts';

/**
 * What a document must contain to matter to the policy: nobody parses thousands of others. A Service that opens node ports
 * always matters, because it may get numbers.
 */
export function skimFor(policy: Policy): Skim {
  const rules = policy.policies.flatMap((each) => each.rules);
  const aboutServices = rules.filter(({ meta }) => meta.subject === 'every-service');
  const aboutWorkloads = rules.filter(({ meta }) => meta.subject === 'workload');
  const seesAll = aboutServices.some(({ meta }) => meta.words === undefined);
  return {
    serviceWords: seesAll ? 'all' : [...new Set([...OPENING_TYPES, ...wordsOf(aboutServices)])],
    workloadWords: [...new Set(wordsOf(aboutWorkloads))],
    workloads: aboutWorkloads.some(({ meta }) => meta.words === undefined),
    namespaces: policy.readsNamespaceLabels,
  };
}

function wordsOf(rules: readonly BoundRule[]): readonly string[] {
  return rules.flatMap(({ meta }) => meta.words ?? []);
}

/** Whether a rule of the policy looks at the workloads behind Services. */
export function readsWorkloads(policy: Policy): boolean {
  return policy.policies.some(({ rules }) => rules.some(({ meta }) => meta.readsWorkloads === true));
}
