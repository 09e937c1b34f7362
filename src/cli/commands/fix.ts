import { resolve } from 'node:path';
import type { RunItem } from '../../check/run.ts';
import type { Finding, Fix } from '../../domain/finding.ts';
import { sameJson } from '../../domain/json.ts';
import type { ObjectRef } from '../../domain/object-ref.ts';
import { formatPath } from '../../domain/path.ts';
import { formatRef } from '../../domain/service.ts';
import { counted, printable } from '../../domain/text.ts';
import { applyFixes } from '../../fix/apply-fixes.ts';
import { unifiedDiff } from '../../fix/unified-diff.ts';
import { describeProblemAt } from '../../report/problem-line.ts';
import { placeText } from '../../report/remarks.ts';
import { namespaceFault } from '../flag-faults.ts';
import { complain } from '../complain.ts';
import type { ExitCode, Io } from '../io.ts';
import type { RunFile } from '../manifest-files.ts';
import { openRun } from '../manifest-run.ts';
import { replaceFile } from '../replace-file.ts';
import type { RunFlags } from '../run-flags.ts';

export interface FixFlags extends RunFlags {
  readonly dryRun?: boolean;
}

/** One text with everything that is to be written into it. */
interface Task {
  readonly file: string;
  readonly content: RunFile;
  readonly items: readonly RunItem[];
}

/** What became of a task. */
interface Outcome {
  readonly file: string;
  readonly changes: number;
  /** Lines about what has to be done by hand. */
  readonly left: readonly string[];
}

interface Mode {
  readonly isDryRun: boolean;
  /** Something could not be read. */
  readonly isUnread: boolean;
}

/**
 * Writes missing node ports, and what findings offer, into the manifests. What the author wrote is never overridden. With
 * `--dry-run` the diff goes to standard output and nothing is written; what came through a stream goes there as it should be.
 */
export async function fix(paths: readonly string[], flags: FixFlags, io: Io): Promise<ExitCode> {
  const faults = namespaceFault(flags.namespace);
  if (faults.length > 0) return complain(io, faults);
  const run = await openRun(paths, flags, io);
  if (!run.ok) return complain(io, run.problems);
  const { files, problems, remarks } = run.value;
  complain(io, remarks);
  const items = run.value.judge(new Set());
  const mode = { isDryRun: flags.dryRun === true, isUnread: problems.length > 0 };
  const outcomes: Outcome[] = [];
  for (const task of tasksOf(items, files)) outcomes.push(await carryOut(task, mode, io));
  complain(io, problems.map(describeProblemAt));
  const refused = outcomes.flatMap(({ left }) => left);
  const moved = new Set(outcomes.flatMap(({ file, changes }) => (changes > 0 && !mode.isDryRun ? [file] : [])));
  const undecided = items.flatMap((item) => undecidedIn(item, moved));
  complain(io, [...refused, ...undecided]);
  const changes = outcomes.reduce((sum, outcome) => sum + outcome.changes, 0);
  io.err.write(
    `${counted(changes, 'change')} ${mode.isDryRun ? 'would be made' : 'made'}${rest(refused, undecided)}\n`,
  );
  if (mode.isUnread) return 2;
  return refused.length + undecided.length > 0 ? 1 : 0;
}

/** A stream is one even when there is nothing to change: whoever reads on wants all of it. */
function tasksOf(items: readonly RunItem[], files: ReadonlyMap<string, RunFile>): readonly Task[] {
  const byFile = Map.groupBy(
    items.filter(({ fixes }) => fixes.length > 0),
    ({ manifest }) => manifest.file,
  );
  return Array.from(files, ([file, content]) => ({ file, content, items: byFile.get(file) ?? [] })).filter(
    ({ content, items: wanted }) => wanted.length > 0 || content.kind === 'stream',
  );
}

async function carryOut({ file, content, items }: Task, mode: Mode, io: Io): Promise<Outcome> {
  if (content.kind === 'rendered') return { file, changes: 0, left: items.flatMap(byHand) };
  const owners = new Map(items.map(({ manifest, fixes, object }) => [{ extent: manifest.extent, fixes }, object]));
  const { text, done, refusals } = applyFixes(content.text, [...owners.keys()]);
  const left = refusals.map(
    ({ line, column, path, message }) => `${file}:${line}:${column}: ${formatPath(path)}: ${message}`,
  );
  const fault = await put({ file, content, text }, mode, io);
  if (fault !== undefined) return { file, changes: 0, left: [...left, `${file}: ${fault}`] };
  const changes = done.map(({ edit, fix: made }) => `${file}: ${describeChange(owners.get(edit), made)}`);
  if (!mode.isDryRun) complain(io, changes);
  return { file, changes: done.length, left };
}

/** Gives back why it failed. Half of a stream is worse than none of it. */
async function put(
  { file, content, text }: Pick<Task, 'file' | 'content'> & { readonly text: string },
  { isDryRun, isUnread }: Mode,
  io: Io,
): Promise<string | undefined> {
  if (isDryRun) io.out.write(unifiedDiff(file, content.text, text));
  else if (content.kind === 'stream') io.out.write(isUnread ? '' : text);
  else if (text !== content.text) return replaceFile(resolve(io.cwd, file), content.text, text);
  return undefined;
}

function describeChange(object: ObjectRef | undefined, { path, value }: Fix): string {
  const { namespace = '', name = '', generateName = '' } = object ?? {};
  const owner = formatRef({ namespace, name: name === '' ? `${generateName}*` : name });
  const change = value === undefined ? 'removed' : printable(String(value));
  return `${owner}: ${formatPath(path)}: ${change}`;
}

/** For what helm or kustomize made: the place is the one in its source. */
function byHand({ manifest, fixes, locate = manifest.locate }: RunItem): readonly string[] {
  return fixes.map(({ path, value }) => {
    const advice = value === undefined ? 'remove it' : `set it to ${printable(String(value))}`;
    return `${placeText(locate(path))}: ${formatPath(path)}: this is rendered, and fix writes no templates; ${advice} in its source`;
  });
}

/** What denies, and what nobody but the author can decide. The lines of a file that was just written are not where they were. */
function undecidedIn(
  { manifest, locate = manifest.locate, verdict, fixes }: RunItem,
  moved: ReadonlySet<string>,
): readonly string[] {
  const isUndecided = ({ enforcement, path }: Finding): boolean =>
    enforcement === 'deny' && !fixes.some((offered) => sameJson(offered.path, path));
  return verdict.findings.filter(isUndecided).map(({ path, message, rule }) => {
    const region = locate(path);
    return `${moved.has(manifest.file) ? region.file : placeText(region)}: ${message} [${rule}]`;
  });
}

function rest(refused: readonly string[], undecided: readonly string[]): string {
  return [
    ...(refused.length > 0 ? [`; ${refused.length} to make by hand`] : []),
    ...(undecided.length > 0 ? [`; ${counted(undecided.length, 'finding')} that only you can decide`] : []),
  ].join('');
}
