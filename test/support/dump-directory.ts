import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** A directory with a policy and dumps of clusters, gone after the tests of the file. */
export interface DumpDirectory {
  readonly cwd: string;
  /** What kubectl would print of these objects. */
  dump(file: string, ...items: readonly object[]): Promise<void>;
}

/** `policy` is what commands find in it by themselves. */
export async function makeDumpDirectory(policy: string): Promise<DumpDirectory> {
  const cwd = await mkdtemp(join(tmpdir(), 'nodeport-gate-dumps-'));
  afterAll(async () => {
    await rm(cwd, { recursive: true });
  });
  await writeFile(join(cwd, 'nodeport-gate.yaml'), policy);
  return {
    cwd,
    dump: (file, ...items) => writeFile(join(cwd, file), JSON.stringify({ apiVersion: 'v1', kind: 'List', items })),
  };
}
