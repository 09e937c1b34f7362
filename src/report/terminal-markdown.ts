/** Of the pages of rules: headings, paragraphs, lists, code, tables, links. Nothing else is understood. */
export function terminalMarkdown(markdown: string, { color }: { readonly color: boolean }): string {
  const style = color ? COLORED : PLAIN;
  const rendered: string[] = [];
  let isCode = false;
  let head: readonly string[] | undefined;
  for (const line of markdown
    .replaceAll(/<!--.*?-->\n*/gs, '')
    .trim()
    .split('\n')) {
    if (line.startsWith('```')) {
      isCode = !isCode;
      continue;
    }
    const cells = isCode ? undefined : cellsOf(line);
    if (cells === undefined) {
      head = undefined;
      rendered.push(isCode ? `    ${line}` : textLine(line, style));
    } else if (head === undefined) {
      head = cells;
    } else if (!cells.every((cell) => /^:?-+:?$/.test(cell))) {
      rendered.push(...rowLines(cells, head, style));
    }
  }
  return `${rendered.join('\n')}\n`;
}

interface Style {
  title(text: string): string;
  heading(text: string): string;
  code(text: string): string;
}

const PLAIN: Style = {
  title: (text) => text,
  heading: (text) => text.toUpperCase(),
  code: (text) => `\`${text}\``,
};
const COLORED: Style = { title: bold, heading: bold, code: (text) => `\u001b[36m${text}\u001b[39m` };

function bold(text: string): string {
  return `\u001b[1m${text}\u001b[22m`;
}

function textLine(line: string, style: Style): string {
  const [, level = '', heading = ''] = /^(#+) (.*)$/.exec(line) ?? [];
  if (level === '') return inline(line, style);
  return level === '#' ? style.title(heading) : style.heading(heading);
}

/** undefined for a line that is no row of a table. */
function cellsOf(line: string): readonly string[] | undefined {
  if (!/^\|.*\|$/.test(line)) return undefined;
  return line
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));
}

/** A row of a wide table does not fit into a terminal; its cells fit below each other. */
function rowLines([first = '', ...cells]: readonly string[], head: readonly string[], style: Style): readonly string[] {
  const names = head.slice(1);
  const width = Math.max(0, ...names.map((name) => name.length));
  const filled = cells.map((cell, index) => ({ name: names[index] ?? '', cell })).filter(({ cell }) => cell !== '-');
  return [
    `  ${inline(first, style)}`,
    ...filled.map(({ name, cell }) => `    ${name.padEnd(width)}  ${inline(cell, style)}`),
  ];
}

function inline(text: string, style: Style): string {
  return text
    .replaceAll(/\[([^\]]*)\]\(([^)]*)\)/g, (_, label: string, target: string) =>
      target.endsWith('.md') || target === label ? label : `${label} (${target})`,
    )
    .replaceAll(/`([^`]*)`/g, (_, code: string) => style.code(code));
}
