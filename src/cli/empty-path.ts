/** What an unset variable leaves: the empty path would be the working directory. */
export function emptyPath(flag: string, paths: readonly string[] = []): readonly string[] {
  return paths.includes('') ? [`${flag}: the path is empty; name a file, or leave the flag out`] : [];
}
