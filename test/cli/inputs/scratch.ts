import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach } from 'vitest';
import type { InputProblem } from '../../../src/domain/source.ts';
import { type Input, readInputs } from '../../../src/cli/inputs/read-inputs.ts';

/** A directory of each test's own, and the programs it can start: only those that it has made. */
export interface Scratch {
  readonly directory: string;
  write(files: Readonly<Record<string, string>>): Promise<void>;
  /** A program on the PATH, as a shell script. */
  install(name: string, script: string): Promise<void>;
  read(paths: readonly string[], options?: Partial<InputOptions>, stdin?: readonly string[]): Promise<Found[]>;
}

export type Found = Input | InputProblem;

type InputOptions = Parameters<typeof readInputs>[1];

export function useScratch(): Scratch {
  let root = '';
  const directory = (): string => join(root, 'work');
  const write = async (from: string, files: Readonly<Record<string, string>>): Promise<void> => {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(from, name)), { recursive: true });
      await writeFile(join(from, name), text);
    }
  };
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'nodeport-gate-inputs-'));
    await mkdir(directory());
  });
  afterEach(async () => {
    await rm(root, { recursive: true, force: true });
  });
  return {
    get directory() {
      return directory();
    },
    write: (files) => write(directory(), files),
    async install(name, script) {
      await write(join(root, 'bin'), { [name]: `#!/bin/sh\n${script}\n` });
      await chmod(join(root, 'bin', name), 0o755);
    },
    async read(paths, options = {}, stdin = []) {
      const io = {
        cwd: directory(),
        env: { PATH: join(root, 'bin') },
        stdin: () => Readable.from(stdin.map((text) => Buffer.from(text))),
      };
      const all = { exclude: [], stdinName: 'stdin', render: true, ...options };
      const found: Found[] = [];
      for await (const each of readInputs(paths, all, io)) found.push(each);
      return found;
    },
  };
}

/** `FILE = TEXT` or `FILE: MESSAGE`. */
export function told(found: readonly Found[]): readonly string[] {
  return found.map((each) =>
    'message' in each ? `${each.file}: ${each.message}` : `${each.file} = ${Buffer.from(each.bytes).toString()}`,
  );
}
