import { randomUUID } from 'node:crypto';
import { chmod, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { fileFault, writeFault } from './file-fault.ts';

const BYTE_ORDER_MARK = '\uFEFF';

/**
 * Replaces the text of a file that was read before, whole or not at all: nobody ever sees half of it. A byte order mark, the
 * permissions and symbolic links to it stay. Gives back why it failed.
 */
export async function replaceFile(path: string, before: string, after: string): Promise<string | undefined> {
  try {
    const place = await realpath(path);
    const now = await readFile(place, 'utf8');
    const mark = now.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : '';
    if (now.slice(mark.length) !== before)
      return 'it was changed in the meantime, so it was not written; run fix again';
    const { mode } = await stat(place);
    return await putInPlace(place, `${mark}${after}`, mode);
  } catch (error) {
    return fileFault(error);
  }
}

async function putInPlace(place: string, text: string, mode: number): Promise<string | undefined> {
  const draft = `${place}.${randomUUID()}.tmp`;
  try {
    await writeFile(draft, text, { mode, flag: 'wx' });
    // The umask took its part of them.
    await chmod(draft, mode);
    await rename(draft, place);
    return undefined;
  } catch (error) {
    await rm(draft, { force: true });
    return writeFault(error);
  }
}
