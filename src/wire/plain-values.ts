import type { Json } from '../domain/json.ts';
import type { YamlDialect } from './yaml-dialects.ts';

/** What ends a line nowhere. */
export const ANY = String.raw`[^\0-\u001f\u007f-\u009f\u2028\u2029\ufeff]`;
/** No number sign at all, and whatever could begin or end something else only inside a word. */
const WORD = String.raw`(?:[\w./@+=-]|:(?=[\w/])|(?<! )[!$%&'()*;?~])`;
const DOUBLE = String.raw`"(?:(?![\\"])${ANY}|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"`;
const SINGLE = String.raw`'(?:(?!')${ANY})*'`;
/** Each text matches in one way only, or a long line would take for ever: `''''` is two. */
export const QUOTED = `${DOUBLE}|${SINGLE}`;
export const SCALAR = String.raw`[\w/]${WORD}*(?: +${WORD}+)*|${DOUBLE}|(?:${SINGLE})+`;
export const KEY = String.raw`[A-Za-z][\w./-]{0,255}`;

/** undefined for a word whose meaning is not certain. */
export function scalarOf(written: string, { plainWord }: Pick<YamlDialect, 'plainWord'>): Json | undefined {
  switch (written.charAt(0)) {
    case '"':
      return written.includes('\\') ? unescaped(written) : written.slice(1, -1);
    case "'":
      return written.slice(1, -1).replaceAll("''", "'");
    default:
      return plainWord(written);
  }
}

/** These escapes are the same in JSON. */
function unescaped(written: string): Json {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- JSON.parse gives JSON
  return JSON.parse(written) as Json;
}
