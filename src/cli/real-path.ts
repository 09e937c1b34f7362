import { realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** Without symbolic links: two paths lead to the same file exactly when these are the same. The file need not be there. */
export function realPathOf(path: string, cwd: string): string {
  const place = resolve(cwd, path);
  return linkless(place) ?? join(linkless(dirname(place)) ?? dirname(place), basename(place));
}

function linkless(place: string): string | undefined {
  try {
    return realpathSync.native(place);
  } catch {
    return undefined;
  }
}
