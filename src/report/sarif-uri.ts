import type { ReportedObject } from './verdict-list.ts';

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

/** `shop/Service/web`: an object of a cluster, as far as it has names. */
export function objectPath({ namespace = '', kind, name, generateName = '' }: ReportedObject): readonly string[] {
  return [namespace, kind, name ?? generateName].filter((part) => part !== '');
}

/** The same as a URI: of no file, so it is relative to no root. */
export function objectLocation(object: ReportedObject): { readonly uri: string } {
  const path = objectPath(object).map(encoded).join('/');
  return { uri: path === '' ? '.' : path };
}

/** File names that are no Unicode get U+FFFD for what is wrong in them: a URI cannot say it. */
function encoded(segment: string): string {
  return encodeURIComponent(segment.toWellFormed());
}
