import type { Origin } from '../domain/request.ts';
import type { Verdict } from '../domain/verdict.ts';
import type { Workload } from '../domain/workload.ts';
import type { World } from '../domain/world.ts';
import { untouched } from './admit.ts';
import { collect } from './collect.ts';
import { isAskedAbout } from './evaluate.ts';
import { rulesForWorkload } from './matching.ts';
import type { Policy } from './policy.ts';

/** A workload, and what is not said in it. */
export interface WorkloadQuestion {
  readonly workload: Workload;
  readonly origin: Origin;
}

/**
 * The verdict on something that makes pods, whose ports on the nodes may get in the way of node ports. Pure, like `admit`.
 * No webhook is asked about workloads: `check` and `audit` are.
 */
export function admitWorkload(question: WorkloadQuestion, policy: Policy, world: World, now: Date): Verdict {
  const { workload, origin } = question;
  const namespaceLabels = world.labelsOf(workload.namespace);
  const rules = rulesForWorkload(policy.policies, workload, namespaceLabels);
  if (rules.length === 0) return untouched('no rule of a policy is about it');
  const scene = { workload, inventory: world.inventory, clusterPorts: policy.clusterPorts };
  const evaluation = collect(
    rules,
    {
      object: workload,
      exposedTo: () => workload.hostPorts,
      opensUnknown: false,
      exceptions: policy.exceptions,
      namespaceLabels,
      now,
      former: undefined,
    },
    (rule, mostFindings) => (isAskedAbout(rule, origin) ? rule.checkWorkload(scene, mostFindings) : undefined),
  );
  return { judged: true, ...evaluation, assigned: [], changes: [], service: undefined };
}
