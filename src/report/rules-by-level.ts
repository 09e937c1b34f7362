import { ENFORCEMENTS, type Enforcement } from '../domain/finding.ts';
import { compareText } from '../domain/text.ts';
import { harmless } from './harmless.ts';

interface Levelled {
  readonly rule: string;
  readonly enforcement: Enforcement;
}

/** `node-port-range`, `3 deny, 1 warn`: how often which rule spoke, those that deny most first. */
export function rulesByLevel(findings: readonly Levelled[]): readonly (readonly [rule: string, counts: string])[] {
  const groups = [...Map.groupBy(findings, ({ rule }) => rule)].map(([rule, group]) => ({
    rule,
    counts: ENFORCEMENTS.map((level) => ({
      level,
      count: group.filter(({ enforcement }) => enforcement === level).length,
    })),
  }));
  const order = (a: (typeof groups)[number], b: (typeof groups)[number]): number =>
    a.counts.map(({ count }, index) => (b.counts[index]?.count ?? 0) - count).find((difference) => difference !== 0) ??
    compareText(a.rule, b.rule);
  return groups.toSorted(order).map(({ rule, counts }) => {
    const said = counts.filter(({ count }) => count > 0).map(({ level, count }) => `${count} ${level}`);
    return [harmless(rule), said.join(', ')];
  });
}
