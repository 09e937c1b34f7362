import { resolve } from 'node:path';
import { readsWorkloads, skimFor } from '../check/relevance.ts';
import type { InputProblem, Locate } from '../domain/source.ts';
import type { Policy } from '../engine/policy.ts';
import { decodeManifest, type LocatedManifest, type ManifestFile, readManifestFile } from '../wire/manifest-file.ts';
import type { Skim } from '../wire/skim.ts';
import { type Input, type InputOptions, readInputs } from './inputs/read-inputs.ts';
import type { Io } from './io.ts';
import type { RunFlags } from './run-flags.ts';

/** One text that was read. */
export interface RunFile {
  readonly text: string;
  /** A file, a stream (standard input, `<(…)`), or what helm or kustomize made. */
  readonly kind: 'file' | 'stream' | 'rendered';
}

export interface ReadManifests {
  readonly manifests: readonly LocatedManifest[];
  /** Those that may still be asked for: for excerpts, fixes, and the workloads behind Services. */
  readonly files: ReadonlyMap<string, RunFile>;
  readonly problems: readonly InputProblem[];
  readonly skipped: number;
}

/** A line with anything but comments and the marks of documents. */
const CONTENT = /^(?![ \t]*(?:#|$)|---[ \t]*(?:#|$)|\.{3}[ \t]*(?:#|$))/m;

const STDIN_NAME = 'stdin';
const HERE = ['.'];

/** Reads the files, and of each only what may matter to the policy. */
export async function readManifests(
  paths: readonly string[],
  flags: RunFlags,
  policy: Policy,
  io: Io,
): Promise<ReadManifests> {
  const reading = startReading(flags, policy);
  const dumps = new Set((flags.inventory ?? []).map((path) => resolve(io.cwd, path)));
  for await (const found of readInputs(paths.length === 0 ? HERE : paths, inputOptions(flags), io)) {
    if ('message' in found) reading.problems.push(found);
    // What runs is no manifest, although a dump of it reads like one.
    else if (!found.isNamed && dumps.has(resolve(io.cwd, found.file))) continue;
    else readInput(found, reading);
  }
  return reading;
}

interface Reading {
  readonly skim: Skim;
  /** Whether texts without objects may be asked for again. */
  readonly keepsAll: boolean;
  readonly manifests: LocatedManifest[];
  readonly files: Map<string, RunFile>;
  readonly problems: InputProblem[];
  skipped: number;
}

function startReading({ everyService }: RunFlags, policy: Policy): Reading {
  const skim = skimFor(policy);
  return {
    skim: everyService === true ? { ...skim, serviceWords: 'all' } : skim,
    keepsAll: readsWorkloads(policy),
    manifests: [],
    files: new Map(),
    problems: [],
    skipped: 0,
  };
}

function inputOptions({ exclude = [], stdinFilename = STDIN_NAME, render = true, namespace }: RunFlags): InputOptions {
  return { exclude, stdinName: stdinFilename, render, namespace };
}

function readInput(input: Input, reading: Reading): void {
  const { file } = input;
  const kind = kindOf(input);
  const decoded = decodeManifest(file, input.bytes);
  if (!decoded.ok) {
    for (const problem of decoded.problems) reading.problems.push(relocated(problem, input));
    return;
  }
  const text = decoded.value;
  const read = readManifestFile(file, text, reading.skim);
  reading.skipped += read.skipped;
  for (const problem of [...read.problems, ...emptiness(read, text, input)]) {
    reading.problems.push(relocated(problem, input));
  }
  for (const manifest of read.manifests) reading.manifests.push(withPlaces(manifest, input));
  // `fix` passes a stream on, whatever is in it.
  if (reading.keepsAll || read.manifests.length > 0 || kind === 'stream') reading.files.set(file, { text, kind });
}

function kindOf({ isEditable, isNamed }: Input): RunFile['kind'] {
  if (isEditable) return 'file';
  return isNamed ? 'stream' : 'rendered';
}

/**
 * An empty pipe is a broken pipeline more often than an empty chart. Files without anything but comments are ordinary, and hooks name every
 * file that was changed.
 */
function emptiness(
  { manifests, skipped, problems }: ManifestFile,
  text: string,
  { file, isNamed, isEditable }: Input,
): readonly InputProblem[] {
  if (!isNamed || manifests.length + skipped + problems.length > 0) return [];
  if (!CONTENT.test(text) && (isEditable || text.trim() !== '')) return [];
  const message = 'there is no Kubernetes object in it; give it manifests, or leave it out';
  return [{ file, line: undefined, column: undefined, message }];
}

function withPlaces(manifest: LocatedManifest, { relocate }: Input): LocatedManifest {
  if (relocate === undefined) return manifest;
  const locate: Locate = (path) => relocate(manifest.locate(path));
  return { ...manifest, locate };
}

function relocated(problem: InputProblem, { relocate }: Input): InputProblem {
  const { line, column } = problem;
  if (relocate === undefined || line === undefined || column === undefined) return problem;
  const region = relocate({ file: problem.file, line, column, endLine: line, endColumn: column + 1 });
  return { ...problem, file: region.file, line: region.line, column: region.column };
}
