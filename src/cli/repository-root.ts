import { lstat, realpath } from 'node:fs/promises';
import { lstatSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { isAbsent } from '../files/is-absent.ts';
import { namesOf } from './inputs/place.ts';
import type { Io } from './io.ts';

/** Where CI systems check the repository out, by the variables in which they say it. */
const CHECKOUTS = ['GITHUB_WORKSPACE', 'CI_PROJECT_DIR'];

/**
 * Names files as the repository does, whichever directory of it the program was started in: CI systems look for them from its root. Without
 * a repository that is the working directory. What lies outside, or is no file (standard input), keeps its name.
 */
export async function namesFromRoot({ cwd, env }: Pick<Io, 'cwd' | 'env'>): Promise<(file: string) => string> {
  const root = await repositoryRoot(cwd, env);
  // A variable may hold a path with symbolic links, which the working directory is without.
  const roots = [root, await realpath(root).catch(() => root)];
  return (file) => {
    const path = resolve(cwd, file);
    const inside = roots.map((each) => namesOf(path, each).shown).find((shown) => !isAbsolute(shown));
    return inside !== undefined && isNamed(path) ? inside : file;
  };
}

/** From the directory up to the root of its repository, both included; undefined outside of a repository. */
export async function directoriesToRoot(directory: string): Promise<readonly string[] | undefined> {
  const passed: string[] = [];
  for (let each = directory, last = ''; each !== last; last = each, each = dirname(each)) {
    passed.push(each);
    // In a worktree or a submodule it is a file.
    if (await isThere(join(each, '.git'))) return passed;
  }
  return undefined;
}

/** A link that leads nowhere counts, and so does what may not be looked at: reading it says what is wrong with it. */
export async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    return !isAbsent(error);
  }
}

async function repositoryRoot(cwd: string, env: Io['env']): Promise<string> {
  const told = CHECKOUTS.map((name) => env[name] ?? '').find((path) => isAbsolute(path));
  return told ?? (await directoriesToRoot(cwd))?.at(-1) ?? cwd;
}

function isNamed(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch {
    return false;
  }
}
