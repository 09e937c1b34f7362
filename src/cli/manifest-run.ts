import type { Known } from '../check/baseline.ts';
import { type ExplainedObject, explainRun } from '../check/explain-run.ts';
import { readObjects } from '../check/read-objects.ts';
import { judgeRun, type RunItem } from '../check/run.ts';
import { UNKNOWN_REACH } from '../domain/reach.ts';
import { failed, ok, problemsOf, type Result } from '../domain/result.ts';
import type { ServiceRef } from '../domain/service.ts';
import type { Labels } from '../domain/selection.ts';
import type { InputProblem } from '../domain/source.ts';
import { NO_RESERVATIONS } from '../domain/world.ts';
import type { Policy } from '../engine/policy.ts';
import { rules } from '../rules/index.ts';
import { namespaceLabelsOf } from '../wire/manifests.ts';
import { loadChosenPolicy } from './chosen-policy.ts';
import { emptyPath } from './flag-faults.ts';
import { type LoadedInventory, loadInventories } from './inventory-file.ts';
import type { Io } from './io.ts';
import { readManifests, type RunFile } from './manifest-files.ts';
import { workloadsFor } from './manifest-workloads.ts';
import type { RunFlags } from './run-flags.ts';

export interface ManifestRun {
  readonly policy: Policy;
  readonly policyFiles: readonly string[];
  /** For standard error. */
  readonly remarks: readonly string[];
  /** By the name that regions have. */
  readonly files: ReadonlyMap<string, RunFile>;
  readonly problems: readonly InputProblem[];
  /** Documents without any object that a rule is about. */
  readonly skipped: number;
  readonly dumps: readonly LoadedInventory[];
  /** Of the dumps and the manifests. */
  readonly namespaceLabels: ReadonlyMap<string, Labels>;
  judge(baseline: Known): readonly RunItem[];
  /** Why the Services of this name get the verdicts and ports that they get. */
  explain(ref: ServiceRef): readonly ExplainedObject[];
}

/** What kubectl uses for a manifest that names no namespace, unless it is told another one. */
const DEFAULT_NAMESPACE = 'default';

/**
 * Reads policy, inventories and manifests. Fails for what makes every verdict worthless (a policy or inventory that cannot be
 * read); what is wrong with single manifests is in `problems`.
 */
export async function openRun(paths: readonly string[], flags: RunFlags, io: Io): Promise<Result<ManifestRun, string>> {
  const { namespace = DEFAULT_NAMESPACE } = flags;
  const faults = [...emptyPath('--policy', flags.policy), ...emptyPath('--inventory', flags.inventory)];
  if (faults.length > 0) return failed(faults);
  const [chosen, inventory] = await Promise.all([
    loadChosenPolicy(flags.policy, io.cwd),
    loadInventories(flags.inventory ?? [], io.cwd),
  ]);
  if (!chosen.ok || !inventory.ok) return failed([...problemsOf(chosen), ...problemsOf(inventory)]);
  const { policy, files: policyFiles, remarks } = chosen.value;
  const { files, manifests, ...read } = await readManifests(paths, flags, policy, io);
  const { objects, problems, others } = readObjects(manifests, namespace);
  const namespaceLabels = new Map([...inventory.value.namespaceLabels, ...namespaceLabelsOf(manifests)]);
  return ok({
    policy,
    policyFiles,
    remarks,
    files,
    problems: [...read.problems, ...problems],
    skipped: read.skipped + others,
    dumps: inventory.value.dumps,
    namespaceLabels,
    judge: (baseline) =>
      judgeRun(objects, {
        policy,
        inventory: inventory.value.inventory,
        namespaceLabels,
        workloads: workloadsFor(objects, policy, { files, namespace }),
        baseline,
        rules: new Map(rules.map(({ meta }) => [meta.name, meta])),
        now: io.now(),
        isEditable: (file) => files.get(file)?.kind === 'file',
      }),
    explain: (ref) => {
      const world = {
        inventory: inventory.value.inventory,
        labelsOf: (name: string) => namespaceLabels.get(name),
        workloads: workloadsFor(objects, policy, { files, namespace }),
        reach: UNKNOWN_REACH,
        reservations: NO_RESERVATIONS,
      };
      return explainRun(objects, ref, { policy, world, now: io.now() });
    },
  });
}
