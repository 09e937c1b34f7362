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

/** Reads what `kubectl get services -A -o json` printed; Namespace objects among it tell their labels. */
export async function loadInventory(path: string, cwd: string): Promise<Result<LoadedInventory, string>> {
  let text: string;
  try {
    text = await readFile(resolve(cwd, path), 'utf8');
  } catch (error) {
    return failed([`${path}: ${fileFault(error)}`]);
  }
  const documents = readManifests(text);
  if (!documents.ok) return failed(inFile(path, documents.problems));
  const services = servicesOf(documents.value);
  if (!services.ok) return failed(inFile(path, services.problems));
  return ok({ inventory: inventoryOf(services.value), namespaceLabels: namespaceLabelsOf(documents.value) });
}

function inFile(path: string, problems: readonly WireProblem[]): readonly string[] {
  return problems.map((problem) => `${path}: ${describeProblem(problem)}`);
}
