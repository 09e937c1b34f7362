import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { writeFault } from './file-fault.ts';
import type { Io } from './io.ts';
import type { Output } from './report-settings.ts';

/** Writes each report where it goes, one after the other; gives back why some could not be written. */
export async function writeReports<Format>(
  outputs: readonly Output<Format>[],
  textOf: (format: Format, place: { readonly color: boolean }) => string,
  io: Io,
): Promise<readonly string[]> {
  const faults: (string | undefined)[] = [];
  for (const { format, file } of outputs) {
    const text = textOf(format, { color: file === undefined && io.color });
    if (file === undefined) io.out.write(text);
    else faults.push(await writeText(file, text, io.cwd));
  }
  return faults.filter((fault) => fault !== undefined);
}

/** Gives back why it failed. */
export async function writeText(
  path: string,
  text: string,
  cwd: string,
  flag: 'w' | 'a' = 'w',
): Promise<string | undefined> {
  try {
    await writeFile(resolve(cwd, path), text, { flag });
    return undefined;
  } catch (error) {
    return `${path}: ${writeFault(error)}`;
  }
}
