import { resolve } from 'node:path';
import { type Inventory, inventoryOf, unionOf } from '../domain/inventory.ts';
import { failed, ok, problemsOf, type Result } from '../domain/result.ts';
import type { Labels } from '../domain/selection.ts';
import type { Service } from '../domain/service.ts';
import { guardStored } from '../wire/json-guard.ts';
import { namespaceLabelsOf, readManifests, servicesOf } from '../wire/manifests.ts';
import { describeProblem, type WireProblem } from '../wire/problem.ts';
import { readText } from './read-text.ts';

export interface LoadedInventory {
  /** As it was given. */
  readonly path: string;
  readonly services: readonly Service[];
  readonly inventory: Inventory;
  readonly namespaceLabels: ReadonlyMap<string, Labels>;
}

/** Several dumps as one. */
export interface LoadedInventories extends Pick<LoadedInventory, 'inventory' | 'namespaceLabels'> {
  readonly dumps: readonly LoadedInventory[];
}

/** Where the reader stopped; in a file this is written as terminals and editors open it. */
const PLACE = /^line (\d+), column (\d+)$/;

const HOW_TO_MAKE = 'make it with kubectl get services -A -o json';

/** Reads what `kubectl get services -A -o json` printed; Namespace objects among it tell their labels. */
async function loadInventory(path: string, cwd: string): Promise<Result<LoadedInventory, string>> {
  const content = await readText(path, resolve(cwd, path));
  if (!content.ok) return content;
  const text = content.value;
  if (text.trim() === '') return failed([`${path}: the file is empty; ${HOW_TO_MAKE}`]);
  const documents = readManifests(text, guardStored);
  if (!documents.ok) return failed(inFile(path, documents.problems.map(adviceForDump)));
  const { length } = documents.value;
  if (length > 0 && !documents.value.some(({ object }) => object.kind === 'Service' || object.kind === 'Namespace')) {
    const count = `${length} ${length === 1 ? 'object' : 'objects'}`;
    return failed([`${path}: there is no Service among ${count}; ${HOW_TO_MAKE}`]);
  }
  const services = servicesOf(documents.value);
  if (!services.ok) return failed(inFile(path, services.problems));
  const namespaceLabels = namespaceLabelsOf(documents.value);
  return ok({ path, services: services.value, inventory: inventoryOf(services.value), namespaceLabels });
}

/** Whatever is held in any of them is held. Without any, nothing is. */
export async function loadInventories(
  paths: readonly string[],
  cwd: string,
): Promise<Result<LoadedInventories, string>> {
  const loaded = await Promise.all(paths.map((path) => loadInventory(path, cwd)));
  const problems = loaded.flatMap(problemsOf);
  if (problems.length > 0) return failed(problems);
  const dumps = loaded.flatMap((each) => (each.ok ? [each.value] : []));
  return ok({
    dumps,
    inventory: unionOf(dumps.map(({ inventory }) => inventory)),
    namespaceLabels: new Map(dumps.flatMap((dump) => [...dump.namespaceLabels])),
  });
}

/** The reader's advice is for manifests that somebody wrote, and sends them to a door; this file comes from kubectl. */
function adviceForDump({ path, message }: WireProblem): WireProblem {
  return { path, message: withAdvice(message, HOW_TO_MAKE) };
}

/** The same message with other advice. */
export function withAdvice(message: string, advice: string): string {
  const end = message.lastIndexOf('; ');
  return `${end < 0 ? message : message.slice(0, end)}; ${advice}`;
}

function inFile(file: string, problems: readonly WireProblem[]): readonly string[] {
  return problems.map(({ path, message }) => {
    const [, line, column] = PLACE.exec(path) ?? [];
    return line === undefined
      ? `${file}: ${describeProblem({ path, message })}`
      : `${file}:${line}:${column}: ${message}`;
  });
}
