import { existsSync, realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { expandGlob } from './expand-glob.ts';
import { isGlob, pathMatcher } from './glob-pattern.ts';
import { inputFault, problemWith } from './input-fault.ts';
import type { Lead, Search } from './lead.ts';
import { namesOf, type Place } from './place.ts';
import { unreadable } from './read-regular-file.ts';
import { isManifestName, isPassedBy, MANIFEST_NAMES, walkDirectory } from './walk-directory.ts';

const DESCRIPTOR = /^\/(?:dev|proc\/self)\/fd\/([0-9]{1,9})$/;

/** Ends with a dot and plain characters: whoever writes that means these files, whatever they are called. */
const NAMED_ENDING = /\.[^*?[\]{}/.]+$/;

interface FindOptions extends Pick<Search, 'render'> {
  readonly exclude: readonly string[];
  readonly entersDirectories?: boolean;
}

/**
 * Everything that the paths stand for, each file once, in the order of the paths and by name below. Only names are held, so
 * that kustomizations can be told from their bases before anything is rendered.
 */
export function findInputs(
  paths: readonly string[],
  { exclude, render, entersDirectories = true }: FindOptions,
  cwd: string,
): readonly Lead[] {
  const search: Search = { cwd, render, entersDirectories, isExcluded: pathMatcher(exclude), seen: new Set() };
  return paths.flatMap((path) => (path === '' ? [EMPTY_PATH] : findPath(path, search)));
}

/** What an unset variable leaves: `check "$CHANGED"` must not be about the whole directory. */
const EMPTY_PATH: Lead = {
  kind: 'problem',
  problem: problemWith('""', 'this path is empty; name a file or directory, or . for this one'),
};

function findPath(given: string, search: Search): readonly Lead[] {
  const { path } = namesOf(given, search.cwd);
  const fd = DESCRIPTOR.exec(path)?.[1];
  if (given === '-' || path === '/dev/stdin' || fd === '0') return once('-', search, [{ kind: 'stdin' }]);
  if (fd !== undefined) return once(path, search, [{ kind: 'descriptor', fd: Number(fd), shown: path }]);
  if (!isGlob(given) || existsSync(path)) return findNamed(given, true, search);
  return findGlob(given, search);
}

function once(key: string, { seen }: Search, leads: readonly Lead[]): readonly Lead[] {
  if (seen.has(key)) return [];
  seen.add(key);
  return leads;
}

function findGlob(glob: string, search: Search): readonly Lead[] {
  const all = expandGlob(glob, search.cwd, isPassedBy);
  if (all.length === 0) return [problem(glob, 'no file matches this; check the pattern and the working directory')];
  const isMeant = NAMED_ENDING.test(glob) ? () => true : isManifestName;
  const directories: string[] = [];
  return all.flatMap((path) => {
    // `apps/**` names apps and, one by one, what is in it: that would tear charts apart.
    if (directories.some((directory) => path.startsWith(directory))) return [];
    const isDirectory = statSync(resolve(search.cwd, path), { throwIfNoEntry: false })?.isDirectory() === true;
    if (isDirectory) directories.push(path === '.' ? '' : `${path}/`);
    return isDirectory || isMeant(path) ? findNamed(path, false, search) : [];
  });
}

function findNamed(given: string, isNamed: boolean, search: Search): readonly Lead[] {
  const names = namesOf(given, search.cwd);
  if (search.isExcluded(names.shown)) return [];
  try {
    const place: Place = { ...names, real: realpathSync.native(names.path) };
    const stat = statSync(place.real);
    if (stat.isDirectory()) return findDirectory(place, isNamed, search);
    const fault = unreadable(stat);
    if (fault !== undefined) return [problem(place.shown, fault)];
    return once(place.real, search, [{ kind: 'file', place, isNamed }]);
  } catch (error) {
    return [problem(names.shown, inputFault(error))];
  }
}

function findDirectory(place: Place, isNamed: boolean, search: Search): readonly Lead[] {
  if (!search.entersDirectories) return [problem(place.shown, 'this is a directory; name a file')];
  const { leads, count } = walkDirectory(place, isNamed, search);
  if (count > 0 || !isNamed) return leads;
  return [problem(place.shown, `no ${MANIFEST_NAMES} file is in it; name the directory with the manifests`)];
}

function problem(shown: string, message: string): Lead {
  return { kind: 'problem', problem: problemWith(shown, message) };
}
