import { failed, ok, type Result } from '../domain/result.ts';
import type { Policy } from '../engine/policy.ts';
import { policyPathsFor } from './policy-discovery.ts';
import { compileFiles, readPolicyFiles } from './policy-files.ts';

export interface ChosenPolicy {
  readonly policy: Policy;
  readonly paths: readonly string[];
  /** All that they stand for. */
  readonly files: readonly string[];
  /** For standard error. */
  readonly remarks: readonly string[];
}

/** The policy that a command goes by, read and compiled. */
export async function loadChosenPolicy(
  given: readonly string[] | undefined,
  cwd: string,
): Promise<Result<ChosenPolicy, string>> {
  const { paths, isShipped } = await policyPathsFor(given, cwd);
  const read = await readPolicyFiles(paths, cwd);
  const loaded = compileFiles(read);
  if (!loaded.ok) return failed(loaded.problems);
  const { policy, warnings } = loaded.value;
  const hint = isShipped ? [SHIPPED_POLICY_HINT] : [];
  const files = read.sources.map(({ file }) => file);
  return ok({ policy, paths, files, remarks: [...hint, ...warnings.map((warning) => `warning: ${warning}`)] });
}

/** Said whenever nobody chose the policy. */
export const SHIPPED_POLICY_HINT =
  'no nodeport-gate.yaml here or above: going by the policy that comes with the gate; ' +
  'nodeport-gate init writes one, --policy names another';
