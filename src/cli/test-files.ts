import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { compareText } from '../domain/text.ts';
import type { SourceText } from '../policy/documents.ts';
import { decodeManifest } from '../wire/manifest-file.ts';
import { fileFault } from './file-fault.ts';
import { readRegularFile } from './inputs/read-regular-file.ts';
import { isPassedBy } from './inputs/walk-directory.ts';

const TEST_FILE = /^(?!\.)(?:.*[.-])?test\.(?:ya?ml|json)$/;

/** What test files are called, for messages. */
const TEST_FILE_NAMES = '*.test.yaml';

export interface TestFiles {
  readonly sources: readonly SourceText[];
  readonly problems: readonly string[];
}

/** The files as they are named; of a directory, and of those in it, what is called `*.test.yaml`, `test.yaml` or `*-test.yaml`. */
export async function readTestFiles(paths: readonly string[], cwd: string): Promise<TestFiles> {
  const sources: SourceText[] = [];
  const problems: string[] = [];
  for (const path of paths) {
    const found = await findTestFiles(path, cwd);
    if ('problem' in found) problems.push(found.problem);
    else for (const file of found.files) add(readText(file, cwd), { sources, problems });
  }
  return { sources, problems };
}

function add(read: SourceText | string, to: { readonly sources: SourceText[]; readonly problems: string[] }): void {
  if (typeof read === 'string') to.problems.push(read);
  else if (to.sources.every(({ file }) => file !== read.file)) to.sources.push(read);
}

/** The file, or why there is none. */
export function readText(file: string, cwd: string): SourceText | string {
  const bytes = readRegularFile(resolve(cwd, file));
  if (!bytes.ok) return `${file}: ${bytes.problems.join('; ')}`;
  const text = decodeManifest(file, bytes.value);
  return text.ok ? { file, text: text.value } : `${file}: ${text.problems.map(({ message }) => message).join('; ')}`;
}

async function findTestFiles(
  path: string,
  cwd: string,
): Promise<{ readonly files: readonly string[] } | { readonly problem: string }> {
  try {
    if (!(await stat(resolve(cwd, path))).isDirectory()) return { files: [path] };
    const files = await filesBelow(path, cwd);
    if (files.length > 0) return { files };
    return {
      problem: `${path}: no ${TEST_FILE_NAMES} file is in it or below; write tests (docs/policy-tests.md), or name their files`,
    };
  } catch (error) {
    return { problem: `${path}: ${fileFault(error)}` };
  }
}

async function filesBelow(directory: string, cwd: string): Promise<readonly string[]> {
  const entries = await readdir(resolve(cwd, directory), { withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries.sort((a, b) => compareText(a.name, b.name))) {
    const path = join(directory, entry.name);
    if (!entry.isDirectory()) {
      if (TEST_FILE.test(entry.name)) found.push(path);
    } else if (!isPassedBy(entry.name)) {
      found.push(...(await filesBelow(path, cwd)));
    }
  }
  return found;
}
