import type { Pair, YAMLMap } from 'yaml';
import { failed, ok, type Result } from '../domain/result.ts';
import { endOf, lineStart, nextLine, startOf } from './extents.ts';
import type { Splice } from './splice.ts';

/** Writes the field on a line of its own behind the pair, and behind the comment on its last line. */
export function insertLine(text: string, after: Pair, field: string): Splice {
  const start = startOf(after);
  const line = ' '.repeat(start - lineStart(text, start)) + field;
  const end = endOf(after, text);
  const at = nextLine(text, end);
  const eol = lineEndIn(text, end) ?? lineEndIn(text, 0) ?? '\n';
  const isLastLine = !text.endsWith('\n') && at === text.length;
  return { start: at, end: at, text: isLastLine ? eol + line : line + eol };
}

/** Takes out the lines of the pair, the comment on the last of them included. */
export function removeLines(text: string, mapping: YAMLMap, pair: Pair): Result<Splice, string> {
  if (mapping.items.length === 1) return failed(['nothing else is in its mapping, which would be left empty']);
  const start = startOf(pair);
  const from = lineStart(text, start);
  const end = nextLine(text, endOf(pair, text));
  if (text.slice(from, start).trim() !== '') return pullUp(text, mapping, start, end);
  if (end < text.length || text.endsWith('\n')) return ok({ start: from, end, text: '' });
  return ok({ start: text.slice(0, from).replace(/\r?\n$/, '').length, end, text: '' });
}

/** The pair begins on the line of a dash, where the next one takes its place. */
function pullUp(text: string, { items }: YAMLMap, start: number, end: number): Result<Splice, string> {
  const next = items[1] === undefined ? text.length : startOf(items[1]);
  if (text.slice(end, next).trim() !== '') return failed(['a comment follows the line, which would lose its place']);
  return ok({ start, end: next, text: '' });
}

function lineEndIn(text: string, offset: number): string | undefined {
  const end = text.indexOf('\n', offset);
  if (end < 0) return undefined;
  return text[end - 1] === '\r' ? '\r\n' : '\n';
}
