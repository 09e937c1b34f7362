import { createReadStream, fstatSync } from 'node:fs';
import { failed, type Result } from '../../domain/result.ts';
import type { InputProblem, SourceRegion } from '../../domain/source.ts';
import type { Io } from '../io.ts';
import { findInputs } from './find-inputs.ts';
import { inputFault, problemWith } from './input-fault.ts';
import type { DirectoryLead, FileLead, Lead } from './lead.ts';
import { readRegularFile } from './read-regular-file.ts';
import { readStream } from './read-stream.ts';
import type { PipedSearch } from './relocate.ts';
import type { Rendered } from './render.ts';

export interface InputOptions {
  /** Globs, relative to the working directory. */
  readonly exclude: readonly string[];
  /** What standard input is called. */
  readonly stdinName: string;
  /** Whether charts and kustomizations are rendered; else they are directories like any other. */
  readonly render: boolean;
  /** Whether a directory stands for what is in it; unless told otherwise, it does. */
  readonly entersDirectories?: boolean;
  /** For charts that ask. */
  readonly namespace?: string | undefined;
}

/** A text to read. A problem differs in having a message. */
export interface Input {
  /** As it is shown: see SourceRegion. */
  readonly file: string;
  readonly bytes: Uint8Array;
  /** Named by the user, not found in a directory, and not rendered: then it is odd if nothing is in it. */
  readonly isNamed: boolean;
  /** false for standard input and for what was rendered. */
  readonly isEditable: boolean;
  /** Where the regions of a rendered text lie in the files that it came from. Those are read when it is asked. */
  readonly relocate?: (region: SourceRegion) => SourceRegion;
}

type InputIo = Pick<Io, 'cwd' | 'env' | 'stdin'>;

/**
 * The texts that the PATH arguments of a command stand for: files, directories, globs, charts, kustomizations, and `-`. Each
 * file once, one at a time, always in the same order. What cannot be read is a problem in its place, never an exception.
 */
export async function* readInputs(
  paths: readonly string[],
  options: InputOptions,
  io: InputIo,
): AsyncGenerator<Input | InputProblem, void> {
  const leads = findInputs(paths, options, io.cwd);
  // Most runs have nothing to render, and what it takes costs a third of a start.
  const render = leads.some(isRendered) ? await import('./render.ts') : undefined;
  const pipes: Pipes = { cwd: io.cwd };
  for (const lead of render?.topmost(leads) ?? leads) {
    if (lead.kind === 'problem') yield lead.problem;
    else if (lead.kind === 'file') yield fileOf(lead);
    else if (lead.kind === 'stdin') yield await pipedIn(options.stdinName, io.stdin(), pipes);
    else if (lead.kind === 'descriptor') yield await pipedIn(lead.shown, openDescriptor(lead.fd), pipes);
    else if (render !== undefined) {
      const { cwd, env } = io;
      yield renderedFrom(lead, await render.render(lead, { cwd, env, namespace: options.namespace }));
    }
  }
}

function isRendered({ kind }: Lead): boolean {
  return kind === 'chart' || kind === 'kustomization';
}

function fileOf({ place, isNamed }: FileLead): Input | InputProblem {
  const read = readRegularFile(place.path);
  if (!read.ok) return problemWith(place.shown, read.problems.join(', '));
  return { file: place.shown, bytes: read.value, isNamed, isEditable: true };
}

function renderedFrom({ place }: DirectoryLead, outcome: Rendered | InputProblem): Input | InputProblem {
  if ('message' in outcome) return outcome;
  return { file: place.shown, bytes: outcome.bytes, relocate: outcome.relocate, isNamed: false, isEditable: false };
}

/** What all pipes of a run share. */
interface Pipes {
  readonly cwd: string;
  /** Where templates are looked for, once one was named. */
  search?: PipedSearch;
}

async function pipedIn(
  file: string,
  source: AsyncIterable<Uint8Array> | string,
  pipes: Pipes,
): Promise<Input | InputProblem> {
  const read: Result<Uint8Array, string> = typeof source === 'string' ? failed([source]) : await readStream(source);
  if (!read.ok) return problemWith(file, read.problems.join(', '));
  const input = { file, bytes: read.value, isNamed: true, isEditable: false };
  // `helm template . | nodeport-gate check -`
  if (!Buffer.from(read.value.buffer, read.value.byteOffset, read.value.length).includes('# Source: ')) return input;
  const { relocatePiped, searchFrom } = await import('./relocate.ts');
  pipes.search ??= searchFrom(pipes.cwd);
  return { ...input, relocate: relocatePiped(read.value, pipes.search) };
}

/** Or why there is nothing to read from it. Opening its name again would not do: a socket has none. */
function openDescriptor(fd: number): AsyncIterable<Uint8Array> | string {
  try {
    const stat = fstatSync(fd);
    const isReadable = stat.isFIFO() || stat.isFile() || stat.isSocket();
    if (!isReadable) return 'this is no pipe; name a file, or pipe its content in and name - as the path';
    return createReadStream('', { fd, autoClose: false });
  } catch (error) {
    return inputFault(error);
  }
}
