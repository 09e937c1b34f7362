import { failed, ok, type Result } from '../domain/result.ts';
import { DUMP_COMMAND, type Snapshot } from '../domain/snapshot.ts';
import type { InputProblem } from '../domain/source.ts';
import { counted } from '../domain/text.ts';
import { describeProblemAt } from '../report/problem-line.ts';
import { guardStored } from '../wire/json-guard.ts';
import { decodeManifest, type LocatedManifest, readManifestFile } from '../wire/manifest-file.ts';
import { readSnapshot, type SnapshotReading } from '../wire/snapshot.ts';
import { contradictions } from './contradictions.ts';
import { problemWith } from './inputs/input-fault.ts';
import { type Input, readInputs } from './inputs/read-inputs.ts';
import { withAdvice } from './inventory-file.ts';
import type { Io } from './io.ts';

const HOW_TO_MAKE = `make it with ${DUMP_COMMAND}`;

const STDIN = 'stdin';
const INPUT_OPTIONS = { exclude: [], stdinName: STDIN, render: false, entersDirectories: false };

/**
 * What the dumps say together: of one cluster, perhaps each kind in a file of its own. Fails when there is no Service in any,
 * for no cluster is without one; what cannot be read beside that is among the problems.
 */
export async function readDumps(paths: readonly string[], io: Io): Promise<Result<SnapshotReading, string>> {
  const { snapshot, problems, objects, clashes } = await readAll(paths, io);
  if (clashes.length > 0) return failed(clashes);
  if (snapshot.services.length > 0) return ok({ snapshot, problems });
  return failed(problems.length > 0 ? problems.map(describeProblemAt) : [withoutService(paths, objects)]);
}

/**
 * What one dump says, read once, so that it may be a pipe. Fails when anything in it cannot be read: whoever goes by it
 * would take what is held for free. It may be of a cluster that is still to be filled.
 */
export async function readWholeDump(path: string, io: Io): Promise<Result<Snapshot, string>> {
  const { snapshot, problems, objects, clashes } = await readAll([path], io);
  if (problems.length + clashes.length > 0) return failed([...clashes, ...problems.map(describeProblemAt)]);
  const isDump = objects === 0 || snapshot.services.length > 0 || snapshot.namespaceLabels.size > 0;
  return isDump ? ok(snapshot) : failed([withoutService([path], objects)]);
}

function withoutService(paths: readonly string[], objects: number): string {
  const among = objects === 0 ? 'in it' : `among ${counted(objects, 'object')}`;
  const names = paths.map((path) => (path === '-' ? STDIN : path));
  return `${names.join(', ')}: there is no Service ${among}; ${HOW_TO_MAKE}`;
}

interface DumpReading extends SnapshotReading {
  /** How many there were, of whatever kind. */
  readonly objects: number;
  /** Why they are not of one cluster. */
  readonly clashes: readonly string[];
}

async function readAll(paths: readonly string[], io: Io): Promise<DumpReading> {
  const manifests: LocatedManifest[] = [];
  const problems: InputProblem[] = [];
  for await (const found of readInputs(paths, INPUT_OPTIONS, io)) {
    const read = 'message' in found ? { manifests: [], problems: [found] } : readDump(found);
    for (const manifest of read.manifests) manifests.push(manifest);
    problems.push(...read.problems);
  }
  const { snapshot, problems: unread } = readSnapshot(manifests);
  return {
    snapshot,
    problems: [...problems, ...unread],
    objects: manifests.length,
    clashes: contradictions(manifests),
  };
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
  const { manifests, problems } = readManifestFile(file, text.value, () => true, guardStored);
  return {
    manifests,
    problems: problems.map((problem) => ({ ...problem, message: withAdvice(problem.message, HOW_TO_MAKE) })),
  };
}
