import { resolve } from 'node:path';
import { type Baseline, parseBaseline, renderBaseline } from '../check/baseline.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import { counted } from '../domain/text.ts';
import type { ReportItem } from '../report/verdict-list.ts';
import type { Io } from './io.ts';
import { readText } from './read-text.ts';
import { writeText } from './write-reports.ts';

const NOTHING_KNOWN: Baseline = new Set();

/** Nothing, where no file is named. */
export async function readBaseline(path: string | undefined, cwd: string): Promise<Result<Baseline, string>> {
  if (path === undefined) return ok(NOTHING_KNOWN);
  const text = await readText(path, resolve(cwd, path));
  if (!text.ok) return text;
  const baseline = parseBaseline(text.value);
  return baseline.ok ? baseline : failed(baseline.problems.map((problem) => `${path}: ${problem}`));
}

/** What a baseline is made of. */
export interface Found {
  items(): readonly ReportItem[];
  /** Whether everything could be read. */
  readonly isWhole: boolean;
}

/** undefined when none is asked for. What cannot be read is not known, so there is no baseline of it. */
export async function makeBaseline(
  path: string | undefined,
  { items, isWhole }: Found,
  io: Io,
): Promise<Result<Baseline | undefined, string>> {
  if (path === undefined) return ok(undefined);
  if (!isWhole) {
    io.err.write(`${path}: not written, because not everything could be read\n`);
    return ok(undefined);
  }
  const { text, keys } = renderBaseline(items());
  const fault = await writeText(path, text, io.cwd);
  if (fault !== undefined) return failed([fault]);
  io.err.write(`${path}: ${counted(keys.size, 'finding')} written; use it with --baseline\n`);
  return ok(keys);
}

/** A baseline that still knows what was mended would let it come back. */
export function repairs(path: string | undefined, count: number): readonly string[] {
  if (path === undefined || count === 0) return [];
  return [
    `${path}: ${counted(count, 'finding')} of it ${count === 1 ? 'is' : 'are'} there no more; make it again with --create-baseline`,
  ];
}
