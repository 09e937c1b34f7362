import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import type { Policy } from '../engine/policy.ts';
import { oneAtATime } from '../files/one-at-a-time.ts';
import { watchPaths, type WatchOptions } from '../files/watch-paths.ts';
import { compileFiles, type PolicyFiles, readPolicyFiles } from './policy-files.ts';

/** What became of documents that are not the ones examined before. */
export interface PolicyOutcome {
  /** `unchanged`: valid, and the same policy as the one in force, whatever its files look like now. */
  readonly result: 'loaded' | 'unchanged' | 'failed';
  /** Of the policy in force from now on; undefined while there has been no valid one. */
  readonly hash: string | undefined;
  /** Why the documents are not in force; empty unless failed. Lines for the operator. */
  readonly problems: readonly string[];
  /** About documents that are in force. Lines for the operator. */
  readonly warnings: readonly string[];
}

/** The policy in force, kept up to date from files. */
export interface PolicySource {
  /** undefined while no valid documents have been read. Replaced as a whole. */
  policy(): Policy | undefined;
  /** Why the newest documents are not in force; empty when they are. */
  problems(): readonly string[];
  /** What became of the documents it started with. */
  readonly first: PolicyOutcome;
  close(): void;
}

export interface PolicyWatch extends WatchOptions {
  /** What `readPolicyFiles` gave for the same paths. */
  readonly start: PolicyFiles;
  /** Called for every change of the documents after the start; must not throw. */
  onReload(outcome: PolicyOutcome): void;
}

/**
 * Compiles what was read at the start, then follows the files. Documents are compiled when their text has changed, one
 * reading at a time and the last state last. Any fault keeps the policy in force and is a problem until it is mended.
 */
export function watchPolicy(
  paths: readonly string[],
  cwd: string,
  { start, onReload, ...timing }: PolicyWatch,
): PolicySource {
  let inForce: Policy | undefined;
  let problems: readonly string[] = [];
  let examined = '';
  let isClosed = false;

  const take = (files: PolicyFiles): PolicyOutcome => {
    examined = fingerprint(files);
    const compiled = compileFiles(files);
    problems = compiled.ok ? [] : compiled.problems;
    if (!compiled.ok) return { result: 'failed', hash: inForce?.hash, problems, warnings: [] };
    const { policy, warnings } = compiled.value;
    const isSame = policy.hash === inForce?.hash;
    if (!isSame) inForce = policy;
    return { result: isSame ? 'unchanged' : 'loaded', hash: policy.hash, problems, warnings };
  };
  const refuse = (error: unknown): void => {
    const problem = `the policy documents made the gate fail (${String(error)}); undo the last change, and report it`;
    if (isClosed || problems.includes(problem)) return;
    problems = [problem];
    onReload({ result: 'failed', hash: inForce?.hash, problems, warnings: [] });
  };
  const look = oneAtATime(async () => {
    const files = await readPolicyFiles(paths, cwd);
    if (!isClosed && fingerprint(files) !== examined) onReload(take(files));
  }, refuse);

  const first = take(start);
  const watched = watchPaths(
    paths.map((path) => resolve(cwd, path)),
    look,
    timing,
  );
  // What happened between the reading and the watching.
  look();
  return {
    policy: () => inForce,
    problems: () => problems,
    first,
    close() {
      isClosed = true;
      watched.close();
    },
  };
}

/** So that the text of large documents need not be kept. */
function fingerprint(files: PolicyFiles): string {
  return createHash('sha256').update(JSON.stringify(files)).digest('base64');
}
