/** A piece of a text, and what is to stand there instead. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The text with all of them done; they do not overlap and come in the order of the text. */
export function spliced(text: string, splices: readonly Splice[]): string {
  const parts: string[] = [];
  let rest = 0;
  for (const splice of splices) {
    parts.push(text.slice(rest, splice.start), splice.text);
    rest = splice.end;
  }
  return parts.join('') + text.slice(rest);
}
