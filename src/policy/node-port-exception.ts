import { z } from 'zod';
import type { Exception } from '../domain/exception.ts';
import type { Rule } from '../rules/define.ts';
import { portRanges } from '../rules/port-ranges.ts';
import { labelSelector, nameGlobs, NAMESPACES_OR_SELECTOR } from './criteria.ts';
import { oneLine } from '../rules/one-line.ts';
import { envelope } from './envelope.ts';
import { ruleNames } from './rule-names.ts';

const DATE_FORM = 'write the last day on which it holds, as in 2027-03-31';

const date = z
  .string()
  .regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/, { error: DATE_FORM, abort: true })
  .refine((text) => startOf(text, 0).toISOString().startsWith(text), {
    error: ({ input }) => `${String(input)} is not in the calendar; ${DATE_FORM}`,
  });

export function nodePortExceptionSchema(rules: readonly Rule[]) {
  const portGuards = rules.filter(({ meta }) => meta.guardsPorts === true).map(({ meta }) => meta.name);
  return envelope(
    'NodePortException',
    z
      .strictObject({
        rules: z
          .array(ruleNames(rules, refusal))
          .min(1, { error: 'name at least one rule' })
          .describe('The rules that may be broken.'),
        namespaces: nameGlobs
          .optional()
          .describe('Names of the namespaces that it is for; * stands for any part of a name.'),
        namespaceSelector: labelSelector
          .optional()
          .describe('Labels of the namespaces that it is for; together with namespaces, both must hold.'),
        services: nameGlobs
          .optional()
          .describe('Names of the Services that it is for. Default: all of the namespaces.'),
        ports: portRanges
          .optional()
          .describe(`Ports and ranges that it is for; required when rules include one of: ${portGuards.join(', ')}.`),
        reason: oneLine(500)
          .min(1, { error: 'write why the rule has to be broken' })
          .describe('Why; printed in reports.'),
        ticket: oneLine(200).default('').describe('Where it was agreed.'),
        expires: date.describe(
          'The last day on which it holds, until 23:59:59 UTC. Later it is as if it were not there.',
        ),
      })
      .meta(NAMESPACES_OR_SELECTOR),
  ).describe('A documented, expiring permission to break rules.');
}

function refusal({ meta }: Rule): string | undefined {
  return meta.absolute === true
    ? `${meta.name} closes a hole of Kubernetes itself and knows no exceptions; remove it`
    : undefined;
}

type Document = z.output<ReturnType<typeof nodePortExceptionSchema>>;

export function toException({ metadata, spec }: Document): Exception {
  const { rules, namespaces, namespaceSelector, services, ports, reason, ticket, expires } = spec;
  return {
    name: metadata.name,
    rules,
    criteria: { namespaces, namespaceSelector },
    services,
    ports,
    reason,
    ticket,
    expires,
    endsAt: startOf(expires, 1).getTime(),
  };
}

/** Midnight UTC, `later` days after the one that the text names; a day that does not exist becomes a later one. */
function startOf(text: string, later: number): Date {
  const [year = 0, month = 0, day = 0] = text.split('-').map(Number);
  return new Date(Date.UTC(year, month - 1, day + later));
}
