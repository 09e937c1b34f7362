import { createHash } from 'node:crypto';
import { lstat, readdir, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isAbsent } from '../files/is-absent.ts';
import { readSettled } from '../files/read-settled.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import type { Policy } from '../engine/policy.ts';
import { compilePolicy } from '../policy/compile.ts';
import type { SourceText } from '../policy/documents.ts';
import { formatProblem } from '../policy/problem.ts';
import { fileFault } from './file-fault.ts';
import { readText } from './read-text.ts';

export interface LoadedPolicy {
  readonly policy: Policy;
  /** Lines for the operator. */
  readonly warnings: readonly string[];
  /** Lines for whoever writes the policy. */
  advice(): readonly string[];
}

const NO_DOCUMENTS = 'no *.yaml, *.yml or *.json file is in it; put the policy documents there';
const POLICY_FILE = /^[^.].*\.(?:ya?ml|json)$/;

const NOTHING: PolicyFiles = { sources: [], unreadable: [], empty: [] };

/** The policy that comes with the gate, wherever it was started from. */
export function defaultPolicyPath(cwd: string): string {
  const path = fileURLToPath(new URL('../../manifests/policies/default.yaml', import.meta.url));
  const fromHere = relative(cwd, path);
  return fromHere.startsWith('..') || isAbsolute(fromHere) ? path : fromHere;
}

/** What the paths stand for. */
export interface PolicyFiles {
  readonly sources: readonly SourceText[];
  /** Paths, or files of a directory, that are not there or may not be read. */
  readonly unreadable: readonly string[];
  /** Directories without documents. */
  readonly empty: readonly string[];
}

/**
 * Reads policy documents. A directory stands for its *.yaml, *.yml and *.json files, by name, without subdirectories and
 * dot files. Of a mounted ConfigMap, all are of one version.
 */
export async function readPolicyFiles(paths: readonly string[], cwd: string): Promise<PolicyFiles> {
  const places = paths.map((path) => resolve(cwd, path));
  return readSettled(places, async (roots) => {
    const found = await Promise.all(paths.map((path, index) => readPath(path, roots[index] ?? path)));
    return {
      sources: found.flatMap(({ sources }) => sources),
      unreadable: found.flatMap(({ unreadable }) => unreadable),
      empty: found.flatMap(({ empty }) => empty),
    };
  });
}

/** Compiles what was read. Problems are lines, `FILE:LINE:COLUMN: …` where they have a place, all of them. */
export function compileFiles({ sources, unreadable, empty }: PolicyFiles): Result<LoadedPolicy, string> {
  const problems = [...unreadable, ...empty];
  if (sources.length === 0 && problems.length > 0) return failed(problems);
  const compiled = compilePolicy(sources, sha256);
  if (!compiled.ok) return failed([...problems, ...compiled.problems.map(formatProblem)]);
  if (problems.length > 0) return failed(problems);
  const { policy, warnings, advice } = compiled.value;
  return ok({ policy, warnings: warnings.map(formatProblem), advice: () => advice().map(formatProblem) });
}

async function readPath(path: string, root: string): Promise<PolicyFiles> {
  try {
    if ((await stat(root)).isDirectory()) return await readDirectory(path, root);
    const text = await readText(path, root);
    return text.ok
      ? { ...NOTHING, sources: [{ file: path, text: text.value }] }
      : { ...NOTHING, unreadable: text.problems };
  } catch (error) {
    return { ...NOTHING, unreadable: [`${path}: ${fileFault(error)}`] };
  }
}

async function readDirectory(path: string, root: string): Promise<PolicyFiles> {
  const names = (await readdir(root)).filter((name) => POLICY_FILE.test(name)).sort();
  const read = await Promise.all(names.map((name) => readEntry(join(path, name), join(root, name))));
  const found = read.filter((entry) => entry !== undefined);
  return {
    sources: found.filter((entry) => typeof entry !== 'string'),
    unreadable: found.filter((entry) => typeof entry === 'string'),
    empty: found.length === 0 ? [`${path}: ${NO_DOCUMENTS}`] : [],
  };
}

/** The document, why there is none, or undefined where the file was removed after the directory had been listed. */
async function readEntry(file: string, place: string): Promise<SourceText | string | undefined> {
  try {
    // Opening a named pipe would wait for its writer, for ever.
    const kind = await stat(place);
    if (!kind.isFile() && !kind.isDirectory()) return `${file}: this is no regular file; remove it`;
    const text = await readText(file, place);
    if (!text.ok && !(await isListed(place))) return undefined;
    return text.ok ? { file, text: text.value } : text.problems.join('; ');
  } catch (error) {
    return isAbsent(error) && !(await isListed(place)) ? undefined : `${file}: ${fileFault(error)}`;
  }
}

/** Also as a symbolic link that leads nowhere. */
async function isListed(place: string): Promise<boolean> {
  try {
    await lstat(place);
    return true;
  } catch {
    return false;
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
