const LONGEST_QUOTE = 64;

/**
 * Characters that a terminal obeys, or that can disguise what a line says: controls, line ends, what turns the direction
 * (U+061C, U+200E-200F, U+202A-202E, U+2066-2069), what has no width (U+00AD, U+200B-200D, U+2060-2065, U+FEFF,
 * U+FFF9-FFFB), tags, which spell hidden texts (U+E0000-E007F), and halves of characters.
 */
export const UNSEEN =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028\u2029\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff\u{e0000}-\u{e007f}]/u;

const ALL_UNSEEN = new RegExp(UNSEEN, 'gu');

/**
 * User text for a message: control characters, quotes and line ends escaped, cut to 64 characters. Names of objects may
 * come from a hostile review, and messages end up in terminals, logs and headers.
 */
export function printable(text: string): string {
  const visible = escaped(text.slice(0, LONGEST_QUOTE + 1));
  return visible.length > LONGEST_QUOTE ? `${visible.slice(0, LONGEST_QUOTE - 1)}…` : visible;
}

/** The same without the cut: for whole sentences that may quote somebody. */
export function escaped(text: string): string {
  return text.replaceAll(ALL_UNSEEN, (character) => character.split('').map(unitText).join(''));
}

/** As JSON writes it. */
function unitText(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** The first `most` texts, then `and N more`: of a list that a sender may make as long as he likes. */
export function firstOf(texts: readonly string[], most: number): readonly string[] {
  const more = texts.length - most;
  return more > 0 ? [...texts.slice(0, most), `and ${more} more`] : texts;
}

/** By UTF-16 code units, the same on every machine; localeCompare is not. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** `1 object`, `2 objects`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** `a`, `a or b`, `a, b or c`. */
export function anyOf(items: readonly (string | number)[]): string {
  return joined(items, 'or');
}

/** `a`, `a and b`, `a, b and c`. */
export function allOf(items: readonly (string | number)[]): string {
  return joined(items, 'and');
}

function joined(items: readonly (string | number)[], conjunction: string): string {
  const last = items.at(-1);
  if (last === undefined) return '';
  return items.length === 1 ? String(last) : `${items.slice(0, -1).join(', ')} ${conjunction} ${last}`;
}
