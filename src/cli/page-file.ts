import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAbsent } from '../files/is-absent.ts';

/**
 * The page, without a map in it. The package brings it along, one folder above this file; a checkout, where nothing is
 * built, makes it.
 */
export async function loadPage(): Promise<string> {
  try {
    return await readFile(join(import.meta.dirname, '../page.html'), 'utf8');
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
  const { buildPage } = await import('../../build/page.ts');
  return buildPage();
}
