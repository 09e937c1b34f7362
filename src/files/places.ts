import { lstatSync, readlinkSync } from 'node:fs';
import { dirname, join, parse, resolve, sep } from 'node:path';

/** A directory in which a change of one of these names can change what a path stands for. */
export interface Place {
  readonly directory: string;
  readonly names: ReadonlySet<string> | 'all';
}

/** As many as the kernel follows (path_resolution(7)). */
const MOST_LINKS = 40;

type Kind = 'directory' | 'link' | 'other' | 'absent';

/**
 * Where to watch for the paths: the directory of every symbolic link on the way, the directory of the file or directory
 * itself, a directory's own content, and for what is absent the last directory that is there. Each directory once.
 */
export function placesOf(paths: readonly string[]): readonly Place[] {
  const found = new Map<string, Set<string> | 'all'>();
  for (const path of paths) addPlaces(resolve(path), found);
  return Array.from(found, ([directory, names]) => ({ directory, names }));
}

function addPlaces(path: string, found: Map<string, Set<string> | 'all'>): void {
  let [at, rest] = split(path);
  for (let links = 0; rest.length > 0;) {
    const [name = '', ...others] = rest;
    const next = join(at, name);
    const kind = kindOf(next);
    if (kind !== 'directory' || others.length === 0) note(found, at, name);
    if (kind === 'absent' || kind === 'other') return;
    if (kind === 'directory') [at, rest] = [next, others];
    else {
      links += 1;
      if (links > MOST_LINKS) return;
      const [from, steps] = split(resolve(at, targetOf(next)));
      [at, rest] = [from, [...steps, ...others]];
    }
  }
  found.set(at, 'all');
}

function note(found: Map<string, Set<string> | 'all'>, directory: string, name: string): void {
  const names = found.get(directory);
  if (names === 'all') return;
  found.set(directory, new Set([...(names ?? []), name]));
}

function split(path: string): [root: string, steps: readonly string[]] {
  const { root } = parse(path);
  return [
    root,
    path
      .slice(root.length)
      .split(sep)
      .filter((step) => step !== ''),
  ];
}

function kindOf(path: string): Kind {
  try {
    const stat = lstatSync(path);
    if (stat.isSymbolicLink()) return 'link';
    return stat.isDirectory() ? 'directory' : 'other';
  } catch {
    return 'absent';
  }
}

/** Of a link that is gone by now, its own directory: the walk ends there. */
function targetOf(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    return dirname(link);
  }
}
