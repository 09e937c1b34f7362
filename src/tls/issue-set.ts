import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { failed, ok, type Result } from '../domain/result.ts';
import { makeAuthority } from './authority.ts';
import { type LeafNames, makeLeaf } from './leaf.ts';

/**
 * Makes tls.key, tls.crt and ca.crt in `directory` for these names. They belong to the operator: the gate serves them, warns
 * before their end, and never replaces them. The authority's key is forgotten. A file that is there is a problem, and
 * then nothing is left behind.
 */
export async function issueSet(directory: string, names: LeafNames, now: Date): Promise<Result<string, string>> {
  const authority = await makeAuthority(now, 'issued');
  const leaf = await makeLeaf(authority, names, now);
  const files = [
    { path: join(directory, 'tls.key'), text: leaf.key, mode: 0o600 },
    { path: join(directory, 'tls.crt'), text: leaf.cert, mode: 0o644 },
    { path: join(directory, 'ca.crt'), text: authority.cert, mode: 0o644 },
  ];
  const written: string[] = [];
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    for (const { path, text, mode } of files) {
      await writeFile(path, text, { mode, flag: 'wx' });
      written.push(path);
    }
    return ok(leaf.cert);
  } catch (error) {
    await Promise.all(written.map((path) => rm(path, { force: true })));
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    const path = files[written.length]?.path ?? directory;
    if (isThere && written.length < files.length) {
      return failed([`${path} is there already; name another directory, or move it away`]);
    }
    return failed([`${directory} cannot be written: ${error instanceof Error ? error.message : String(error)}`]);
  }
}
