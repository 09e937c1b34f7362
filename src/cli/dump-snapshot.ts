import { failed, ok, type Result } from '../domain/result.ts';
import type { InputProblem } from '../domain/source.ts';
import { counted } from '../domain/text.ts';
import { describeProblemAt } from '../report/problem-line.ts';
import { decodeManifest, type LocatedManifest, readManifestFile } from '../wire/manifest-file.ts';
import { readSnapshot, type SnapshotReading } from '../wire/snapshot.ts';
import { problemWith } from './inputs/input-fault.ts';
import { type Input, readInputs } from './inputs/read-inputs.ts';
import { withAdvice } from './inventory-file.ts';
import type { Io } from './io.ts';

const HOW_TO_MAKE = 'make it with kubectl get services,endpointslices,nodes,pods,namespaces -A -o json';

const STDIN = 'stdin';
const INPUT_OPTIONS = { exclude: [], stdinName: STDIN, render: false };

/**
 * What the dumps say together: of one cluster, perhaps each kind in a file of its own. Fails when there is no Service in any,
 * for no cluster is without one; what cannot be read beside that is among the problems.
 */
export async function readDumps(paths: readonly string[], io: Io): Promise<Result<SnapshotReading, string>> {
  const manifests: LocatedManifest[] = [];
  const problems: InputProblem[] = [];
  for await (const found of readInputs(paths, INPUT_OPTIONS, io)) {
    const read = 'message' in found ? { manifests: [], problems: [found] } : readDump(found);
    for (const manifest of read.manifests) manifests.push(manifest);
    problems.push(...read.problems);
  }
  const { snapshot, problems: unread } = readSnapshot(manifests);
  const all = [...problems, ...unread];
  if (snapshot.services.length > 0) return ok({ snapshot, problems: all });
  if (all.length > 0) return failed(all.map(describeProblemAt));
  const among = manifests.length === 0 ? 'in it' : `among ${counted(manifests.length, 'object')}`;
  const names = paths.map((path) => (path === '-' ? STDIN : path));
  return failed([`${names.join(', ')}: there is no Service ${among}; ${HOW_TO_MAKE}`]);
}

function readDump({ file, bytes }: Input): {
  readonly manifests: readonly LocatedManifest[];
  readonly problems: readonly InputProblem[];
} {
  const text = decodeManifest(file, bytes);
  if (!text.ok) return { manifests: [], problems: text.problems };
  if (text.value.trim() === '') {
    return { manifests: [], problems: [problemWith(file, `this is empty; ${HOW_TO_MAKE}`)] };
  }
  const { manifests, problems } = readManifestFile(file, text.value, () => true);
  return {
    manifests,
    problems: problems.map((problem) => ({ ...problem, message: withAdvice(problem.message, HOW_TO_MAKE) })),
  };
}
