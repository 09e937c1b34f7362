import { createReadStream } from 'node:fs';
import { failed, ok, type Result } from '../domain/result.ts';
import { decodeText } from '../wire/manifest-text.ts';
import { fileFault } from './file-fault.ts';
import { LONGEST_INPUT, TOO_LONG } from './inputs/input-fault.ts';

/**
 * The text of the file at the place, which is shown by another name, or lines that say why there is none. As a stream: what the shell passes on as an open
 * file (`<(kubectl get ...)`) has no size, and `/dev/zero` no end.
 */
export async function readText(shown: string, place: string): Promise<Result<string, string>> {
  const bytes = await readBytes(place);
  if (!bytes.ok) return failed(bytes.problems.map((problem) => `${shown}: ${problem}`));
  const text = decodeText(bytes.value);
  if (text.ok) return text;
  return failed(
    text.problems.map(({ position, message }) =>
      position === undefined ? `${shown}: ${message}` : `${shown}:${position.line}:${position.column}: ${message}`,
    ),
  );
}

async function readBytes(place: string): Promise<Result<Uint8Array, string>> {
  const kept: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of createReadStream(place) as AsyncIterable<Uint8Array>) {
      length += chunk.length;
      if (length > LONGEST_INPUT) return failed([TOO_LONG]);
      kept.push(chunk);
    }
    return ok(Buffer.concat(kept));
  } catch (error) {
    return failed([fileFault(error)]);
  }
}
