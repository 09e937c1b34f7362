import type { Path } from '../../src/domain/path.ts';
import type { Edit } from '../../src/fix/apply-fixes.ts';
import { readManifestFile } from '../../src/wire/manifest-file.ts';

type Extent = Edit['extent'];

/** Of the Services in a text, in order, as the manifest reader gives them. */
export function serviceExtents(text: string): readonly Extent[] {
  const skim = { serviceWords: 'all', workloadWords: [], namespaces: false, workloads: false } as const;
  const { manifests, problems } = readManifestFile('manifest', text, skim);
  if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join(', '));
  return manifests.filter(({ kind }) => kind === 'Service').map(({ extent }) => extent);
}

/** The same for text that need not be Services: cut at `---`. */
export function documentExtents(text: string): readonly Extent[] {
  const starts = [0, ...[...text.matchAll(/^---/gm)].map(({ index }) => index).filter((start) => start > 0)];
  return starts.map((start, index) => ({ start, end: starts[index + 1] ?? text.length, root: [] }));
}

/** `spec.ports.0.nodePort` as a path. */
function pathOf(text: string): Path {
  return text.split('.').map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}

export interface Asked {
  /** Of the extents, from 0. */
  readonly document?: number;
  readonly fixes: Readonly<Record<string, string | number | boolean | undefined>>;
}

export function editsOf(extents: readonly Extent[], asked: readonly Asked[]): readonly Edit[] {
  return asked.map(({ document = 0, fixes }) => {
    const extent = extents[document];
    if (extent === undefined) throw new Error(`no document ${document}`);
    return { extent, fixes: Object.entries(fixes).map(([path, value]) => ({ path: pathOf(path), value })) };
  });
}
