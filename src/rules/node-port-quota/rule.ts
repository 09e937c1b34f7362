import { z } from 'zod';
import { poolAsSubject } from '../../domain/pool.ts';
import { anyOf, printable } from '../../domain/text.ts';
import { defineRule, type Report } from '../define.ts';
import type { Scene } from '../scene.ts';
import { greatestHolders, heldByOthers, type Limit, limitsOn, namespaceCount, ownCount } from './usage.ts';

/** How many Services a message names that one could take ports from. */
const MOST_NAMED = 3;

const limit = z.int().min(1).max(65_535).optional();

const messages = {
  overNamespace: { text: '{namespace} would have {count} node ports{where} and may have {most}; {advice}' },
  stillOverNamespace: {
    text: '{namespace} has {count} node ports{where} and may have {most}; {advice}',
    limit: 'warn',
  },
  overService: { text: '{count} node ports{where} are more than the {most} that one Service may have; {advice}' },
  stillOverService: {
    text: '{count} node ports{where} are still more than the {most} that one Service may have; {advice}',
    limit: 'warn',
  },
} as const;

type QuotaReport = Report<typeof messages>;

export const nodePortQuota = defineRule({
  name: 'node-port-quota',
  summary: 'A namespace and a Service have no more node ports than they may.',
  why: 'A cluster has a few thousand node ports: without a limit one team, or one loop that creates Services, takes them from everybody.',
  subject: 'open-service',
  enforcesPoolQuotas: true,
  options: z.strictObject({
    perNamespace: limit.describe('Most different node ports of one namespace. Default: any number.'),
    perService: limit.describe('Most different node ports of one Service. Default: any number.'),
  }),
  messages,
  presets: { baseline: { enforcement: 'deny' }, restricted: { enforcement: 'deny' } },
  check(scene, { perNamespace, perService }, report, undetermined) {
    checkService(scene, limitsOn(scene, perService, 'perService'), report);
    const limits = limitsOn(scene, perNamespace, 'perNamespace');
    if (limits.length === 0) return;
    const verdict = checkNamespace(scene, limits, report);
    // Services that are not listed yet may have the rest; without a port more, nothing can be wrong.
    if (verdict === 'within' && !scene.inventory.complete && limits.some(({ isGrowing }) => isGrowing)) {
      undetermined('inventory');
    }
  },
});

function checkService(scene: Scene, limits: readonly Limit[], report: QuotaReport): void {
  const broken = worstOf(limits, ({ pool }) => ownCount(scene, pool));
  if (broken === undefined) return;
  const { most, pool, isGrowing, count } = broken;
  const data = { count, where: whereOf(pool), most, advice: `open ${count - most} fewer, or ${askFor(pool)}` };
  report(isGrowing ? 'overService' : 'stillOverService', ['spec', 'ports'], data, { value: count });
}

/** `within`: no limit is broken by what this Service adds, as far as anybody knows. */
function checkNamespace(scene: Scene, limits: readonly Limit[], report: QuotaReport): 'within' | 'over' {
  const { namespace } = scene.service;
  if (isFarBelow(scene, limits)) return 'within';
  const others = heldByOthers(scene);
  const broken = worstOf(limits, ({ pool }) => namespaceCount(scene, others, pool));
  if (broken === undefined) return 'within';
  const { most, pool, isGrowing, count } = broken;
  const greatest = greatestHolders(scene, others, pool);
  const names = greatest.slice(0, MOST_NAMED).map((holder) => `${printable(holder.name)} (${holder.count})`);
  const release = names.length === 0 ? `open ${count - most} fewer` : `close some of ${anyOf(names)}`;
  const advice = `${release}, or ${askFor(pool)}`;
  const data = { namespace: printable(namespace), count, where: whereOf(pool), most, advice };
  report(isGrowing ? 'overNamespace' : 'stillOverNamespace', ['metadata', 'namespace'], data, {
    value: namespace,
    dependsOn: greatest.map(({ name }) => ({ namespace, name })),
  });
  return isGrowing ? 'over' : 'within';
}

/** Spares most Services the counting: ports are never fewer than their different numbers. */
function isFarBelow({ inventory, service, ports, unassigned }: Scene, [smallest]: readonly Limit[]): boolean {
  const most = inventory.heldIn(service.namespace).length + ports.length + unassigned.length;
  return smallest !== undefined && most <= smallest.most;
}

/** Of the limits that are broken, the smallest that this Service breaks further; else the smallest. */
function worstOf(
  limits: readonly Limit[],
  countOf: (limit: Limit) => number,
): (Limit & { readonly count: number }) | undefined {
  const broken = limits.map((one) => ({ ...one, count: countOf(one) })).filter(({ count, most }) => count > most);
  return broken.find(({ isGrowing }) => isGrowing) ?? broken[0];
}

function whereOf(pool: Limit['pool']): string {
  return pool === undefined ? '' : ` in pool ${poolAsSubject(pool)}`;
}

function askFor(pool: Limit['pool']): string {
  const whom = pool === undefined || pool.contact === '' ? 'whoever runs the cluster' : 'its contact';
  return `ask ${whom} for a higher limit`;
}
