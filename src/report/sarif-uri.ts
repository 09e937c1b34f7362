/** The name that stands for the root of the repository. */
export const SOURCE_ROOT = '%SRCROOT%';

/** A file as SARIF names it: percent-encoded, below the root unless it is absolute or lies outside. */
export function artifactLocation(file: string): { readonly uri: string; readonly uriBaseId?: typeof SOURCE_ROOT } {
  const segments = file.split('/').filter((segment) => segment !== '.' && segment !== '');
  const path = segments.map(encoded).join('/');
  if (file.startsWith('/')) return { uri: `file:///${path}` };
  if (path === '') return { uri: '.' };
  return segments[0] === '..' ? { uri: path } : { uri: path, uriBaseId: SOURCE_ROOT };
}

/** File names that are no Unicode get U+FFFD for what is wrong in them: a URI cannot say it. */
function encoded(segment: string): string {
  return encodeURIComponent(segment.toWellFormed());
}
