import { type Dirent, existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { compareText } from '../../domain/text.ts';
import { isGlob, namePattern, withoutBraces } from './glob-pattern.ts';

/**
 * The paths that a glob stands for, as a shell would write them, sorted. For those who quote it, and for CI systems that
 * expand nothing. `**` passes by what a directory passes by; an explicit name (`.config/*.yaml`, `link/*.yaml`) is followed.
 */
export function expandGlob(glob: string, cwd: string, isPassedBy: (name: string) => boolean): readonly string[] {
  const found = new Set<string>();
  for (const pattern of withoutBraces(glob)) {
    const segments = pattern.split('/').filter((segment) => segment !== '' && segment !== '.');
    expand(pattern.startsWith('/') ? '/' : '', segments, { cwd, isPassedBy, found });
  }
  return [...found].sort(compareText);
}

interface Expansion {
  readonly cwd: string;
  readonly isPassedBy: (name: string) => boolean;
  readonly found: Set<string>;
}

function expand(directory: string, segments: readonly string[], expansion: Expansion): void {
  const [segment, ...rest] = segments;
  if (segment === undefined) expansion.found.add(directory === '' ? '.' : directory);
  else if (segment === '**') expandBelow(directory, rest, expansion);
  else if (isGlob(segment)) expandNames(directory, namePattern(segment), rest, expansion);
  else {
    const path = join(directory, segment);
    if (existsSync(resolve(expansion.cwd, path))) expand(path, rest, expansion);
  }
}

/** At the end of a glob, `**` is the directory itself: everything in it is found there. */
function expandBelow(directory: string, rest: readonly string[], expansion: Expansion): void {
  expand(directory, rest, expansion);
  // Two in a row are one.
  if (rest.length === 0 || rest[0] === '**') return;
  for (const entry of entriesOf(directory, expansion)) {
    if (!entry.isDirectory() || expansion.isPassedBy(entry.name)) continue;
    expandBelow(join(directory, entry.name), rest, expansion);
  }
}

function expandNames(directory: string, pattern: RegExp, rest: readonly string[], expansion: Expansion): void {
  for (const entry of entriesOf(directory, expansion)) {
    // The pattern itself says whether it is about hidden ones.
    if (!pattern.test(entry.name) || (expansion.isPassedBy(entry.name) && !entry.name.startsWith('.'))) continue;
    const path = join(directory, entry.name);
    if (rest.length === 0 || isDirectory(entry, path, expansion)) expand(path, rest, expansion);
  }
}

/** What cannot be listed has nothing that matches: a glob that matches nothing at all is a problem anyway. */
function entriesOf(directory: string, { cwd }: Expansion): readonly Dirent[] {
  try {
    return readdirSync(resolve(cwd, directory), { withFileTypes: true });
  } catch {
    return [];
  }
}

function isDirectory(entry: Dirent, path: string, { cwd }: Expansion): boolean {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  return statSync(resolve(cwd, path), { throwIfNoEntry: false })?.isDirectory() === true;
}
