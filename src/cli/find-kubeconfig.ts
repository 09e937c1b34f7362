import { delimiter, join, resolve } from 'node:path';
import { failed, ok, type Result } from '../domain/result.ts';
import { DUMP_COMMAND } from '../domain/snapshot.ts';
import type { Io } from './io.ts';
import { isThere } from './repository-root.ts';

export interface FoundKubeconfig {
  readonly path: string;
  /** For standard error. */
  readonly remarks: readonly string[];
}

/**
 * Where kubectl looks, too: what was given, else `KUBECONFIG`, else `~/.kube/config`. kubectl makes one of all files of
 * `KUBECONFIG`; here it is the first that is there.
 */
export async function findKubeconfig(
  given: string | undefined,
  { env, cwd }: Pick<Io, 'env' | 'cwd'>,
): Promise<Result<FoundKubeconfig, string>> {
  if (given !== undefined) return ok({ path: resolve(cwd, given), remarks: [] });
  const listed = (env['KUBECONFIG'] ?? '').split(delimiter).filter((path) => path !== '');
  if (listed.length > 0) return firstOfList(listed, cwd);
  const home = env['HOME'] ?? env['USERPROFILE'] ?? '';
  const usual = join(home, '.kube', 'config');
  if (home !== '' && (await isThere(usual))) return ok({ path: usual, remarks: [] });
  return failed([NO_CLUSTER]);
}

const NO_CLUSTER =
  'there is no cluster: KUBECONFIG is not set, and ~/.kube/config is not there; give --kubeconfig FILE, in a pod ' +
  `--in-cluster, or a dump of ${DUMP_COMMAND}`;

async function firstOfList(listed: readonly string[], cwd: string): Promise<Result<FoundKubeconfig, string>> {
  for (const each of listed) {
    const path = resolve(cwd, each);
    if (!(await isThere(path))) continue;
    const isOnly = listed.length === 1;
    return ok({
      path,
      remarks: isOnly ? [] : [`KUBECONFIG: of several files only ${each} is read; --kubeconfig FILE names another one`],
    });
  }
  return failed([`KUBECONFIG: ${listed.join(delimiter)} is not there; correct it, or give --kubeconfig FILE`]);
}
