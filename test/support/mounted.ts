import { mkdir, readdir, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

let versions = 0;

/** The steps of the kubelet that others may see in between (its AtomicWriter). */
export interface Publishing {
  /** After `..data` has been renamed: links of new files are still to come, those of removed ones still there. */
  readonly afterSwap?: () => Promise<void>;
}

/** Publishes a version of a ConfigMap or Secret in `directory`, as the kubelet does it. */
export async function publish(
  directory: string,
  files: Readonly<Record<string, string>>,
  { afterSwap }: Publishing = {},
): Promise<void> {
  versions += 1;
  const version = `..2026_11_21_12_00_00.${versions}`;
  await mkdir(join(directory, version), { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, version, name), text);
  const former = await readlink(join(directory, '..data')).catch(() => undefined);
  const formerNames = await namesIn(directory);
  await symlink(version, join(directory, '..data_tmp'));
  await rename(join(directory, '..data_tmp'), join(directory, '..data'));
  await afterSwap?.();
  for (const name of Object.keys(files)) {
    if (!formerNames.includes(name)) await symlink(join('..data', name), join(directory, name));
  }
  for (const name of formerNames) if (!(name in files)) await rm(join(directory, name));
  if (former !== undefined) await rm(join(directory, former), { recursive: true });
}

async function namesIn(directory: string): Promise<readonly string[]> {
  return (await readdir(directory)).filter((name) => !name.startsWith('..'));
}
