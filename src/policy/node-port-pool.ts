import { z } from 'zod';
import type { Pool } from '../domain/pool.ts';
import { portSet, without } from '../domain/port-set.ts';
import { portRanges } from '../rules/port-ranges.ts';
import { labelSelector, nameGlobs, NAMESPACES_OR_SELECTOR, serviceTypes } from './criteria.ts';
import { oneLine } from '../rules/one-line.ts';
import { envelope } from './envelope.ts';

const count = z.int().min(1).max(65_535);

export const nodePortPoolSchema = envelope(
  'NodePortPool',
  z
    .strictObject({
      ports: portRanges.describe('The ports and ranges of the pool: "30100-30199", "30500" or 30500.'),
      reserved: portRanges
        .optional()
        .describe('Ports of the pool that are never assigned; using one explicitly needs an exception.'),
      contact: oneLine(200).default('').describe('Whom to ask; printed whenever a message speaks of this pool.'),
      namespaces: nameGlobs
        .optional()
        .describe('Names of the namespaces that own the pool; * stands for any part of a name.'),
      namespaceSelector: labelSelector
        .optional()
        .describe('Labels of the namespaces that own the pool; together with namespaces, both must hold.'),
      serviceTypes: serviceTypes.optional().describe('Types of Services that may use the pool. Default: all.'),
      priority: z
        .int()
        .min(0)
        .max(2_147_483_647)
        .default(1000)
        .describe('Of several pools that a Service may use, or that contain a port, the lowest number wins.'),
      assign: z
        .boolean()
        .default(true)
        .describe('Fill in missing node ports from here; false: a missing number is denied, with free ones to choose.'),
      quota: z
        .strictObject({
          perNamespace: count.optional().describe('Most different node ports of the pool for one namespace.'),
          perService: count.optional().describe('Most different node ports of the pool for one Service.'),
        })
        .optional()
        .describe('Most node ports that one owner may have; rule node-port-quota holds Services to it.'),
    })
    .meta(NAMESPACES_OR_SELECTOR),
).describe('A named set of node ports with owners.');

const NO_PORTS = portSet([]);

export function toPool({ metadata, spec }: z.output<typeof nodePortPoolSchema>): Pool {
  const { ports, reserved = NO_PORTS, contact, namespaces, namespaceSelector, priority, assign } = spec;
  return {
    name: metadata.name,
    ports,
    reserved,
    assignable: without(ports, reserved),
    contact,
    criteria: { namespaces, namespaceSelector },
    serviceTypes: spec.serviceTypes,
    priority,
    assign,
    quota: { perNamespace: spec.quota?.perNamespace, perService: spec.quota?.perService },
  };
}
