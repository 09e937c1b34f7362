import { z } from 'zod';
import type { LabelSelector } from '../domain/selection.ts';

const EMPTY_LIST = 'leave the key out to mean everything, or list at least one';

/** A list whose absence means "everything"; an empty one would be mistaken for it. */
function listOf<Item extends z.ZodType>(item: Item) {
  return z.array(item).min(1, { error: EMPTY_LIST });
}

const GLOB_FORM = 'write a name in lower-case letters, digits and -, where * stands for any part of it';

/** Namespaces and Services are DNS labels; `?`, `[a-z]` and `!` mean nothing here, so they are refused. */
export const nameGlobs = listOf(
  z
    .string()
    .regex(/^[a-z0-9*]([-a-z0-9*]*[a-z0-9*])?$/, { error: GLOB_FORM })
    .max(253, { error: GLOB_FORM }),
);

/** Users and groups may be called anything: `system:serviceaccount:flux-system:*`, mail addresses, URLs. */
export const principalGlobs = listOf(z.string().min(1, { error: 'write a name; * stands for any part of it' }));

export const serviceTypes = listOf(z.enum(['NodePort', 'LoadBalancer', 'ClusterIP', 'ExternalName']));

const KEY_FORM = 'write a label key, as in tier or example.com/tier';
const labelKey = z
  .string()
  .regex(/^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/, { error: KEY_FORM })
  .max(317, { error: KEY_FORM });

const VALUE_FORM = 'write a label value: at most 63 letters, digits, -, _ and .';
const labelValue = z
  .string()
  .regex(/^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/, { error: VALUE_FORM })
  .max(63, { error: VALUE_FORM });

const expression = z
  .strictObject({
    key: labelKey.describe('The key of the label.'),
    operator: z
      .enum(['In', 'NotIn', 'Exists', 'DoesNotExist'])
      .describe('How the label is compared; NotIn also selects objects without the label.'),
    values: listOf(labelValue).optional().describe('For In and NotIn: the values. Absent for Exists and DoesNotExist.'),
  })
  .superRefine(({ operator, values }, context) => {
    const needed = operator === 'In' || operator === 'NotIn';
    if (needed === (values !== undefined)) return;
    const message = needed
      ? `is missing; ${operator} needs a list of values`
      : `${operator} takes none; remove the key`;
    context.addIssue({ code: 'custom', path: ['values'], message });
  })
  .meta({
    if: { properties: { operator: { enum: ['In', 'NotIn'] } } },
    // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
    then: { required: ['values'] },
    else: { properties: { values: false } },
  });

/** meta/v1 LabelSelector, as `kubectl` and every controller reads it: all parts must hold. */
export const labelSelector = z
  .strictObject({
    matchLabels: z.record(labelKey, labelValue).default({}).describe('Labels that must have exactly these values.'),
    matchExpressions: listOf(expression).optional().describe('Further conditions on labels.'),
  })
  .transform(({ matchLabels, matchExpressions = [] }): LabelSelector => {
    return { matchLabels, matchExpressions: matchExpressions.map((each) => ({ ...each, values: each.values ?? [] })) };
  });

/** Of the options of an owner: who is meant must be said. */
export const NAMESPACES_OR_SELECTOR = {
  anyOf: [{ required: ['namespaces'] }, { required: ['namespaceSelector'] }],
};
