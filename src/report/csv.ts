import { harmless } from './harmless.ts';

export type CsvCell = string | number | undefined;

/**
 * RFC 4180, with CRLF as it says and as spreadsheets write it themselves, and a header. Spreadsheets run a text that begins
 * like a formula, so such a text gets an apostrophe in front (OWASP, CSV injection); numbers stay numbers.
 */
export function csvText(header: readonly string[], rows: readonly (readonly CsvCell[])[]): string {
  return [header, ...rows].map((row) => `${row.map(cellText).join(',')}\r\n`).join('');
}

/** Also behind spaces, which some programs take away, and in the full-width forms that some take for the same. */
const FORMULA = /^(?:[\t\r\n]|\s*[=+\-@＝＋－＠])/u;

function cellText(cell: CsvCell): string {
  if (cell === undefined) return '';
  if (typeof cell === 'number') return String(cell);
  const text = `${FORMULA.test(cell) ? "'" : ''}${harmless(cell)}`;
  return /^\s|[",]|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
