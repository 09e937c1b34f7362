import type { SourceRegion } from '../domain/source.ts';
import { escaped } from '../domain/text.ts';

/** How a piece of a line is shown, and how many columns of a terminal that takes. */
interface Cell {
  readonly text: string;
  readonly width: number;
  readonly isMarked: boolean;
}

/** A line cut to what stands around a token, and a line to print below it. */
export interface Excerpt {
  readonly text: string;
  /** Spaces, then `^` under the token. */
  readonly marks: string;
}

const WIDEST = 100;
/** Of a cut line, the columns in front of the token. */
const LEAD = 30;
const TAB = 4;

/** Emoji, and the blocks of East Asian scripts that take two columns. */
const WIDE =
  /^[\p{Emoji_Presentation}\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]$/u;

/**
 * The line with its token marked: tabs expanded, control and bidirectional characters escaped, wide characters counted as
 * two columns, and a long line cut, so that a manifest in one line of 50 MB is no 50 MB of report.
 */
export function excerptOf(line: string, { column, endColumn }: Pick<SourceRegion, 'column' | 'endColumn'>): Excerpt {
  const start = Math.min(column - 1, line.length);
  const end = Math.max(Math.min(endColumn - 1, line.length), start + 1);
  const from = wholeCharacter(line, Math.max(0, start - WIDEST));
  // What stands at the end of the line, where there is nothing, is marked behind it.
  const cells = [...cellsOf(line.slice(from, start + 2 * WIDEST), { start: start - from, end: end - from })];
  if (start >= line.length) cells.push({ text: ' ', width: 1, isMarked: true });
  const isCut = { before: from > 0, behind: line.length > start + 2 * WIDEST };
  return laidOut(cells, isCut);
}

function laidOut(cells: readonly Cell[], isCut: { readonly before: boolean; readonly behind: boolean }): Excerpt {
  const total = widthOf(cells);
  if (total <= WIDEST && !isCut.before && !isCut.behind) return shown(cells, '', '');
  const token = cells.findIndex(({ isMarked }) => isMarked);
  const first = stepBack(cells, token, Math.max(LEAD, WIDEST - widthOf(cells.slice(token))));
  const last = stepForward(cells, first, WIDEST);
  return shown(
    cells.slice(first, last),
    first > 0 || isCut.before ? '…' : '',
    last < cells.length || isCut.behind ? '…' : '',
  );
}

function shown(cells: readonly Cell[], before: string, behind: string): Excerpt {
  const marks = cells.map(({ width, isMarked }) => (isMarked ? '^' : ' ').repeat(width)).join('');
  const text = cells.map((cell) => cell.text).join('');
  return { text: `${before}${text}${behind}`.trimEnd(), marks: `${' '.repeat(before.length)}${marks}`.trimEnd() };
}

/** The first cell of those that take at most this many columns in front of the one at `index`. */
function stepBack(cells: readonly Cell[], index: number, columns: number): number {
  let left = columns;
  let first = index;
  while (first > 0) {
    left -= cells[first - 1]?.width ?? 0;
    if (left < 0) break;
    first -= 1;
  }
  return first;
}

/** Behind the last cell of those that take at most this many columns from the one at `index` on. */
function stepForward(cells: readonly Cell[], index: number, columns: number): number {
  let left = columns;
  let last = index;
  while (last < cells.length) {
    left -= cells[last]?.width ?? 0;
    if (left < 0) break;
    last += 1;
  }
  return last;
}

function* cellsOf(text: string, token: { readonly start: number; readonly end: number }): Generator<Cell> {
  let offset = 0;
  let columns = 0;
  for (const character of text) {
    const isMarked = offset >= token.start && offset < token.end;
    const cell = { ...lookOf(character, columns), isMarked };
    yield cell;
    offset += character.length;
    columns += cell.width;
  }
}

function lookOf(character: string, columns: number): Omit<Cell, 'isMarked'> {
  if (character === '\t') {
    const width = TAB - (columns % TAB);
    return { text: ' '.repeat(width), width };
  }
  const text = escaped(character);
  return { text, width: text === character ? widthOfCharacter(character) : text.length };
}

/** As most terminals do it: marks that combine take no column, East Asian wide characters and emoji two. */
function widthOfCharacter(character: string): number {
  if (/^[\p{Mn}\p{Me}]$/u.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

function widthOf(cells: readonly Cell[]): number {
  return cells.reduce((sum, { width }) => sum + width, 0);
}

/** The offset, or the one behind it when it lies in the middle of a character. */
function wholeCharacter(line: string, offset: number): number {
  const code = line.charCodeAt(offset);
  return offset > 0 && code >= 0xdc_00 && code <= 0xdf_ff ? offset + 1 : offset;
}
