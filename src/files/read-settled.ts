import { readlink, realpath } from 'node:fs/promises';
import { join } from 'node:path';

/** More swaps than this while something is read do not happen: the kubelet writes once a minute. */
const MOST_READS = 5;

/**
 * What `read` makes of the roots of the paths, read again if a root has changed meanwhile: never one part from before a
 * swap and another from after it.
 */
export async function readSettled<Value>(
  paths: readonly string[],
  read: (roots: readonly string[]) => Promise<Value>,
): Promise<Value> {
  const rootsNow = (): Promise<readonly string[]> => Promise.all(paths.map(contentRoot));
  let roots = await rootsNow();
  for (let reads = 1; ; reads += 1) {
    const [outcome] = await Promise.allSettled([read(roots)]);
    const after = await rootsNow();
    if (reads === MOST_READS || after.every((root, index) => root === roots[index])) {
      if (outcome.status === 'rejected') throw outcome.reason;
      return outcome.value;
    }
    roots = after;
  }
}

/**
 * Where the content of a file or directory is at this moment, without symbolic links. In a mounted ConfigMap or Secret that
 * is the directory that its `..data` leads to: what is read from there is of one version, and as long as the answer stays
 * the same, of the newest. (The links beside `..data` are not: the kubelet adds and removes them after it has swapped.)
 * A path that is not there is its own answer.
 */
async function contentRoot(path: string): Promise<string> {
  const data = join(path, '..data');
  try {
    // An ordinary directory of this name is not the kubelet's.
    await readlink(data);
    return await realpath(data);
  } catch {
    return realpath(path).catch(() => path);
  }
}
