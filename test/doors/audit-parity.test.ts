import { describe, expect, it } from 'vitest';
import { auditCluster } from '../../src/audit/audit.ts';
import { formatRef } from '../../src/domain/service.ts';
import type { Snapshot } from '../../src/domain/snapshot.ts';
import { admit } from '../../src/engine/admit.ts';
import { decide } from '../../src/engine/decide.ts';
import type { ServiceCase } from '../../src/rules/cases.ts';
import { type ReportItem, verdictList } from '../../src/report/verdict-list.ts';
import { snapshotOf } from '../audit/cluster.ts';
import { tables } from '../support/case-tables.ts';
import { manifest, serviceOf } from '../support/manifest.ts';
import { NOW } from '../support/now.ts';
import { isComplete, isServiceCase, situationOf } from '../support/rule-tester.ts';

/**
 * What runs is judged like a request for it: every rule case that a cluster could hold (all numbers are there, nothing is
 * to be filled in) goes through the audit and through `admit` as `/dry-run` asks it.
 */
const cases = tables.flatMap((table) =>
  [...table.valid, ...table.invalid].flatMap((given) =>
    isServiceCase(given) && couldRun(given)
      ? [[`${table.rule.meta.name}: ${given.name}`, table.rule.meta.name, given] as const]
      : [],
  ),
);

function couldRun(given: ServiceCase): boolean {
  const asksForMore = [given.origin, given.old, given.stage, given.dryRun, given.inventoryComplete, given.nodes];
  if (asksForMore.some((fact) => fact !== undefined) || given.options?.['set'] === true) return false;
  const service = serviceOf(given.service);
  return service.name !== '' && isComplete(service);
}

describe('audit says what /dry-run says', () => {
  it('of hundreds of cases', () => {
    expect(cases.length).toBeGreaterThan(150);
  });

  it.each(cases)('%s', (_, rule, given) => {
    const { request, policy, world } = situationOf(rule, given);
    const verdict = admit(request, policy, world, NOW);
    const object = { apiVersion: 'v1', kind: 'Service', ...request.service };
    const asked = said([{ object, verdict, decision: decide(verdict, 'dry-run') }]);
    const { items } = auditCluster(clusterOf(given), policy, NOW);
    expect(said(items.filter((item) => formatRef(item.object) === formatRef(request.service)))).toEqual(asked);
  });
});

/** An object without an item has nothing to be said about it. */
function said(items: readonly ReportItem[]): object {
  const [item] = verdictList(items, '').items;
  return item === undefined
    ? { allowed: true, findings: [], undetermined: [] }
    : { allowed: item.allowed, findings: item.findings, undetermined: item.undetermined };
}

function clusterOf({ service, others = [], namespaceLabels }: ServiceCase): Snapshot {
  return snapshotOf([...others, manifest(service)], {
    nodes: undefined,
    endpoints: undefined,
    namespaceLabels: new Map(namespaceLabels === undefined ? [] : [['shop', namespaceLabels]]),
  });
}
