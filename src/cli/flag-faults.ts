import { isNamespaceName } from '../domain/object-ref.ts';
import type { Pool } from '../domain/pool.ts';
import { anyOf, printable } from '../domain/text.ts';
import { shownFlag } from './report-settings.ts';

/** What an unset variable leaves: the empty path would be the working directory. */
export function emptyPath(flag: string, paths: readonly string[] = []): readonly string[] {
  return paths.includes('') ? [`${flag}: the path is empty; name a file, or leave the flag out`] : [];
}

/** Several dumps may be given, but only one of them can be piped in. */
export function stdinFault(paths: readonly string[]): readonly string[] {
  return paths.filter((path) => path === '-').length > 1 ? ['-: standard input can be read once; name it once'] : [];
}

/** `-n`, for every command that has it. */
export function namespaceFault(namespace: string | undefined): readonly string[] {
  if (namespace === undefined || isNamespaceName(namespace)) return [];
  return [`--namespace: ${shownFlag(namespace)} is no namespace; use lower case letters, digits and -, at most 63`];
}

export function poolFault(pool: string | undefined): readonly string[] {
  return pool === '' ? ['--pool: the name is empty; name a pool, or leave the flag out'] : [];
}

/** What `--pool` could be instead: `--pool: gold is no pool of the policy; use shop or late`. */
export function unknownPool(name: string, whose: string, others: readonly Pool[]): string {
  const advice = others.length === 0 ? 'it has none' : `use ${anyOf(others.map((pool) => pool.name))}`;
  return `--pool: ${printable(name)} is no pool of ${whose}; ${advice}`;
}
