import type { Span } from './line-places.ts';

/** `---` or `...`, alone or before white space; at the start of a line, so no text inside a document can look like it. */
const MARKER = /^(?:---|\.\.\.)(?=[ \t\r\n]|$)/;
/** Anything but white space and comments. NEL ends a line for kubectl, also that of a comment. */
const CONTENT = /(?:^|\u0085)[ \t\ufeff]*[^\s#\ufeff\u0085]/m;
const DIRECTIVE = /(?:^|\u0085)%/m;

/**
 * The documents of a text that hold anything, with the `---` of those that begin on its line. A text with a directive
 * (`%TAG`) comes back whole: its meaning reaches beyond the marker.
 */
export function splitDocuments(text: string): readonly Span[] {
  const documents: Span[] = [];
  const add = (start: number, end: number): void => {
    if (CONTENT.test(text.slice(start, end)))
      documents.push({ start: text[start] === '\ufeff' ? start + 1 : start, end });
  };
  if (text.includes('%') && DIRECTIVE.test(text)) {
    add(0, text.length);
    return documents;
  }
  let start = 0;
  for (const at of markersIn(text)) {
    add(start, at);
    start = afterMarker(text, at);
  }
  add(start, text.length);
  return documents;
}

function markersIn(text: string): readonly number[] {
  const dashes = linesWith('---', text);
  const dots = linesWith('...', text);
  return dots.length === 0 ? dashes : [...dashes, ...dots].sort((a, b) => a - b);
}

function linesWith(marker: string, text: string): readonly number[] {
  const lines = isMarker(text, 0) && text.startsWith(marker) ? [0] : [];
  for (let end = text.indexOf(`\n${marker}`); end >= 0; end = text.indexOf(`\n${marker}`, end + 1)) {
    if (isMarker(text, end + 1)) lines.push(end + 1);
  }
  return lines;
}

function isMarker(text: string, at: number): boolean {
  return MARKER.test(text.slice(at, at + 4));
}

/** The next line where nothing else is on that of the marker. What follows `...` there is a comment, or wrong. */
function afterMarker(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  if (end < 0) return text.startsWith('...', at) ? text.length : at;
  return text.startsWith('...', at) || text.slice(at + 3, end).trim() === '' ? end + 1 : at;
}
