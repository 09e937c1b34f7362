import type { ClusterProfile } from '../domain/cluster-profile.ts';
import { formatRanges, type PortRange, portSet, sharedRanges } from '../domain/port-set.ts';
import type { Parts } from './parts.ts';
import type { Problem } from './problem.ts';

/** A pool may have hundreds of ranges; a line needs a few of them. */
const MOST_RANGES = 3;

/**
 * What holds for policies that are as they should be, and depends on a cluster that no document shows: worth knowing when
 * one writes them, noise whenever they are loaded.
 */
export function adviceOn(parts: Parts, { serviceNodePortRange }: ClusterProfile): readonly Problem[] {
  return [...unseenServices(parts), ...poolsInDynamicBand(parts, serviceNodePortRange)];
}

function unseenServices({ policies }: Parts): readonly Problem[] {
  return policies.flatMap(({ policy, document }) =>
    policy.rules.flatMap(({ meta, unseenAtAdmission }) => {
      if (unseenAtAdmission === undefined) return [];
      const message =
        `${unseenAtAdmission} are judged by /dry-run only, because the shipped webhook configurations do not send them; ` +
        `to have them judged at admission, remove the first matchCondition of ValidatingWebhookConfiguration zz-nodeport-gate ` +
        `(docs/rules/${meta.name}.md)`;
      return [document.problem({ path: ['spec', 'rules', meta.name], part: 'key', message })];
    }),
  );
}

/**
 * The ports from which the API server picks last when nobody asks for a number: the first min(max(16, size / 32), 128) of
 * the range, none of a range of 16 or fewer (KEP-3668).
 */
function staticBand({ from, to }: PortRange): PortRange | undefined {
  const size = to - from + 1;
  if (size <= 16) return undefined;
  const length = Math.min(Math.max(16, Math.floor(size / 32)), 128);
  return { from, to: from + length - 1 };
}

function poolsInDynamicBand({ pools }: Parts, range: PortRange): readonly Problem[] {
  const quiet = staticBand(range);
  const dynamic = portSet([{ from: quiet === undefined ? range.from : quiet.to + 1, to: range.to }]);
  const remedy =
    quiet === undefined
      ? 'write the numbers that must not move into their Services'
      : `take numbers that must not move from ${formatRanges([quiet])}, where Kubernetes picks last`;
  return pools.flatMap(({ pool, document }) => {
    const exposed = sharedRanges(pool.assignable, dynamic);
    if (!pool.assign || exposed.length === 0) return [];
    const message =
      `pool ${pool.name} assigns ${formatRanges(exposed, MOST_RANGES)}, where Kubernetes also picks numbers for Services ` +
      `that the gate does not see (exempt namespaces, or while it is down), so one may be taken before its owner comes; ${remedy}`;
    return [document.problem({ path: ['spec', 'ports'], part: 'key', message })];
  });
}
