import { realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isJsonObject, type Json, type JsonObject, own } from '../../domain/json.ts';
import { readYamlDocuments } from '../../wire/yaml-documents.ts';
import { MANIFEST_YAML } from '../../wire/yaml-dialects.ts';
import { readRegularFile } from './read-regular-file.ts';
import { CHART_FILE } from './walk-directory.ts';

/** What a kustomization is for others. */
interface Kustomization {
  /** Only of use in another one. */
  readonly isComponent: boolean;
  /** Real paths of what it is made of. */
  readonly references: readonly string[];
}

/** Longer ones are not looked into: nobody writes them, and kustomize will say what is wrong. */
const LONGEST_LOOK = 1_048_576;

const REFERRING = ['resources', 'bases', 'components'];

/** Tolerant: what cannot be read refers to nothing; kustomize will say why. */
export function readKustomization(directory: string, fileNames: readonly string[]): Kustomization {
  const documents = fileNames.flatMap((name) => readObject(join(directory, name)));
  const listed = documents.flatMap((document) => REFERRING.flatMap((field) => own(document, field) ?? []));
  return {
    isComponent: documents.some((document) => own(document, 'kind') === 'Component'),
    references: listed.flatMap((item) => (typeof item === 'string' ? realPath(resolve(directory, item)) : [])),
  };
}

/** A chart that only has templates for others cannot be rendered. */
export function isLibraryChart(directory: string): boolean {
  return readChart(directory).some((chart) => own(chart, 'type') === 'library');
}

/** What a chart says about itself; empty where it cannot be read. */
export function readChart(directory: string): readonly JsonObject[] {
  return readObject(join(directory, CHART_FILE));
}

/**
 * Which of the kustomizations stand for themselves: those that no other one is made of, as a base is never applied alone.
 * Where they refer to each other in a circle, the first of them does: kustomize says so then.
 */
export function topmostOf(all: ReadonlyMap<string, Kustomization>): ReadonlySet<string> {
  const candidates = Array.from(all).flatMap(([path, { isComponent }]) => (isComponent ? [] : [path]));
  const referenced = new Set(
    Array.from(all).flatMap(([path, { references }]) => references.filter((reference) => reference !== path)),
  );
  const chosen = new Set<string>();
  const covered = new Set<string>();
  for (const path of [...candidates.filter((each) => !referenced.has(each)), ...candidates]) {
    if (covered.has(path)) continue;
    chosen.add(path);
    cover(path, all, covered);
  }
  return chosen;
}

function cover(from: string, all: ReadonlyMap<string, Kustomization>, covered: Set<string>): void {
  const waiting = [from];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (covered.has(path)) continue;
    covered.add(path);
    waiting.push(...(all.get(path)?.references ?? []));
  }
}

function readObject(path: string): readonly JsonObject[] {
  const read = readRegularFile(path);
  if (!read.ok || read.value.length > LONGEST_LOOK) return [];
  const { documents } = readYamlDocuments(new TextDecoder().decode(read.value), MANIFEST_YAML);
  return documents.map(({ value }): Json => value).filter(isJsonObject);
}

function realPath(path: string): readonly string[] {
  try {
    return [realpathSync.native(path)];
  } catch {
    // A URL, or something that is not there.
    return [];
  }
}
