import type { Path } from '../domain/path.ts';
import type { Span } from './line-places.ts';

/** A member of an object or an item of a list. An item has no key: it stands for itself. */
interface Child {
  readonly label: Span;
  readonly start: number;
}

const BACKSLASH = 0x5c;
const CLOSING = new Set(['}', ']']);

/**
 * Where the parts of the JSON value at `start` stand, in a text that JSON.parse took. Each object and list is read through once,
 * when the first of its parts is asked for.
 */
export function jsonSpans(text: string, start: number): (path: Path) => Span {
  const read = new Map<number, ReadonlyMap<string | number, Child>>();
  return (path) => {
    let at = start;
    let label: Span | undefined;
    for (const step of path) {
      const children = read.get(at) ?? childrenOf(text, at);
      read.set(at, children);
      const child = children.get(step);
      if (child === undefined) return label ?? { start: at, end: endOfJson(text, at) };
      ({ start: at, label } = child);
    }
    return { start: at, end: endOfJson(text, at) };
  };
}

/** Where the JSON value at the offset ends; the end of the text where it does not. */
export function endOfJson(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '"') at = endOfString(text, at) - 1;
    else if (character === '{' || character === '[') depth += 1;
    else if (CLOSING.has(character)) depth -= 1;
    else if (depth === 0) return endOfWord(text, at);
    if (depth === 0) return at + 1;
  }
  return text.length;
}

/** The key of the last of several members of one name counts, as for JSON.parse. */
function childrenOf(text: string, start: number): ReadonlyMap<string | number, Child> {
  const children = new Map<string | number, Child>();
  const opening = text.charAt(start);
  if (opening !== '{' && opening !== '[') return children;
  let at = skipBetween(text, start + 1);
  while (at < text.length && !CLOSING.has(text.charAt(at))) {
    let label: Span | undefined;
    if (opening === '{') {
      label = { start: at, end: endOfString(text, at) };
      at = skipBetween(text, label.end);
    }
    const end = endOfJson(text, at);
    if (label === undefined) children.set(children.size, { label: { start: at, end }, start: at });
    else children.set(String(JSON.parse(text.slice(label.start, label.end))), { label, start: at });
    at = skipBetween(text, end);
  }
  return children;
}

function skipBetween(text: string, start: number): number {
  let at = start;
  while (' \t\r\n,:'.includes(text.charAt(at)) && at < text.length) at += 1;
  return at;
}

function endOfWord(text: string, start: number): number {
  let at = start;
  while (at < text.length && !' \t\r\n,:]}'.includes(text.charAt(at))) at += 1;
  return at;
}

function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    if (!isEscaped(text, at)) return at + 1;
  }
  return text.length;
}

/** By an odd number of backslashes before it. */
function isEscaped(text: string, quote: number): boolean {
  let at = quote;
  while (text.charCodeAt(at - 1) === BACKSLASH) at -= 1;
  return (quote - at) % 2 === 1;
}
