import { failed, ok, type Result } from '../domain/result.ts';
import { isJsonOnly } from './json-values.ts';
import { placesIn, type Position } from './line-places.ts';

interface TextProblem {
  /** undefined for the text as a whole. */
  readonly position: Position | undefined;
  readonly message: string;
}

/** What no YAML may contain as it is: control characters besides tab, LF, CR and NEL, and what is no character. */
const UNPRINTABLE = /[\0-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufffe\uffff]/;

/** By which of the first four bytes are NUL: YAML and JSON begin with ASCII. */
const WITHOUT_MARK: ReadonlyMap<string, string> = new Map([
  ['x0x0', 'UTF-16'],
  ['0x0x', 'UTF-16'],
  ['x000', 'UTF-32'],
  ['000x', 'UTF-32'],
]);

/** The text in the bytes, without a byte order mark. What may not be in YAML is refused, except in JSON that allows it. */
export function decodeText(bytes: Uint8Array): Result<string, TextProblem> {
  const wide = wideEncodingOf(bytes);
  if (wide !== undefined) {
    return failed([{ position: undefined, message: `this is ${wide}; save it as UTF-8` }]);
  }
  const text = decoded(bytes);
  if (text === undefined) {
    return failed([{ position: placeOfBadByte(bytes), message: 'this is not UTF-8 from here on; save it as UTF-8' }]);
  }
  const at = text.search(UNPRINTABLE);
  // JSON allows more of them: kubectl prints what anybody may have written into an annotation as it is.
  if (at < 0 || isJsonOnly(text)) return ok(text);
  const code = text.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0');
  const message = `the character U+${code} is no text; remove it, or escape it in double quotes`;
  return failed([{ position: placesIn(text)(at), message }]);
}

function wideEncodingOf(bytes: Uint8Array): string | undefined {
  const first = bytes[0];
  const second = bytes[1];
  const isLittle = first === 0xff && second === 0xfe;
  if (isLittle && bytes[2] === 0 && bytes[3] === 0) return 'UTF-32';
  if (isLittle || (first === 0xfe && second === 0xff)) return 'UTF-16';
  // So begin nearly all files.
  if (first !== 0 && second !== 0) return undefined;
  const shape = Array.from(bytes.subarray(0, 4), (byte) => (byte === 0 ? '0' : 'x')).join('');
  return WITHOUT_MARK.get(shape);
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** After the longest beginning that is well-formed, or would be with more bytes. */
function placeOfBadByte(bytes: Uint8Array): Position {
  let good = '';
  let low = 0;
  let high = bytes.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const text = beginning(bytes.subarray(0, middle));
    if (text === undefined) high = middle - 1;
    else {
      good = text;
      low = middle;
    }
  }
  return placesIn(good)(good.length);
}

function beginning(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return undefined;
  }
}
