import { structuredPatch } from 'diff';

const CONTEXT_LINES = 3;

/** Applies with `patch -p1` and `git apply`; empty when nothing changes. Line ends are kept as they are. */
export function unifiedDiff(file: string, before: string, after: string): string {
  const { hunks } = structuredPatch('', '', before, after, '', '', { context: CONTEXT_LINES });
  if (hunks.length === 0) return '';
  const name = file.replace(/^(?:\.?\/)+/, '');
  const lines = [`--- ${quoted(`a/${name}`)}`, `+++ ${quoted(`b/${name}`)}`];
  for (const { oldStart, oldLines, newStart, newLines, lines: body } of hunks) {
    lines.push(`@@ -${rangeOf(oldStart, oldLines)} +${rangeOf(newStart, newLines)} @@`, ...body);
  }
  return `${lines.join('\n')}\n`;
}

function rangeOf(start: number, count: number): string {
  if (count === 1) return String(start);
  // Of nothing, the line before it is named.
  return count === 0 ? `${start - 1},0` : `${start},${count}`;
}

/** Names as git writes them: in quotes where they need them, and with a tab behind them where they have blanks. */
function quoted(name: string): string {
  if (/^[ !#-[\]-~]*$/.test(name)) return name.includes(' ') ? `${name}\t` : name;
  const bytes = Array.from(new TextEncoder().encode(name), (byte) => escapedByte(byte));
  return `"${bytes.join('')}"`;
}

function escapedByte(byte: number): string {
  const character = String.fromCharCode(byte);
  if (character === '"' || character === '\\') return `\\${character}`;
  return byte >= 0x20 && byte <= 0x7e ? character : `\\${byte.toString(8).padStart(3, '0')}`;
}
