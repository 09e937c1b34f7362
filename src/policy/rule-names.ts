import { z } from 'zod';
import type { Rule } from '../rules/define.ts';
import { insteadOf } from './did-you-mean.ts';

/** The name of a rule, except those that `refusal` gives a reason against (a whole message). */
export function ruleNames(rules: readonly Rule[], refusal: (rule: Rule) => string | undefined) {
  const allowed = rules.filter((rule) => refusal(rule) === undefined).map(({ meta }) => meta.name);
  return z.enum(allowed, {
    error: ({ input }) => {
      // The general wording is better for what is no text.
      if (typeof input !== 'string') return undefined;
      const refused = rules.find(({ meta }) => meta.name === input);
      const reason = refused === undefined ? undefined : refusal(refused);
      return reason ?? insteadOf(input, allowed);
    },
  });
}
