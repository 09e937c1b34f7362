import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { failed, ok, type Result } from '../domain/result.ts';
import type { Policy } from '../engine/policy.ts';
import { compilePolicy } from '../policy/compile.ts';
import type { SourceText } from '../policy/documents.ts';
import { formatProblem } from '../policy/problem.ts';
import { fileFault } from './file-fault.ts';

export interface LoadedPolicy {
  readonly policy: Policy;
  /** Lines for the operator. */
  readonly warnings: readonly string[];
}

const NO_DOCUMENTS = 'no *.yaml, *.yml or *.json file is in it; put the policy documents there';
const POLICY_FILE = /^[^.].*\.(?:ya?ml|json)$/;

/** The policy that comes with the gate, wherever it was started from. */
export function defaultPolicyPath(cwd: string): string {
  const path = fileURLToPath(new URL('../../manifests/policies/default.yaml', import.meta.url));
  const fromHere = relative(cwd, path);
  return fromHere.startsWith('..') || isAbsolute(fromHere) ? path : fromHere;
}

/** What the paths stand for. */
export interface PolicyFiles {
  readonly sources: readonly SourceText[];
  /** Paths that are not there or may not be read. */
  readonly unreadable: readonly string[];
  /** Directories without documents. */
  readonly empty: readonly string[];
}

/**
 * Reads policy documents. A directory stands for its *.yaml, *.yml and *.json files, by name, without subdirectories and
 * dot files (a mounted ConfigMap has some).
 */
export async function readPolicyFiles(paths: readonly string[], cwd: string): Promise<PolicyFiles> {
  const sources: SourceText[] = [];
  const unreadable: string[] = [];
  const empty: string[] = [];
  for (const path of paths) {
    try {
      const found = await readSources(path, cwd);
      sources.push(...found);
      if (found.length === 0) empty.push(`${path}: ${NO_DOCUMENTS}`);
    } catch (error) {
      unreadable.push(`${path}: ${fileFault(error)}`);
    }
  }
  return { sources, unreadable, empty };
}

/** Compiles what was read. Problems are lines, `FILE:LINE:COLUMN: …` where they have a place, all of them. */
export function compileFiles({ sources, unreadable, empty }: PolicyFiles): Result<LoadedPolicy, string> {
  const problems = [...unreadable, ...empty];
  if (sources.length === 0 && problems.length > 0) return failed(problems);
  const compiled = compilePolicy(sources, sha256);
  if (!compiled.ok) return failed([...problems, ...compiled.problems.map(formatProblem)]);
  if (problems.length > 0) return failed(problems);
  return ok({ policy: compiled.value.policy, warnings: compiled.value.warnings.map(formatProblem) });
}

async function readSources(path: string, cwd: string): Promise<readonly SourceText[]> {
  const place = resolve(cwd, path);
  if (!(await stat(place)).isDirectory()) return [{ file: path, text: await readFile(place, 'utf8') }];
  const names = (await readdir(place)).filter((name) => POLICY_FILE.test(name)).sort();
  return Promise.all(
    names.map(async (name) => ({ file: join(path, name), text: await readFile(join(place, name), 'utf8') })),
  );
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
