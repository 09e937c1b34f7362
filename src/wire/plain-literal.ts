import { ANY } from './plain-values.ts';

/** Empty, or with something else than spaces. */
const LINE = new RegExp(String.raw`(?:( *)(?! )${ANY}+)?\n`, 'y');

export interface Literal {
  /** Without the last line break. */
  readonly value: string;
  readonly end: number;
}

/**
 * The lines of a block of text, further to the right than the column. undefined for one that begins with an empty line, or has
 * lines of spaces, or no end: that needs a parser.
 */
export function readLiteral(text: string, start: number, column: number): Literal | undefined {
  const depth = lineAt(text, start)?.depth ?? 0;
  if (depth <= column) return undefined;
  let value = '';
  let breaks = '';
  let end = start;
  for (let at = start; at < text.length; at = LINE.lastIndex) {
    const line = lineAt(text, at);
    if (line === undefined) return undefined;
    if (line.depth !== undefined) {
      if (line.depth < depth) break;
      value += breaks + line.text.slice(depth, -1);
      breaks = '';
      end = LINE.lastIndex;
    }
    breaks += '\n';
  }
  return { value, end };
}

/** `depth`: undefined for an empty one. */
function lineAt(text: string, at: number): { readonly text: string; readonly depth: number | undefined } | undefined {
  LINE.lastIndex = at;
  const line = LINE.exec(text);
  return line === null ? undefined : { text: line[0], depth: line[1]?.length };
}
