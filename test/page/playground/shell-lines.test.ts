import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shellLines, SHELL_TOOLS, whyNoLines } from '../../../src/page/playground/shell-lines.ts';

const URL = 'http://127.0.0.1:9091/';

let directory: string;

/** Commands of these names that write down what they are given. */
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'shell-lines-'));
  for (const name of ['curl', 'kubectl', 'nodeport-gate']) {
    const script = `#!/bin/sh\nprintf '%s\\n' "$0" "$@" >"$OUT/arguments"\ncat >"$OUT/input"\n`;
    writeFileSync(join(directory, name), script);
    chmodSync(join(directory, name), 0o755);
  }
});

afterAll(() => rmSync(directory, { recursive: true }));

interface Ran {
  readonly command: readonly string[];
  readonly input: string;
}

/** What the command got when the lines were pasted into a shell. */
function run(shell: readonly [string, ...string[]], lines: string): Ran {
  const [command, ...flags] = shell;
  const { status, stderr } = spawnSync(command, flags, {
    input: `${lines}exit 7\n`,
    encoding: 'utf8',
    cwd: directory,
    env: { PATH: `${directory}${delimiter}${process.env['PATH'] ?? ''}`, OUT: directory, HOME: directory },
  });
  // Whatever stands behind the lines is still a command.
  expect({ status, stderr: stderr.includes('unexpected') }).toEqual({ status: 7, stderr: false });
  const [name = '', ...args] = readFileSync(join(directory, 'arguments'), 'utf8').split('\n').slice(0, -1);
  return {
    command: [name.slice(name.lastIndexOf('/') + 1), ...args],
    input: readFileSync(join(directory, 'input'), 'utf8'),
  };
}

const HOSTILE = [
  '# $(touch pwned) `touch pwned` ${HOME} $HOME $((1+1)) !! !touch',
  `a: 'single' "double" \\ \\$HOME \\\``,
  'EOF',
  'EOF_2',
  'EOF ',
  "'EOF'",
  '\ttab',
  '<<EOF',
  '',
].join('\n');

const SHELLS: readonly (readonly [string, ...string[]])[] = [['sh'], ['bash'], ['bash', '--norc', '--noediting', '-i']];

describe.each(SHELLS.map((shell) => ({ shell })))('$shell', ({ shell }) => {
  it.each(SHELL_TOOLS)('%s reads the text as it is', (tool) => {
    const lines = shellLines(tool, URL, { text: HOSTILE, namespace: '', operation: 'CREATE' });
    expect(run(shell, lines).input).toBe(HOSTILE);
  });
});

describe('texts', () => {
  it.each([
    ['CRLF', 'a: 1\r\nEOF\r\nb: 2\r\n', 'a: 1\r\nEOF\r\nb: 2\r\n'],
    ['no final newline', 'a: 1\nEOF', 'a: 1\nEOF\n'],
    ['nothing', '', ''],
    ['only a delimiter', 'EOF', 'EOF\n'],
    ['letters of the world', 'a: "ü 漢 😀"\n', 'a: "ü 漢 😀"\n'],
  ])('%s', (_name, text, read) => {
    const lines = shellLines('curl', URL, { text, namespace: '', operation: 'CREATE' });
    expect(run(['sh'], lines).input).toBe(read);
  });
});

describe('commands', () => {
  it.each([
    [
      { namespace: '', operation: 'CREATE' as const },
      [
        ['curl', '--data-binary', '@-', 'http://127.0.0.1:9091/dry-run'],
        ['kubectl', 'apply', '--dry-run=server', '-f', '-'],
        ['nodeport-gate', 'check', '-'],
      ],
    ],
    [
      { namespace: `a b'$(touch pwned)&c`, operation: 'UPDATE' as const },
      [
        [
          'curl',
          '--data-binary',
          '@-',
          'http://127.0.0.1:9091/dry-run?namespace=a+b%27%24%28touch+pwned%29%26c&operation=UPDATE',
        ],
        ['kubectl', 'apply', '--dry-run=server', '--namespace', `a b'$(touch pwned)&c`, '-f', '-'],
        ['nodeport-gate', 'check', '--namespace', `a b'$(touch pwned)&c`, '-'],
      ],
    ],
  ])('%j', (about, commands) => {
    const all = SHELL_TOOLS.map((tool) => shellLines(tool, URL, { text: 'a: 1\n', ...about }));
    expect(all.map((lines) => run(['bash'], lines).command)).toEqual(commands);
  });
});

describe('a text with what cannot be seen', () => {
  const OBEYED = 'cannot be seen, and a terminal may obey it; remove it, and the lines are here';

  it.each([
    ['the end of a bracketed paste', 'a: 1\nb: \u001b[201~\n', '', String.raw`\u001b in line 2`],
    ['an interrupt', '\u0003', '', String.raw`\u0003 in line 1`],
    ['a C1 control', 'a: 1\n\n\u009b201~', '', String.raw`\u009b in line 3`],
    ['a turned direction', '# \u202e', '', String.raw`\u202e in line 1`],
    ['a tag', 'a\u{e0041}', '', String.raw`\udb40\udc41 in line 1`],
    ['in the namespace', 'a: 1', '\u001b[201~', String.raw`\u001b in the namespace`],
  ])('has no lines: %s', (_name, text, namespace, place) => {
    expect(whyNoLines({ text, namespace, operation: 'CREATE' })).toBe(`${place} ${OBEYED}`);
  });

  it.each(['', HOSTILE, 'a:\t"ü 漢 😀"\n'])('is not %j', (text) => {
    expect(whyNoLines({ text, namespace: 'shop', operation: 'CREATE' })).toBeUndefined();
  });
});
