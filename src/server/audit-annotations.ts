import { ENFORCEMENTS } from '../domain/finding.ts';
import { firstOf } from '../domain/text.ts';
import type { Verdict } from '../domain/verdict.ts';
import { assignedOf, MOST_ASSIGNED, rulesOf } from './decision-log.ts';

/**
 * For the API server's audit log, which prefixes the keys with the webhook's name. It refuses a key whose value changes
 * when the webhook is asked a second time, so nothing in here depends on why a port has its number.
 * `findings`: `deny source-cidrs; warn external-traffic-policy; undetermined node-port-pool`, strictest first. `assigned`:
 * `http/TCP=30104 …`, the first 100, then `and N more`.
 */
export function auditAnnotations(
  { findings, undetermined, assigned }: Verdict,
  hash: string,
): Readonly<Record<string, string>> {
  if (findings.length === 0 && undetermined.length === 0 && assigned.length === 0) return { policy: hash };
  const found = [
    ...ENFORCEMENTS.map((level) => [level, findings.filter(({ enforcement }) => enforcement === level)] as const),
    ['undetermined', undetermined] as const,
  ].flatMap(([label, remarks]) =>
    remarks.length === 0 ? [] : [`${label} ${[...rulesOf(remarks)].sort().join(', ')}`],
  );
  return {
    policy: hash,
    ...(found.length > 0 && { findings: found.join('; ') }),
    ...(assigned.length > 0 && { assigned: firstOf([...assignedOf(assigned)].sort(), MOST_ASSIGNED).join(' ') }),
  };
}
