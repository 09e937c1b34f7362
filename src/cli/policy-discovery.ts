import { join, relative } from 'node:path';
import { defaultPolicyPath } from './policy-files.ts';
import { directoriesToRoot, isThere } from './repository-root.ts';

/** What `init` writes, and what commands look for when they are not told. */
export const POLICY_FILE_NAME = 'nodeport-gate.yaml';

export interface FoundPolicy {
  readonly paths: readonly string[];
  /** Nobody chose one: it is the policy that comes with the gate. */
  readonly isShipped: boolean;
}

/**
 * Where the policy is: what was given, else the nearest `nodeport-gate.yaml` from the working directory up to the root of the
 * repository, else the one that comes with the gate. Outside of a repository only the working directory counts: a file further
 * up may be anybody's.
 */
export async function policyPathsFor(given: readonly string[] | undefined, cwd: string): Promise<FoundPolicy> {
  if (given !== undefined && given.length > 0) return { paths: given, isShipped: false };
  const directories = (await directoriesToRoot(cwd)) ?? [cwd];
  for (const directory of directories) {
    const path = join(directory, POLICY_FILE_NAME);
    if (await isThere(path)) return { paths: [relative(cwd, path)], isShipped: false };
  }
  return { paths: [defaultPolicyPath(cwd)], isShipped: true };
}
