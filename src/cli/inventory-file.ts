import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Inventory, inventoryOf } from '../domain/inventory.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import type { Labels } from '../domain/selection.ts';
import { namespaceLabelsOf, readManifests, servicesOf } from '../wire/manifests.ts';
import { describeProblem, type WireProblem } from '../wire/problem.ts';
import { fileFault } from './file-fault.ts';

export interface LoadedInventory {
  readonly inventory: Inventory;
  readonly namespaceLabels: ReadonlyMap<string, Labels>;
}

const HOW_TO_MAKE = 'make it with kubectl get services -A -o json';

/** Reads what `kubectl get services -A -o json` printed; Namespace objects among it tell their labels. */
export async function loadInventory(path: string, cwd: string): Promise<Result<LoadedInventory, string>> {
  let text: string;
  try {
    text = await readFile(resolve(cwd, path), 'utf8');
  } catch (error) {
    return failed([`${path}: ${fileFault(error)}`]);
  }
  if (text.trim() === '') return failed([`${path}: the file is empty; ${HOW_TO_MAKE}`]);
  const documents = readManifests(text);
  if (!documents.ok) return failed(inFile(path, documents.problems.map(adviceForDump)));
  const { length } = documents.value;
  if (length > 0 && !documents.value.some(({ kind }) => kind === 'Service')) {
    const count = `${length} ${length === 1 ? 'object' : 'objects'}`;
    return failed([`${path}: there is no Service among ${count}; ${HOW_TO_MAKE}`]);
  }
  const services = servicesOf(documents.value);
  if (!services.ok) return failed(inFile(path, services.problems));
  return ok({ inventory: inventoryOf(services.value), namespaceLabels: namespaceLabelsOf(documents.value) });
}

/** The reader's advice is for manifests that somebody wrote, and sends them to a door; this file comes from kubectl. */
function adviceForDump({ path, message }: WireProblem): WireProblem {
  const end = message.lastIndexOf('; ');
  return { path, message: `${end < 0 ? message : message.slice(0, end)}; ${HOW_TO_MAKE}` };
}

function inFile(path: string, problems: readonly WireProblem[]): readonly string[] {
  return problems.map((problem) => `${path}: ${describeProblem(problem)}`);
}
