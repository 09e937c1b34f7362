import { failed, ok, type Result } from '../../domain/result.ts';
import { inputFault, LONGEST_INPUT, TOO_LONG } from './input-fault.ts';

/** Everything that comes, or why it could not be read to its end. */
export async function readStream(chunks: AsyncIterable<Uint8Array>): Promise<Result<Uint8Array, string>> {
  const kept: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of chunks) {
      length += chunk.length;
      if (length > LONGEST_INPUT) return failed([TOO_LONG]);
      kept.push(chunk);
    }
    return ok(Buffer.concat(kept));
  } catch (error) {
    return failed([inputFault(error)]);
  }
}
