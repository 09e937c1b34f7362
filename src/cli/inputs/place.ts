import { isAbsolute, join, relative, resolve, sep } from 'node:path';

/** A file or directory, by the three names it has here. */
export interface Place {
  /** Absolute, for opening it. */
  readonly path: string;
  /** For people: relative to the working directory where it lies in it, else as it was given; always with `/`. */
  readonly shown: string;
  /** Without symbolic links: two places are the same exactly when these are. */
  readonly real: string;
}

/** The first two names of an argument. The third takes a look at the disk. */
export function namesOf(given: string, cwd: string): Pick<Place, 'path' | 'shown'> {
  const path = resolve(cwd, given);
  const way = relative(cwd, path);
  if (way === '') return { path, shown: '.' };
  const isOutside = way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way);
  return { path, shown: isOutside ? withSlashes(given).replace(/(?<=[^/])\/+$/, '') : withSlashes(way) };
}

/** An entry of a directory that is no symbolic link. */
export function placeIn({ path, shown, real }: Place, name: string): Place {
  return { path: join(path, name), shown: shownIn(shown, name), real: join(real, name) };
}

export function shownIn(directory: string, name: string): string {
  if (directory === '.') return name;
  return directory.endsWith('/') ? `${directory}${name}` : `${directory}/${name}`;
}

function withSlashes(path: string): string {
  return sep === '/' ? path : path.replaceAll(sep, '/');
}
