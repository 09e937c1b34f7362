import type { SourceRegion } from '../../domain/source.ts';

/** A region of a file that is known. */
type Spot = Omit<SourceRegion, 'file'>;

/** Where something is only known to be in the file. */
export const TOP: Spot = { line: 1, column: 1, endLine: 1, endColumn: 2 };

/** What one template was rendered to. */
export interface RenderedPart {
  readonly lines: readonly string[];
  /** The template was rendered to this and nothing else: then lines stand in the same order in both. */
  readonly isWhole: boolean;
}

interface WrittenLine {
  readonly text: string;
  /** 1-based. */
  readonly number: number;
}

/**
 * Where in its template something stands, which was found in a line of what was rendered from it, `at` counted from 0: in the
 * line that is the same, else in the one that writes the same key in the same column, which has an expression as its value.
 * At the top where that is not clear: a wrong line is worse than none.
 */
export function spotInTemplate(
  { column, endColumn }: Pick<SourceRegion, 'column' | 'endColumn'>,
  { lines, isWhole }: RenderedPart,
  at: number,
  template: readonly string[],
): Spot {
  const text = lines[at] ?? '';
  const place = indentOf(text) + 1;
  const same = counterpart((line) => line.trim() === text.trim(), { lines, isWhole }, at, template);
  if (same !== undefined) {
    const shift = indentOf(same.text) + 1 - place;
    return spot(same.number, column + shift, endColumn + shift);
  }
  const key = keyIn(text);
  if (key === undefined) return TOP;
  const isKey = (line: string): boolean => {
    const other = keyIn(line);
    return other?.name === key.name && other.column === key.column;
  };
  const written = counterpart(isKey, { lines, isWhole }, at, template);
  if (written === undefined) return TOP;
  const keySpot = spot(written.number, key.column, key.column + key.name.length);
  return column < key.endColumn ? keySpot : (valueSpot(written, key.endColumn) ?? keySpot);
}

/** The only such line of the template; of as many as were rendered from it, the one in the same place in their order. */
function counterpart(
  isMeant: (line: string) => boolean,
  { lines, isWhole }: RenderedPart,
  at: number,
  template: readonly string[],
): WrittenLine | undefined {
  const written = template.flatMap((text, index) => (isMeant(text) ? [{ text, number: index + 1 }] : []));
  if (written.length === 1) return written[0];
  const printed = lines.flatMap((line, index) => (isMeant(line) ? [index] : []));
  return isWhole && printed.length === written.length ? written[printed.indexOf(at)] : undefined;
}

interface Key {
  readonly name: string;
  readonly column: number;
  /** Behind the colon. */
  readonly endColumn: number;
}

function keyIn(line: string): Key | undefined {
  const [, before = '', name = '', colon = ''] =
    /^(\s*(?:- +)*)("[^"]*"|'[^']*'|[\w.$/-]+)(\s*:)(?:\s|$)/.exec(line) ?? [];
  if (name === '') return undefined;
  const column = before.length + 1;
  return { name, column, endColumn: column + name.length + colon.length };
}

/** Of the value behind a key; undefined where none is on the line. */
function valueSpot({ text, number }: WrittenLine, afterKey: number): Spot | undefined {
  const end = text.trimEnd().length;
  const start = text.slice(afterKey - 1).search(/\S/);
  return start < 0 ? undefined : spot(number, afterKey + start, end + 1);
}

function spot(line: number, column: number, endColumn: number): Spot {
  return { line, column: Math.max(1, column), endLine: line, endColumn: Math.max(2, endColumn) };
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
