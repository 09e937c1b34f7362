import { ENFORCEMENTS } from '../domain/finding.ts';
import type { Verdict } from '../domain/verdict.ts';
import { assignedOf, rulesOf } from './decision-log.ts';

/**
 * For the API server's audit log, which prefixes the keys with the webhook's name. It refuses a key whose value changes
 * when the webhook is asked a second time, so nothing in here depends on why a port has its number.
 * `findings`: `deny source-cidrs; warn external-traffic-policy`, strictest first. `assigned`: `http/TCP=30104 …`.
 */
export function auditAnnotations({ findings, assigned }: Verdict, hash: string): Readonly<Record<string, string>> {
  if (findings.length === 0 && assigned.length === 0) return { policy: hash };
  const found = ENFORCEMENTS.flatMap((level) => {
    const rules = rulesOf(findings.filter(({ enforcement }) => enforcement === level));
    return rules.length === 0 ? [] : [`${level} ${[...rules].sort().join(', ')}`];
  });
  return {
    policy: hash,
    ...(found.length > 0 && { findings: found.join('; ') }),
    ...(assigned.length > 0 && { assigned: [...assignedOf(assigned)].sort().join(' ') }),
  };
}
