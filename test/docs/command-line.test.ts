import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FORMATS } from '../../src/report/formats.ts';
import { runCommand } from '../support/command-line.ts';

const page = readFileSync('docs/cli.md', 'utf8');

/** The sections of the page by command, `policy test`. */
const sections = new Map(
  page
    .split(/^## /m)
    .slice(2)
    .map((section) => [section.slice(0, section.indexOf('\n')), section]),
);

async function help(command: string): Promise<string> {
  const { out } = await runCommand(
    [...command.split(' '), '--help'].filter((word) => word !== ''),
    { cwd: '.' },
  );
  return out;
}

/** What the help of a command lists under Commands, without `help`. */
async function commandsBelow(command: string): Promise<readonly string[]> {
  const [, listed = ''] = /^Commands:\n([^]*)/m.exec(await help(command)) ?? [];
  const names = Array.from(listed.matchAll(/^ {2}(\w+)/gm), ([, name = '']) => `${command} ${name}`.trim());
  const found = await Promise.all(names.filter((name) => !/\bhelp$/.test(name)).map(withThoseBelow));
  return found.flat();
}

async function withThoseBelow(command: string): Promise<readonly string[]> {
  const below = await commandsBelow(command);
  return below.length > 0 ? below : [command];
}

const commands = await commandsBelow('');

describe('docs/cli.md', () => {
  it('has a section and a line in its table for every command, in their order', () => {
    const listed = Array.from(page.matchAll(/^\| \[`([a-z ]+)`\]\(#([a-z-]+)\)/gm), ([, name, anchor]) => [
      name,
      anchor,
    ]);
    expect([...sections.keys()]).toEqual(commands);
    expect(listed).toEqual(commands.map((name) => [name, name.replace(' ', '-')]));
  });

  it.each(commands)('lists the arguments and flags of %s as the program does', async (command) => {
    const text = await help(command);
    const [, usage = ''] = /^Usage: (.*)$/m.exec(text) ?? [];
    const flags = Array.from(text.matchAll(/^ {2}(-\S.*?)(?: {2,}.*)?$/gm), ([, flag]) => flag);
    const section = sections.get(command) ?? '';
    expect(/^`(nodeport-gate .*)`$/m.exec(section)?.[1]).toBe(usage.replace(' [options]', ''));
    expect(Array.from(section.matchAll(/^\| `(-[^`]*)` +\|/gm), ([, flag]) => flag)).toEqual(
      flags.filter((flag) => flag !== '-h, --help'),
    );
  });

  it('lists every format, as the help and docs/check.md do', async () => {
    const formats = Object.keys(FORMATS);
    const [, inTable = ''] =
      /^\| `-o, --output <format>` +\| (.*); repeatable/m.exec(sections.get('check') ?? '') ?? [];
    const rows = readFileSync('docs/check.md', 'utf8').matchAll(/^\| `(\w+)` +\|/gm);
    expect(Array.from(inTable.matchAll(/`(\w+)`/g), ([, name]) => name)).toEqual(formats);
    expect(Array.from(rows, ([, name]) => name)).toEqual(formats);
    expect((await help('check')).replaceAll(/\s+/g, ' ')).toContain(`repeatable: ${formats.join(', ')};`);
  });
});
