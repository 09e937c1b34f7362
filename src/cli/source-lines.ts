import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { CheckReport } from '../report/check-report.ts';
import type { RunFile } from './manifest-files.ts';

/** The lines that regions point to. Of a chart, the file that a region names was rendered, not read: it is read when asked for. */
export function linesOf(files: ReadonlyMap<string, RunFile>, cwd: string): CheckReport['lineOf'] {
  const known = new Map<string, readonly string[]>();
  return ({ file, line }) => {
    const lines = known.get(file) ?? split(files.get(file)?.text ?? textOf(resolve(cwd, file)));
    known.set(file, lines);
    return lines[line - 1];
  };
}

function split(text: string): readonly string[] {
  return text.split(/\r?\n/);
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // The place is known without it.
    return '';
  }
}
