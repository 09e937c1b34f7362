import { harmless } from './harmless.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '|': '&#124;',
  '@': '&#64;',
};

/** Text that Markdown shows as it is, in one line and one cell of a table: no link, no image, no HTML, no mention. */
export function markdownText(text: string): string {
  return harmless(text)
    .replaceAll(/[\\`*_{}[\]()#!~]/g, String.raw`\$&`)
    .replaceAll(/[&<>|@]/g, (character) => ENTITIES[character] ?? character)
    .replaceAll('://', '&#58;//')
    .replaceAll(/www\./gi, (www) => `${www.slice(0, -1)}&#46;`);
}

/** The first rows that fit into so many bytes of UTF-8, then how many more there are. */
export function tableOf(header: readonly string[], rows: readonly (readonly string[])[], mostBytes: number): string {
  const lines = [rowOf(header), rowOf(header.map(() => '---'))];
  const encoder = new TextEncoder();
  let left = mostBytes;
  for (const [index, row] of rows.entries()) {
    const line = rowOf(row);
    left -= encoder.encode(line).length + 1;
    if (left < 0) return [...lines, '', `and ${rows.length - index} more`].join('\n');
    lines.push(line);
  }
  return lines.join('\n');
}

function rowOf(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
