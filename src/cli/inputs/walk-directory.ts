import { type Dirent, readdirSync, realpathSync, statSync } from 'node:fs';
import { anyOf, compareText } from '../../domain/text.ts';
import { inputFault, problemWith } from './input-fault.ts';
import type { DirectoryLead, FileLead, Lead, Search } from './lead.ts';
import { type Place, placeIn } from './place.ts';
import { unreadable } from './read-regular-file.ts';

const MANIFEST_NAME = /^[^.].*\.(?:ya?ml|json|jsonl|ndjson)$/is;
export const MANIFEST_NAMES = anyOf(['*.yaml', '*.yml', '*.json', '*.jsonl', '*.ndjson']);

export const CHART_FILE = 'Chart.yaml';
/** As kustomize knows them. */
export const KUSTOMIZATION_FILES: readonly string[] = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/** Whether a file that nobody named is taken for manifests. Hidden ones belong to tools: `.gitlab-ci.yml`. */
export function isManifestName(path: string): boolean {
  return MANIFEST_NAME.test(path.slice(path.lastIndexOf('/') + 1));
}

/** Directories that hold what others wrote, and tools' own. */
export function isPassedBy(name: string): boolean {
  return name.startsWith('.') || name === 'node_modules';
}

interface Walk extends Search {
  readonly leads: Lead[];
  /** Manifests, charts and kustomizations there, found before or excluded ones included. */
  count: number;
}

/**
 * The manifests below a directory, by name. Where a chart or kustomization is, that is found in their place: a template is
 * no manifest, and what a kustomization lists may only be one after it was patched.
 *
 * Symbolic links to files are followed; those to directories are not, as with kubectl, find and git: what they lead to is
 * found where it is, or belongs to somebody else (`bazel-out`, `result`), and there can be no circles.
 */
export function walkDirectory(
  root: Place,
  isNamed: boolean,
  search: Search,
): { readonly leads: readonly Lead[]; readonly count: number } {
  const walk: Walk = { ...search, leads: [], count: 0 };
  visit(root, { isNamed, isRendered: false }, walk);
  return walk;
}

interface Visit {
  readonly isNamed: boolean;
  /** Within a kustomization: plain files are its own affair. */
  readonly isRendered: boolean;
}

function visit(directory: Place, { isNamed, isRendered }: Visit, walk: Walk): void {
  const entries = entriesOf(directory, walk);
  const kind = walk.render ? kindOf(entries) : undefined;
  if (kind !== undefined) {
    walk.count += 1;
    add({ kind, place: directory, isNamed }, walk);
  }
  if (kind === 'chart') return;
  const isWithin = isRendered || kind === 'kustomization';
  for (const entry of entries) {
    if (entry.isDirectory()) enter(directory, entry.name, isWithin, walk);
    else if (!isWithin && isManifestName(entry.name)) meet(directory, entry, walk);
  }
}

function enter(directory: Place, name: string, isRendered: boolean, walk: Walk): void {
  if (isPassedBy(name)) return;
  const place = placeIn(directory, name);
  if (walk.isExcluded(place.shown)) walk.count += 1;
  else visit(place, { isNamed: false, isRendered }, walk);
}

function entriesOf(directory: Place, walk: Walk): readonly Dirent[] {
  try {
    return readdirSync(directory.path, { withFileTypes: true }).sort((a, b) => compareText(a.name, b.name));
  } catch (error) {
    refuse(directory, inputFault(error), walk);
    return [];
  }
}

function kindOf(entries: readonly Dirent[]): 'chart' | 'kustomization' | undefined {
  let kind: 'kustomization' | undefined;
  for (const entry of entries) {
    if (entry.isDirectory()) continue;
    if (entry.name === CHART_FILE) return 'chart';
    if (KUSTOMIZATION_FILES.includes(entry.name)) kind = 'kustomization';
  }
  return kind;
}

function meet(directory: Place, entry: Dirent, walk: Walk): void {
  walk.count += 1;
  const place = placeIn(directory, entry.name);
  if (walk.isExcluded(place.shown)) return;
  if (entry.isFile()) add({ kind: 'file', place, isNamed: false }, walk);
  else follow(place, walk);
}

/** A link, or what must not be opened before it is known for a file: a FIFO would not answer. */
function follow(place: Place, walk: Walk): void {
  try {
    const real = realpathSync.native(place.path);
    const stat = statSync(real);
    if (stat.isDirectory()) return;
    const fault = unreadable(stat);
    if (fault === undefined) add({ kind: 'file', place: { ...place, real }, isNamed: false }, walk);
    else refuse(place, fault, walk);
  } catch (error) {
    const isDangling = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    refuse(place, isDangling ? 'this link leads to nothing; correct or remove it' : inputFault(error), walk);
  }
}

function add(lead: FileLead | DirectoryLead, { leads, seen }: Walk): void {
  if (seen.has(lead.place.real)) return;
  seen.add(lead.place.real);
  leads.push(lead);
}

function refuse({ shown }: Place, message: string, walk: Walk): void {
  walk.count += 1;
  walk.leads.push({ kind: 'problem', problem: problemWith(shown, message) });
}
