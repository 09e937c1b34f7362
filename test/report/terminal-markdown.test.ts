import { expect, it } from 'vitest';
import { terminalMarkdown } from '../../src/report/terminal-markdown.ts';

const PAGE = `<!-- Generated: do not touch -->

# a-rule

Text with \`code\`, [another](other.md) and [a page](https://example.com).

## What to do

- one \`x | y\`

\`\`\`yaml
# not a heading
| no | table |
\`\`\`

| option | values | default |
| --- | --- | --- |
| \`a\` | \`x\`, \`y\` | - |
| \`b\` | one \\| two | \`1\` |
`;

it('lays a page out for a terminal', () => {
  expect(terminalMarkdown(PAGE, { color: false })).toBe(`a-rule

Text with \`code\`, another and a page (https://example.com).

WHAT TO DO

- one \`x | y\`

    # not a heading
    | no | table |

  \`a\`
    values   \`x\`, \`y\`
  \`b\`
    values   one | two
    default  \`1\`
`);
});

it('colours headings and code, where colours are wanted', () => {
  const [title, , text] = terminalMarkdown(PAGE, { color: true }).split('\n');
  expect([title, text]).toEqual([
    '\u001b[1ma-rule\u001b[22m',
    'Text with \u001b[36mcode\u001b[39m, another and a page (https://example.com).',
  ]);
});
